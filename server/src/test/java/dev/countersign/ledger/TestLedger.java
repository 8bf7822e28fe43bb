package dev.countersign.ledger;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.WrappedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A ledger on a real store, and requests that live through it as the server's would.
final class TestLedger implements AutoCloseable {
    static final String ORIGIN = "auth.example.com";
    static final String NO_DETAILS = Terms.details(AuthorizationDetails.NONE);

    final TestClock clock;
    final MasterKey master;
    final Store store;
    final Ledger ledger;
    private int requests;

    private TestLedger(Path file, MasterKey master, TestClock clock) {
        this.clock = clock;
        this.master = master;
        store = TestStores.open(file, clock);
        ledger = Ledger.open(store, master, WrappedKeys.open(store, master), ORIGIN, "node-1", clock);
        ledger.settle();
    }

    static TestLedger open(Path folder, MasterKey master) {
        return open(folder, master, new TestClock());
    }

    static TestLedger open(Path folder, MasterKey master, TestClock clock) {
        return new TestLedger(folder.resolve("store.db"), master, clock);
    }

    Appended append(Entry entry) {
        var leaf = ledger.seal(entry);
        store.write(tx -> ledger.append(tx, leaf));
        return appended(leaf);
    }

    /// Where a leaf came to stand.
    record Appended(long index, LeafHash hash, Code code, Optional<String> request, Instant at) {}

    Appended appended(Leaf leaf) {
        ledger.settle();
        return ledger.entriesBefore(Long.MAX_VALUE, 1_000).stream()
                .filter(it -> it.hash().equals(leaf.hash()))
                .map(it -> new Appended(it.index(), it.hash(), it.code(), it.request(), it.at()))
                .findFirst()
                .orElseThrow();
    }

    String nextRequest() {
        return "request-" + ++requests;
    }

    /// A token that policy approves at once: one entry.
    Appended autoApproved(String request) {
        return append(autoApproval(request, "jti-" + request));
    }

    Entry autoApproval(String request, String jti) {
        return entry(
                Code.TOKEN_MINTED,
                actor("client", "refund-bot"),
                request,
                null,
                terms(List.of("refunds:read"), 60).digest(),
                with(
                        asked(List.of("refunds:read")),
                        Map.of(
                                Member.JTI,
                                jti,
                                Member.BY,
                                Member.BY_POLICY,
                                Member.RULES,
                                List.of("routine-read"),
                                Member.POLICY_VERSION,
                                "ab12",
                                Member.RISK,
                                "low",
                                Member.IAT,
                                seconds(),
                                Member.EXP,
                                seconds() + 60,
                                Member.KID,
                                "k1",
                                Member.NETWORK,
                                ledger.keyedHash("network", "192.0.2.0/24"))),
                List.of(
                        new Entry.Disclosure("refund-bot", Member.ADDRESS, "192.0.2.17"),
                        new Entry.Disclosure("refund-bot", Member.REASON, "Größe \"prüfen\"\n✓")));
    }

    /// A request that is refused at once.
    Entry refusal(String request, String client) {
        return entry(
                Code.REQUEST_REFUSED,
                actor("policy", "policy"),
                request,
                null,
                null,
                with(asked(List.of("refunds:read")), Map.of(Member.CLIENT, client, Member.BECAUSE, "policy")),
                List.of());
    }

    /// A request that waits for two people, is approved, minted, and later revoked: each entry by its code.
    Map<Code, Appended> approvedByPeople(String request) {
        var all = new HashMap<Code, Appended>();
        var made = append(made(request));
        all.put(Code.REQUEST_MADE, made);
        var judged = append(judged(request, made));
        all.put(Code.REQUEST_JUDGED, judged);
        var ana = append(voted(request, judged, "p-ana", Member.APPROVE, List.of("oncall", "security")));
        var bo = append(voted(request, ana, "p-bo", Member.APPROVE, List.of("oncall")));
        all.put(Code.REQUEST_VOTED, bo);
        var decided = append(decided(request, bo, Member.APPROVED, List.of(ana, bo)));
        all.put(Code.REQUEST_DECIDED, decided);
        all.put(Code.TOKEN_MINTED, append(minted(request, decided, List.of("refunds:write"), 120)));
        return all;
    }

    Entry made(String request) {
        return entry(
                Code.REQUEST_MADE,
                actor("client", "refund-bot"),
                request,
                null,
                terms(List.of("refunds:read", "refunds:write"), 0).digest(),
                asked(List.of("refunds:read", "refunds:write")),
                List.of(new Entry.Disclosure("refund-bot", Member.TICKET, "INC-1")));
    }

    Entry judged(String request, Appended previous) {
        return entry(
                Code.REQUEST_JUDGED,
                actor("policy", "ab12"),
                request,
                previous,
                null,
                Map.of(
                        Member.VERDICT,
                        Member.REVIEW,
                        Member.RULES,
                        List.of("money-moves"),
                        Member.POLICY_VERSION,
                        "ab12",
                        Member.STAGES,
                        List.of(stage("oncall", 1), stage("security", 1)),
                        Member.WITHIN,
                        900,
                        Member.EXPIRES_AT,
                        clock.millis() + 900_000,
                        Member.RISK,
                        "high"),
                List.of());
    }

    private static Map<String, Object> stage(String group, int votes) {
        return Map.of(Member.GROUP, group, Member.VOTES, votes);
    }

    Entry voted(String request, Appended previous, String person, String vote, List<String> stages) {
        return entry(
                Code.REQUEST_VOTED,
                actor("person", person),
                request,
                previous,
                null,
                Map.of(
                        Member.VOTE, vote,
                        Member.STAGES, stages,
                        Member.SCOPES, List.of("refunds:write")),
                List.of(new Entry.Disclosure(person, Member.COMMENT, "looks right to " + person)));
    }

    Entry decided(String request, Appended previous, String outcome, List<Appended> votes) {
        return entry(
                Code.REQUEST_DECIDED,
                actor("system", "approval"),
                request,
                previous,
                terms(List.of("refunds:write"), 120).digest(),
                Map.of(
                        Member.OUTCOME,
                        outcome,
                        Member.BY,
                        Member.BY_PEOPLE,
                        Member.VOTES,
                        votes.stream().map(vote -> vote.hash().text()).toList(),
                        Member.SCOPES,
                        List.of("refunds:write"),
                        Member.DETAILS_DIGEST,
                        NO_DETAILS,
                        Member.LIFETIME,
                        120,
                        Member.COLLECT_BY,
                        clock.millis() + 600_000,
                        Member.APPROVED_UNTIL,
                        clock.millis() + 720_000),
                List.of());
    }

    Entry minted(String request, Appended previous, List<String> scopes, long lifetime) {
        return entry(
                Code.TOKEN_MINTED,
                actor("client", "refund-bot"),
                request,
                previous,
                terms(scopes, lifetime).digest(),
                with(
                        asked(scopes),
                        Map.of(
                                Member.JTI,
                                "jti-" + request,
                                Member.BY,
                                Member.BY_PEOPLE,
                                Member.IAT,
                                seconds(),
                                Member.EXP,
                                seconds() + lifetime,
                                Member.KID,
                                "k1")),
                List.of());
    }

    Entry ofToken(Code code, String request, Appended previous) {
        return entry(
                code,
                actor("client", "refund-bot"),
                request,
                previous,
                null,
                Map.of(Member.JTI, "jti-" + request),
                List.of());
    }

    static Entry.Actor actor(String kind, String id) {
        return new Entry.Actor(kind, id);
    }

    Entry signIn(String person) {
        return new Entry(
                Code.PERSON_SIGNED_IN,
                clock.instant(),
                actor("person", person),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of());
    }

    Entry entry(
            Code code,
            Entry.Actor actor,
            String request,
            @org.jspecify.annotations.Nullable Appended previous,
            @org.jspecify.annotations.Nullable String terms,
            Map<String, Object> body,
            List<Entry.Disclosure> disclosures) {
        return new Entry(
                code,
                clock.instant(),
                actor,
                Optional.of(request),
                Optional.ofNullable(previous).map(Appended::hash),
                Optional.ofNullable(terms),
                body,
                disclosures);
    }

    private static Terms terms(List<String> scopes, long lifetime) {
        return new Terms("refund-bot", "refund-bot", "https://pay.example.com", scopes, NO_DETAILS, "", lifetime, 1, 0);
    }

    private static Map<String, Object> asked(List<String> scopes) {
        return Map.of(
                Member.CLIENT, "refund-bot",
                Member.SUBJECT, "refund-bot",
                Member.RESOURCE, "https://pay.example.com",
                Member.SCOPES, scopes,
                Member.DETAILS_DIGEST, NO_DETAILS,
                Member.AUTH_METHOD, "client_secret_basic");
    }

    static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
        var all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }

    /// Many entries of all kinds, so that tiles fill; those that policy approves in one transaction for many.
    void fill(int auto) {
        var leaves = new ArrayList<Leaf>();
        for (int i = 0; i < auto; i++) {
            var request = nextRequest();
            leaves.add(ledger.seal(autoApproval(request, "jti-" + request)));
            if (i % 50 == 7) {
                appendAll(leaves);
                approvedByPeople(nextRequest());
                append(signIn("p-ana"));
            }
            clock.advance(Duration.ofMillis(90));
        }
        appendAll(leaves);
    }

    private void appendAll(List<Leaf> leaves) {
        store.write(tx -> {
            for (var leaf : leaves) {
                ledger.append(tx, leaf);
            }
            return true;
        });
        ledger.settle();
        leaves.clear();
    }

    List<EntryView> all() {
        var all = new ArrayList<EntryView>();
        for (long from = 0; from < ledger.size(); from += 100) {
            all.addAll(ledger.entries(from, 100));
        }
        return all;
    }

    @Override
    public void close() {
        ledger.close();
        store.close();
    }
}
