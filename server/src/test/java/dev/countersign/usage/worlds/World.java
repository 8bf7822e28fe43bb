package dev.countersign.usage.worlds;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.TestEntries;
import dev.countersign.usage.Ask;
import dev.countersign.usage.Finding;
import dev.countersign.usage.Report;
import dev.countersign.usage.UsageFold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Clients, each attacked once, and the fold that sees of them what the ledger would tell it. What people are asked
/// of a client's own they approve; what they are asked of an attacker they deny.
final class World {
    /// @param attack empty when it is the client's own
    private record Event(Ask ask, Optional<Attack> attack) {}

    private final Way way;
    private final UsageFold fold = new UsageFold();
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Bot> bots = new HashMap<>();
    private final Map<String, List<String>> teams = new HashMap<>();
    private final Set<String> noticed = new HashSet<>();
    private final Figures figures;
    private long index;

    private World(long seed, int part, Way way, Figures figures) {
        this.way = way;
        this.figures = figures;
        var random = new Random(seed);
        var all = new ArrayList<Bot>();
        for (var kind : Kind.values()) {
            for (int i = 0; i < kind.clients / part; i++) {
                all.add(new Bot(all.size(), kind, seed));
            }
        }
        for (var bot : all) {
            bots.put(bot.id, bot);
            figures.lives(bot.kind);
            teams.computeIfAbsent(bot.owner, _ -> new ArrayList<>()).add(bot.id);
            bot.life().forEach(it -> events.add(new Event(it, Optional.empty())));
        }
        int turn = 0;
        for (var bot : all) {
            var team = teams.getOrDefault(bot.owner, List.of());
            var peer = bots.getOrDefault(team.get((team.indexOf(bot.id) + 1) % team.size()), bot);
            var others =
                    List.of(Attack.STOLEN, Attack.ELSEWHERE, Attack.BURST, Attack.CREEP, Attack.MIMICRY, Attack.TWIN);
            var attack = bot.kind == Kind.RETIRED ? Attack.REVIVAL : others.get(turn++ % others.size());
            if (!bot.life().isEmpty()) {
                figures.isMade(attack);
                attack.on(bot, peer, random).forEach(it -> events.add(new Event(it, Optional.of(attack))));
            }
        }
        events.sort(Comparator.comparing((Event it) -> it.ask().at())
                .thenComparing(it -> it.ask().client()));
    }

    /// What comes of a way to ask people, in worlds of these seeds.
    ///
    /// @param part how many times smaller than 200 clients each is
    static Figures live(Way way, int part, long... seeds) {
        var figures = new Figures();
        for (long seed : seeds) {
            new World(seed, part, way, figures).live();
        }
        return figures;
    }

    private void live() {
        for (var event : events) {
            var ask = event.ask();
            var bot = bots.get(ask.client());
            var peers = teams.getOrDefault(ask.owner(), List.of());
            if (bot == null) {
                throw new IllegalStateException("nobody is " + ask.client());
            }
            var report = Report.of(fold.about(ask, () -> peers));
            boolean asked = way.asks().test(report);
            if (event.attack().isPresent()) {
                if (asked) {
                    if (noticed.add(bot.id)) {
                        figures.isNoticed(event.attack().get());
                    }
                    denied(ask);
                } else {
                    minted(ask, Member.BY_POLICY, ask.at());
                }
            } else if (asked) {
                figures.isAsked(bot.kind, Finding.codes(report.findings()));
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
        fold.fold(TestEntries.of(
                index++, code, at, Optional.of("%012x70008000000000000000".formatted(at.toEpochMilli())), body));
    }
}
