package dev.countersign.bench;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.usage.Ask;
import dev.countersign.usage.Report;
import dev.countersign.usage.UsageFold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client with a past, to measure on.
public final class OneClient {
    private static final String API = "https://api.example.com";
    private static final int PEERS = 20;
    private static final LeafHash NO_HASH = LeafHash.of(new byte[32]);

    private final UsageFold fold = new UsageFold();
    private final List<String> peers = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-05T00:00:00Z");

    /// @param days how long its past is, with a token each hour from 8 to 18
    OneClient(int days) {
        for (int i = 0; i < PEERS; i++) {
            peers.add("peer-" + i);
        }
        for (int day = 0; day < days; day++) {
            for (int hour = 8; hour < 18; hour++) {
                var at = now.plus(Duration.ofHours(hour));
                take("client", "net-" + (day * hour) % 200, at);
                take(peers.get((day + hour) % PEERS), "net", at);
            }
            now = now.plus(Duration.ofDays(1));
        }
        now = now.plus(Duration.ofHours(10));
    }

    private void take(String client, String network, Instant at) {
        fold.fold(new EntryView(
                0,
                NO_HASH,
                Code.TOKEN_MINTED,
                "",
                at,
                "node",
                new Entry.Actor("client", client),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(
                        Member.CLIENT,
                        client,
                        Member.OWNER,
                        "team",
                        Member.RESOURCE,
                        API,
                        Member.SCOPES,
                        List.of("read"),
                        Member.NETWORK,
                        network,
                        Member.AGENT,
                        "curl",
                        Member.BY,
                        Member.BY_POLICY,
                        Member.LIFETIME,
                        60L),
                List.of()));
    }

    /// Takes in a token more.
    void take() {
        now = now.plusMillis(50);
        take("client", "net-8", now);
    }

    /// A request that nothing is odd about.
    Report usual() {
        return report(now, List.of("read"), "net-8", "curl");
    }

    /// One that much is odd about.
    Report odd() {
        return report(now.plus(Duration.ofHours(17)), List.of("read", "write", "delete"), "evil", "python");
    }

    private Report report(Instant at, List<String> scopes, String network, String agent) {
        var ask = new Ask("client", "team", API, scopes, List.of(), "basic", "k", network, agent, "", "q", 900, at);
        return Report.of(fold.about(ask, () -> peers));
    }
}
