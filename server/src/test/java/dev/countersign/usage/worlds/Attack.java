package dev.countersign.usage.worlds;

import dev.countersign.usage.Ask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What somebody does with a secret that was stolen.
enum Attack {
    STOLEN("stolen secret, new network and program", true),
    ELSEWHERE("stolen secret, new network alone", true),
    REVIVAL("dormant client revived", true),
    BURST("burst", true),
    CREEP("slow scope creep", false),
    MIMICRY("as a peer: its network, program and hours", false),
    TWIN("as the client itself, a few requests", false);

    final String words;

    /// Whether it ought to be noticed.
    final boolean gross;

    Attack(String words, boolean gross) {
        this.words = words;
        this.gross = gross;
    }

    /// Its requests against that client, in order.
    ///
    /// @param peer of the same team
    List<Ask> on(Bot bot, Bot peer, Random random) {
        var usual =
                bot.life().get(bot.life().size() - 1 - random.nextInt(bot.life().size() / 3 + 1));
        var at = this == REVIVAL
                ? Bot.START.plus(Duration.ofDays(75 + random.nextInt(14))).plusSeconds(random.nextInt(86_400))
                : usual.at().plusSeconds(random.nextInt(600));
        var scope = bot.scopes.getFirst();
        var all = new ArrayList<Ask>();
        switch (this) {
            case STOLEN -> {
                for (int i = 0; i < 3; i++) {
                    all.add(ask(bot, at.plusSeconds(20L * i), "evil", "python-requests", scope));
                }
            }
            case ELSEWHERE -> {
                for (int i = 0; i < 3; i++) {
                    var theirs = usual.scopes().getFirst();
                    all.add(ask(bot, at.plusSeconds(20L * i), "evil", bot.agent, theirs));
                }
            }
            case REVIVAL -> all.add(ask(bot, at, bot.network, bot.agent, scope));
            case BURST -> {
                for (int i = 0; i < 120; i++) {
                    all.add(ask(bot, at.plusSeconds(i), usual.network(), bot.agent, scope));
                }
            }
            case CREEP -> {
                for (int i = 0; i < 4; i++) {
                    var later = at.plus(Duration.ofDays(3L * i));
                    if (later.isBefore(Bot.START.plus(Duration.ofDays(Bot.DAYS)))) {
                        all.add(ask(bot, later, usual.network(), bot.agent, "scope:secret:" + i));
                    }
                }
            }
            case MIMICRY -> {
                var theirs = peer.life().get(random.nextInt(peer.life().size()));
                for (int i = 0; i < 3; i++) {
                    all.add(ask(bot, at.plusSeconds(300L * i), theirs.network(), peer.agent, scope));
                }
            }
            case TWIN -> {
                for (int i = 0; i < 3; i++) {
                    all.add(ask(
                            bot,
                            at.plusSeconds(300L * i),
                            usual.network(),
                            bot.agent,
                            usual.scopes().getFirst()));
                }
            }
        }
        return all;
    }

    private static Ask ask(Bot bot, Instant at, String network, String agent, String scope) {
        return bot.ask(at, network, agent, bot.key(at), scope, "");
    }
}
