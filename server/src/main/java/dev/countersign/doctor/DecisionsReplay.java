package dev.countersign.doctor;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Told;
import dev.countersign.ledger.WholeLedger;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// That each decision of policy comes out again from the facts that were recorded with it and the policy of that time.
final class DecisionsReplay implements Check {
    private static final int POLICIES = 16;

    private final Rows rows;
    private final Configuration now;
    private long withheld;
    private long unreadable;

    /// Those asked for last.
    private final Map<String, Optional<Policy>> policies = new LinkedHashMap<>(POLICIES * 2, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Policy>> eldest) {
            return size() > POLICIES;
        }
    };

    /// @param now one that is read already; others are read as they were published
    DecisionsReplay(Rows rows, Configuration now) {
        this.rows = rows;
        this.now = now;
    }

    @Override
    public Invariant of() {
        return Invariant.DETERMINISM;
    }

    @Override
    public void life(Life life, Faults found) throws SQLException {
        for (var told : life.told()) {
            boolean judged = !told.entry().text(Member.POLICY_VERSION).isEmpty();
            if (judged) {
                replay(life, told, found);
            }
        }
    }

    private void replay(Life life, Told told, Faults found) throws SQLException {
        var entry = told.entry();
        var where = life.where() + ", " + WholeLedger.name(entry);
        var version = entry.text(Member.POLICY_VERSION);
        Optional<Facts> facts;
        try {
            var text = told.disclosed(Member.FACTS);
            if (text.isEmpty()) {
                withheld++;
                return;
            }
            facts = text.map(Facts::fromJson);
        } catch (IllegalArgumentException e) {
            found.add(where, "its facts cannot be read: " + e.getMessage());
            return;
        }
        var policy = policy(version, where, found);
        if (policy.isEmpty()) {
            unreadable++;
            return;
        }
        found.looked();
        var verdict = policy.get().judge(facts.orElseThrow()).verdict();
        found.unless(
                verdict.rules().equals(entry.texts(Member.RULES)) && agrees(entry, verdict),
                where,
                "policy " + version + " says " + word(verdict) + " by " + verdict.rules() + " of its facts, and "
                        + entry.code().wire() + " was written by " + entry.texts(Member.RULES));
    }

    private static boolean agrees(EntryView entry, Verdict verdict) {
        return switch (entry.code()) {
            case TOKEN_MINTED ->
                verdict instanceof Verdict.Approve it
                        && it.lifetime()
                                .filter(cap -> entry.number(Member.LIFETIME) > cap.toSeconds())
                                .isEmpty();
            case REQUEST_JUDGED ->
                verdict instanceof Verdict.Review it
                        && stages(it).equals(entry.body().get(Member.STAGES))
                        && it.within().toSeconds() == entry.number(Member.WITHIN);
            case REQUEST_REFUSED ->
                entry.text(Member.BECAUSE).equals("policy") == (verdict instanceof Verdict.Deny)
                        && (!(verdict instanceof Verdict.Deny it) || it.reason().equals(entry.text(Member.SENTENCE)));
            default -> true; // judges nothing
        };
    }

    private static List<Map<String, Object>> stages(Verdict.Review review) {
        return review.stages().stream().map(DecisionsReplay::stage).toList();
    }

    private static Map<String, Object> stage(Stage stage) {
        return Map.of(Member.GROUP, stage.group(), Member.VOTES, (long) stage.votes());
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve _ -> Member.APPROVE;
            case Verdict.Review _ -> Member.REVIEW;
            case Verdict.Deny _ -> Member.DENY;
        };
    }

    /// The policy of a version; empty when this release cannot read it.
    private Optional<Policy> policy(String version, String where, Faults found) throws SQLException {
        var known = policies.get(version);
        if (known != null) {
            return known;
        }
        var content = rows.configuration(version);
        if (content.isEmpty()) {
            found.add(where, "configuration " + version + " was never published");
        }
        var policy = content.flatMap(it -> read(version, it, found));
        policies.put(version, policy);
        return policy;
    }

    private Optional<Policy> read(String version, String content, Faults found) {
        if (content.equals(now.content()) && version.equals(now.version())) {
            return Optional.of(now.policy());
        }
        return switch (Configuration.read(content, now.node())) {
            case Read.Good(var configuration, _, _) -> {
                found.unless(
                        configuration.version().equals(version),
                        "configuration " + version,
                        "what is kept under this name is " + configuration.version());
                yield Optional.of(configuration.policy());
            }
            case Read.Bad _ -> Optional.empty();
        };
    }

    @Override
    public void end(Faults found) {
        if (withheld + unreadable > 0) {
            found.note("of others the facts are withheld (" + withheld + "), or this version cannot read the policy ("
                    + unreadable + ")");
        }
    }
}
