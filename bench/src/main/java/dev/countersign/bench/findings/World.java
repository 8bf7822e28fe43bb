package dev.countersign.bench.findings;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.usage.Ask;
import dev.countersign.usage.Finding;
import dev.countersign.usage.Report;
import dev.countersign.usage.UsageFold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// 200 clients, each attacked once, and the fold that sees of them what the ledger would tell it. What people are asked
/// of a client's own they approve; what they are asked of an attacker they deny.
final class World {
    static final int CLIENTS = 200;

    /// When people are asked.
    enum Asks {
        FOR_ANY_FINDING {
            @Override
            boolean about(Report report) {
                return !Finding.codes(report.findings()).isEmpty();
            }
        },
        ABOVE_THIRTY {
            @Override
            boolean about(Report report) {
                return report.score() > 30;
            }
        };

        abstract boolean about(Report report);
    }

    /// @param attack empty when it is the client's own
    private record Event(Ask ask, Optional<Attack> attack) {}

    private final Asks asks;
    private final UsageFold fold = new UsageFold();
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Bot> bots = new HashMap<>();
    private final Map<String, List<String>> teams = new HashMap<>();
    private final Map<Attack, Integer> made = new EnumMap<>(Attack.class);
    private final Map<Attack, Set<String>> noticed = new EnumMap<>(Attack.class);
    private final Map<Kind, Integer> prompts = new EnumMap<>(Kind.class);
    private final Map<String, Integer> codes = new TreeMap<>();
    private long index;

    World(long seed, Asks asks) {
        this.asks = asks;
        var random = new Random(seed);
        var all = new ArrayList<Bot>();
        for (var kind : Kind.values()) {
            for (int i = 0; i < kind.clients; i++) {
                all.add(new Bot(all.size(), kind, seed));
            }
        }
        for (var bot : all) {
            bots.put(bot.id, bot);
            teams.computeIfAbsent(bot.owner, _ -> new ArrayList<>()).add(bot.id);
            bot.life().forEach(it -> events.add(new Event(it, Optional.empty())));
        }
        int turn = 0;
        for (var bot : all) {
            var team = teams.getOrDefault(bot.owner, List.of());
            var peer = bots.getOrDefault(team.get((team.indexOf(bot.id) + 1) % team.size()), bot);
            var others = List.of(Attack.STOLEN, Attack.BURST, Attack.CREEP, Attack.MIMICRY, Attack.TWIN);
            var attack = bot.kind == Kind.RETIRED ? Attack.REVIVAL : others.get(turn++ % others.size());
            if (!bot.life().isEmpty()) {
                made.merge(attack, 1, Integer::sum);
                attack.on(bot, peer, random).forEach(it -> events.add(new Event(it, Optional.of(attack))));
            }
        }
        events.sort(Comparator.comparing((Event it) -> it.ask().at())
                .thenComparing(it -> it.ask().client()));
    }

    void live() {
        for (var event : events) {
            var ask = event.ask();
            var bot = bots.get(ask.client());
            var peers = teams.getOrDefault(ask.owner(), List.of());
            if (bot == null) {
                throw new IllegalStateException("nobody is " + ask.client());
            }
            var report = Report.of(fold.about(ask, () -> peers));
            boolean asked = asks.about(report);
            if (event.attack().isPresent()) {
                if (asked) {
                    noticed.computeIfAbsent(event.attack().get(), _ -> new HashSet<>())
                            .add(bot.id);
                    denied(ask);
                } else {
                    minted(ask, Member.BY_POLICY, ask.at());
                }
            } else if (asked) {
                prompts.merge(bot.kind, 1, Integer::sum);
                Finding.codes(report.findings()).forEach(code -> codes.merge(code, 1, Integer::sum));
                add(Code.REQUEST_MADE, ask, ask.at(), Map.of());
                minted(ask, Member.BY_PEOPLE, ask.at());
            } else {
                minted(ask, Member.BY_POLICY, ask.at());
            }
        }
    }

    private void denied(Ask ask) {
        add(Code.REQUEST_MADE, ask, ask.at(), Map.of());
        add(
                Code.REQUEST_DECIDED,
                ask,
                ask.at(),
                Map.of(Member.OUTCOME, Member.DENIED, Member.QUESTION, "not " + ask.question()));
    }

    private void minted(Ask ask, String by, Instant at) {
        add(Code.TOKEN_MINTED, ask, at, Map.of(Member.BY, by));
    }

    private void add(Code code, Ask ask, Instant at, Map<String, Object> more) {
        var body = new TreeMap<String, Object>(more);
        body.put(Member.CLIENT, ask.client());
        body.put(Member.OWNER, ask.owner());
        body.put(Member.RESOURCE, ask.resource());
        body.put(Member.SCOPES, ask.scopes());
        body.put(Member.AUTH_METHOD, ask.method());
        body.put(Member.CREDENTIAL, ask.credential());
        body.put(Member.NETWORK, ask.network());
        body.put(Member.AGENT, ask.agent());
        body.put(Member.REASON_DIGEST, ask.reason());
        body.put(Member.LIFETIME, ask.lifetime());
        fold.fold(new EntryView(
                index++,
                NO_HASH,
                code,
                "",
                at,
                "node",
                new Entry.Actor("client", ask.client()),
                Optional.of("%012x70008000000000000000".formatted(at.toEpochMilli())),
                Optional.empty(),
                Optional.empty(),
                body,
                List.of()));
    }

    private static final LeafHash NO_HASH = LeafHash.of(new byte[32]);

    /// How many were noticed, and how many there were.
    Map<Attack, int[]> attacks() {
        var all = new EnumMap<Attack, int[]>(Attack.class);
        made.forEach((attack, it) -> all.put(attack, new int[] {
            noticed.getOrDefault(attack, Set.of()).size(), it
        }));
        return all;
    }

    Map<Kind, Integer> prompts() {
        return prompts;
    }

    Map<String, Integer> codes() {
        return codes;
    }
}
