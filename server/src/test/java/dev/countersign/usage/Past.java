package dev.countersign.usage;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.TestEntries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Entries of a past that is made up, folded as they come, and what is then said of a request.
final class Past {
    static final String API = "https://payments.example.com";

    /// A Monday.
    static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

    final List<EntryView> entries = new ArrayList<>();
    final UsageFold fold = new UsageFold();
    private final List<String> peers = new ArrayList<>();

    /// One that nothing is odd about, of a client that works every hour from 8 to 18.
    static Ask bot(Instant at) {
        return new Ask("bot", "team", API, List.of("read"), List.of(), "basic", "k1", "home", "curl", "", "q", 60, at);
    }

    static Ask of(String client, Ask like) {
        return new Ask(
                client,
                like.owner(),
                like.resource(),
                like.scopes(),
                like.types(),
                like.method(),
                like.credential(),
                like.network(),
                like.agent(),
                like.reason(),
                like.question(),
                like.lifetime(),
                like.at());
    }

    static Ask scopes(Ask like, String... scopes) {
        return new Ask(
                like.client(),
                like.owner(),
                like.resource(),
                List.of(scopes),
                like.types(),
                like.method(),
                like.credential(),
                like.network(),
                like.agent(),
                like.reason(),
                like.question(),
                like.lifetime(),
                like.at());
    }

    static Ask types(Ask like, String... types) {
        return new Ask(
                like.client(),
                like.owner(),
                like.resource(),
                like.scopes(),
                List.of(types),
                like.method(),
                like.credential(),
                like.network(),
                like.agent(),
                like.reason(),
                like.question(),
                like.lifetime(),
                like.at());
    }

    static Ask from(Ask like, String method, String credential, String network, String agent) {
        return new Ask(
                like.client(),
                like.owner(),
                like.resource(),
                like.scopes(),
                like.types(),
                method,
                credential,
                network,
                agent,
                like.reason(),
                like.question(),
                like.lifetime(),
                like.at());
    }

    static Ask network(Ask like, String network) {
        return from(like, like.method(), like.credential(), network, like.agent());
    }

    static Ask reason(Ask like, String reason) {
        return new Ask(
                like.client(),
                like.owner(),
                like.resource(),
                like.scopes(),
                like.types(),
                like.method(),
                like.credential(),
                like.network(),
                like.agent(),
                reason,
                like.question(),
                like.lifetime(),
                like.at());
    }

    static Ask lifetime(Ask like, long seconds) {
        return new Ask(
                like.client(),
                like.owner(),
                like.resource(),
                like.scopes(),
                like.types(),
                like.method(),
                like.credential(),
                like.network(),
                like.agent(),
                like.reason(),
                like.question(),
                seconds,
                like.at());
    }

    /// A client that has a token every working hour of every day.
    Past works(String client, int days) {
        for (int day = 0; day < days; day++) {
            for (int hour = 8; hour < 18; hour++) {
                minted(of(client, bot(START.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour)))));
            }
        }
        return this;
    }

    Past minted(Ask ask) {
        return add(Code.TOKEN_MINTED, ask, ask.at(), ask.at(), Map.of(Member.BY, Member.BY_POLICY));
    }

    Past mintedByPeople(Ask ask, Instant at) {
        return add(Code.TOKEN_MINTED, ask, ask.at(), at, Map.of(Member.BY, Member.BY_PEOPLE));
    }

    Past refused(Ask ask) {
        return add(Code.REQUEST_REFUSED, ask, ask.at(), ask.at(), Map.of());
    }

    Past denied(Ask ask) {
        return add(
                Code.REQUEST_DECIDED,
                ask,
                ask.at(),
                ask.at(),
                Map.of(Member.OUTCOME, Member.DENIED, Member.QUESTION, ask.question()));
    }

    Past uncollected(Ask ask) {
        return add(Code.REQUEST_ENDED, ask, ask.at(), ask.at(), Map.of(Member.OUTCOME, Member.EXPIRED));
    }

    /// A token of that client, minted then, is seen in use.
    Past used(String client, Instant minted, Instant at) {
        var body = Map.<String, Object>of(
                Member.CLIENT, client, Member.RESOURCE, API, Member.IAT, minted.getEpochSecond(), Member.JTI, "t");
        return add(Code.TOKEN_USED, at, Optional.empty(), body);
    }

    Past unfrozen(String client, Instant at) {
        var body = Map.<String, Object>of(Member.KIND, Member.CLIENT, Member.TARGET, client);
        return add(Code.FREEZE_LIFTED, at, Optional.empty(), body);
    }

    Past published(String client, Instant at) {
        return add(
                Code.CONFIGURATION_PUBLISHED, at, Optional.empty(), Map.of(UsageFold.CLIENTS_ADDED, List.of(client)));
    }

    Past peers(String... clients) {
        peers.addAll(List.of(clients));
        return this;
    }

    private Past add(Code code, Ask ask, Instant asked, Instant at, Map<String, Object> more) {
        var body = new TreeMap<String, Object>(more);
        body.put(Member.CLIENT, ask.client());
        body.put(Member.OWNER, ask.owner());
        body.put(Member.RESOURCE, ask.resource());
        body.put(Member.SCOPES, ask.scopes());
        body.put(Member.DETAILS_TYPES, ask.types());
        body.put(Member.AUTH_METHOD, ask.method());
        body.put(Member.CREDENTIAL, ask.credential());
        body.put(Member.NETWORK, ask.network());
        body.put(Member.AGENT, ask.agent());
        body.put(Member.REASON_DIGEST, ask.reason());
        body.put(Member.LIFETIME, ask.lifetime());
        var id = "%012x".formatted(asked.toEpochMilli()) + "70008000000000000000";
        return add(code, at, Optional.of(id), body);
    }

    private Past add(Code code, Instant at, Optional<String> request, Map<String, Object> body) {
        var entry = TestEntries.of(entries.size(), code, at, request, body);
        entries.add(entry);
        fold.fold(entry);
        return this;
    }

    UsageFacts.Known about(Ask ask) {
        return (UsageFacts.Known) fold.about(ask, () -> peers);
    }

    List<String> codes(Ask ask) {
        return Finding.codes(Finding.of(about(ask)));
    }

    String sentence(Ask ask, String code) {
        return Finding.of(about(ask)).stream()
                .filter(it -> it.code().equals(code))
                .map(Finding::sentence)
                .findFirst()
                .orElse("");
    }
}
