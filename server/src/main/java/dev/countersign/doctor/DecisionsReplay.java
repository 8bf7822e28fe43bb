package dev.countersign.doctor;

import dev.countersign.approval.Attestation;
import dev.countersign.approval.Enrolment;
import dev.countersign.client.Client;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.SignedLooks;
import dev.countersign.ledger.Told;
import dev.countersign.ledger.WholeLedger;
import dev.countersign.oauth.Resource;
import dev.countersign.policy.BreakGlass;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// That each decision of policy comes out again from the facts that were recorded with it and the policy of that time,
/// and that none but what was registered so then is observed only.
final class DecisionsReplay implements Check {
    private static final int CONFIGURATIONS = 16;

    private final Rows rows;
    private final Configuration now;
    private final SignedLooks looks = new SignedLooks();
    private long withheld;
    private long unreadable;
    private long unfollowed;

    /// Those asked for last.
    private final Map<String, Optional<Configuration>> configurations =
            new LinkedHashMap<>(CONFIGURATIONS * 2, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Optional<Configuration>> eldest) {
                    return size() > CONFIGURATIONS;
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
    public void entry(EntryView entry, Faults found) {
        looks.read(entry);
    }

    @Override
    public void life(Life life, Faults found) throws SQLException {
        for (var told : life.told()) {
            // That people look afterwards follows from the verdict, which stands with its token.
            boolean judged = !told.entry().text(Member.POLICY_VERSION).isEmpty()
                    && told.entry().code() != Code.BREAK_GLASS_USED;
            if (judged && told.entry().texts(Member.RULES).equals(List.of(Policy.ATTESTATION))) {
                attest(life, told.entry(), found);
            } else if (judged && told.entry().texts(Member.RULES).equals(List.of(Policy.PASSKEYS))) {
                passkeys(life, told.entry(), found);
            } else if (judged) {
                replay(life, told, found);
            }
        }
    }

    /// Whether a client is attested follows from its registration and from no rule.
    private void attest(Life life, EntryView entry, Faults found) throws SQLException {
        var where = life.where() + ", " + WholeLedger.name(entry);
        var configuration = configuration(entry.text(Member.POLICY_VERSION), where, found);
        if (configuration.isEmpty()) {
            unreadable++;
            return;
        }
        found.looked();
        var asked = life.entries().getFirst();
        var registered = Attestation.client(asked.text(Member.RESOURCE))
                .flatMap(it -> Optional.ofNullable(configuration.get().clients().get(it)))
                .map(Client::attest);
        found.unless(
                asked.text(Member.CLIENT).equals(Attestation.CLIENT)
                        && registered
                                .filter(it -> entry.code() != Code.REQUEST_JUDGED
                                        || (List.of(stage(new Stage(it.by(), 1)))
                                                        .equals(entry.body().get(Member.STAGES))
                                                && it.within().toSeconds() == entry.number(Member.WITHIN)))
                                .isPresent(),
                where,
                "its client's registration puts that before others, or there was no such client");
    }

    /// Whether a passkey is enrolled or removed is for the group that the configuration names, and for no rule.
    private void passkeys(Life life, EntryView entry, Faults found) throws SQLException {
        var where = life.where() + ", " + WholeLedger.name(entry);
        var configuration = configuration(entry.text(Member.POLICY_VERSION), where, found);
        if (configuration.isEmpty()) {
            unreadable++;
            return;
        }
        found.looked();
        var stages = List.of(stage(new Stage(configuration.get().passkeysAgreedBy(), 1)));
        found.unless(
                life.entries().getFirst().text(Member.CLIENT).equals(Enrolment.CLIENT)
                        && (entry.code() != Code.REQUEST_JUDGED
                                || stages.equals(entry.body().get(Member.STAGES))),
                where,
                "its configuration puts that before others, or it was no passkey");
    }

    private void replay(Life life, Told told, Faults found) throws SQLException {
        var entry = told.entry();
        var where = life.where() + ", " + WholeLedger.name(entry);
        var version = entry.text(Member.POLICY_VERSION);
        if (entry.text(Member.BY).equals(Member.BY_OBSERVATION)) {
            unfollowed++;
        }
        var configuration = configuration(version, where, found);
        configuration.ifPresent(it ->
                found.unless(isRegistered(entry, it), where, "it is observed only, and nothing was registered so"));
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
        if (configuration.isEmpty()) {
            unreadable++;
            return;
        }
        found.looked();
        var verdict = configuration.get().policy().judge(facts.orElseThrow()).verdict();
        found.unless(
                verdict.rules().equals(entry.texts(Member.RULES)) && agrees(entry, verdict) && signs(entry, verdict),
                where,
                "policy " + version + " says " + word(verdict) + " by " + verdict.rules() + " of its facts, and "
                        + entry.code().wire() + " was written by " + entry.texts(Member.RULES));
    }

    /// Whether what an entry says is observed only was registered so until then.
    private static boolean isRegistered(EntryView entry, Configuration then) {
        var of = entry.texts(Member.OBSERVED);
        if (of.isEmpty()) {
            return true;
        }
        var until = Instant.ofEpochMilli(entry.number(Member.OBSERVED_UNTIL));
        var client = Optional.ofNullable(then.clients().get(entry.text(Member.CLIENT)))
                .filter(_ -> of.contains(Member.CLIENT))
                .flatMap(Client::observe);
        var resource = Optional.ofNullable(then.resources().get(entry.text(Member.RESOURCE)))
                .filter(_ -> of.contains(Member.RESOURCE))
                .flatMap(Resource::observe);
        return Stream.concat(client.stream(), resource.stream())
                .anyMatch(it -> it.until().equals(until));
    }

    private static boolean agrees(EntryView entry, Verdict verdict) {
        boolean observed = !entry.text(Member.VERDICT).isEmpty()
                && !entry.texts(Member.OBSERVED).isEmpty();
        return switch (entry.code()) {
            case TOKEN_MINTED ->
                entry.text(Member.BY).equals(Member.BY_APPROVAL)
                        ? verdict instanceof Verdict.Review it && it.uses() >= entry.number(Member.USE)
                        : observed
                                ? wasObserved(entry, verdict)
                                : verdict instanceof Verdict.Approve it
                                        && it.breakGlass().isPresent()
                                                == entry.text(Member.BY).equals(Member.BY_BREAK_GLASS)
                                        && it.lifetime()
                                                .filter(cap -> entry.number(Member.LIFETIME) > cap.toSeconds())
                                                .isEmpty();
            case REQUEST_JUDGED ->
                verdict instanceof Verdict.Review it
                        && stages(it).equals(entry.body().get(Member.STAGES))
                        && it.within().toSeconds() == entry.number(Member.WITHIN)
                        && it.signed() == entry.flag(Member.SIGNED)
                        && it.substitutes() == entry.flag(Member.SUBSTITUTES);
            case REQUEST_REFUSED ->
                observed
                        ? !entry.text(Member.BECAUSE).equals("policy")
                                && word(verdict).equals(entry.text(Member.VERDICT))
                        : entry.text(Member.BECAUSE).equals("policy") == (verdict instanceof Verdict.Deny)
                                && (!(verdict instanceof Verdict.Deny it)
                                        || it.reason().equals(entry.text(Member.SENTENCE)));
            default -> true; // judges nothing
        };
    }

    /// Whether it says as policy does that those who look at broken glass sign. What was published before servers knew
    /// of that wants it of nobody.
    private boolean signs(EntryView entry, Verdict verdict) {
        boolean broke =
                entry.code() == Code.TOKEN_MINTED && entry.text(Member.BY).equals(Member.BY_BREAK_GLASS);
        boolean signed = verdict instanceof Verdict.Approve it
                && it.breakGlass().filter(BreakGlass::signed).isPresent();
        return !broke || signed == entry.flag(Member.SIGNED) || (signed && !looks.by(entry));
    }

    /// Whether that is what was recorded and not followed.
    private static boolean wasObserved(EntryView entry, Verdict verdict) {
        boolean same = switch (verdict) {
            case Verdict.Approve it ->
                it.lifetime()
                        .filter(cap -> entry.number(Member.VERDICT_LIFETIME) <= cap.toSeconds()
                                && entry.number(Member.LIFETIME) > cap.toSeconds())
                        .isPresent();
            case Verdict.Review it ->
                stages(it).equals(entry.body().get(Member.STAGES))
                        && it.within().toSeconds() == entry.number(Member.WITHIN);
            case Verdict.Deny it -> it.reason().equals(entry.text(Member.SENTENCE));
        };
        return same && word(verdict).equals(entry.text(Member.VERDICT));
    }

    private static List<Map<String, Object>> stages(Verdict.Review review) {
        return review.stages().stream().map(DecisionsReplay::stage).toList();
    }

    private static Map<String, Object> stage(Stage stage) {
        var json = new HashMap<String, Object>(Map.of(Member.GROUP, stage.group(), Member.VOTES, (long) stage.votes()));
        stage.escalates()
                .ifPresent(it -> json.put(
                        Member.ESCALATES,
                        Map.of(Member.TO, it.to(), Member.AFTER, it.after().toSeconds())));
        return json;
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve _ -> Member.APPROVE;
            case Verdict.Review _ -> Member.REVIEW;
            case Verdict.Deny _ -> Member.DENY;
        };
    }

    /// The configuration of a version; empty when this release cannot read it.
    private Optional<Configuration> configuration(String version, String where, Faults found) throws SQLException {
        var known = configurations.get(version);
        if (known != null) {
            return known;
        }
        var content = rows.configuration(version);
        if (content.isEmpty()) {
            found.add(where, "configuration " + version + " was never published");
        }
        var configuration = content.flatMap(it -> read(version, it, found));
        configurations.put(version, configuration);
        return configuration;
    }

    private Optional<Configuration> read(String version, String content, Faults found) {
        if (content.equals(now.content()) && version.equals(now.version())) {
            return Optional.of(now);
        }
        return switch (Configuration.read(content, now.node())) {
            case Read.Good(var configuration, _, _) -> {
                found.unless(
                        configuration.version().equals(version),
                        "configuration " + version,
                        "what is kept under this name is " + configuration.version());
                yield Optional.of(configuration);
            }
            case Read.Bad _ -> Optional.empty();
        };
    }

    @Override
    public void end(Faults found) {
        var notes = new ArrayList<String>();
        if (withheld + unreadable > 0) {
            notes.add("of others the facts are withheld (" + withheld + "), or this version cannot read the policy ("
                    + unreadable + ")");
        }
        if (unfollowed > 0) {
            notes.add("tokens of which policy said otherwise, observed only: " + unfollowed);
        }
        now.observed().forEach((what, observe) -> notes.add(what + " is observed only until " + observe.until()));
        if (!notes.isEmpty()) {
            found.note(String.join("; ", notes));
        }
    }
}
