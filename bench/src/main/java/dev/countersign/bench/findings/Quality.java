package dev.countersign.bench.findings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// Lives five worlds of 200 clients over 90 days and says which attacks were noticed and how often people were asked
/// for
/// nothing. Two ways to ask people are compared: for every finding, and for a score above 30.
public final class Quality {
    private static final int WORLDS = 5;
    private static final int FIRST_SEED = 201;

    private Quality() {}

    /// What came of one way to ask.
    private static final class Sum {
        final Map<Attack, int[]> attacks = new EnumMap<>(Attack.class);
        final Map<Kind, int[]> prompts = new EnumMap<>(Kind.class);

        double recall(Attack attack) {
            var it = attacks.getOrDefault(attack, new int[2]);
            return it[1] == 0 ? 0 : (double) it[0] / it[1];
        }

        double gross() {
            int found = 0;
            int all = 0;
            for (var attack : Attack.values()) {
                var it = attacks.getOrDefault(attack, new int[2]);
                found += attack.gross ? it[0] : 0;
                all += attack.gross ? it[1] : 0;
            }
            return (double) found / all;
        }

        double prompts(Kind kind) {
            return prompts.getOrDefault(kind, new int[1])[0] / (weeks() * kind.clients);
        }

        double prompts() {
            int all = 0;
            for (var it : prompts.values()) {
                all += it[0];
            }
            return all / (weeks() * World.CLIENTS);
        }

        private static double weeks() {
            return WORLDS * Bot.DAYS / 7.0;
        }
    }

    /// Lives the worlds and prints what was noticed.
    ///
    /// @param args the table's file and the picture's
    public static void main(String[] args) throws IOException {
        var any = new Sum();
        var score = new Sum();
        var codes = new StringBuilder();
        for (int i = 0; i < WORLDS; i++) {
            run(FIRST_SEED + i, World.Asks.FOR_ANY_FINDING, any, i == 0 ? codes : new StringBuilder());
            run(FIRST_SEED + i, World.Asks.ABOVE_THIRTY, score, new StringBuilder());
        }
        Files.writeString(Path.of(args[0]), table(any, score, codes.toString()));
        Files.writeString(
                Path.of(args[1]),
                Picture.of(
                        Map.of("for any finding", recalls(any), "for a score above 30", recalls(score)),
                        Map.of("for any finding", any.prompts(), "for a score above 30", score.prompts())));
    }

    private static Map<Attack, Double> recalls(Sum sum) {
        var all = new EnumMap<Attack, Double>(Attack.class);
        for (var attack : Attack.values()) {
            all.put(attack, sum.recall(attack));
        }
        return all;
    }

    private static void run(int seed, World.Asks asks, Sum sum, StringBuilder codes) {
        var world = new World(seed, asks);
        world.live();
        world.attacks().forEach((attack, it) -> {
            var all = sum.attacks.computeIfAbsent(attack, _ -> new int[2]);
            all[0] += it[0];
            all[1] += it[1];
        });
        world.prompts().forEach((kind, it) -> sum.prompts.computeIfAbsent(kind, _ -> new int[1])[0] += it);
        world.codes().forEach((code, it) -> codes.append("| `%s` | %d |\n".formatted(code, it)));
    }

    private static String table(Sum any, Sum score, String codes) {
        var text = new StringBuilder("""
                Five worlds of 200 clients over 90 days, seeds %d to %d. An attack is noticed when one of its requests is put
                before people. A prompt is a request of the client itself that is.

                | attack | of | people are asked for any finding | for a score above 30 |
                | --- | --- | --- | --- |
                """.formatted(FIRST_SEED, FIRST_SEED + WORLDS - 1));
        for (var attack : Attack.values()) {
            text.append("| %s%s | %d | %s | %s |\n"
                    .formatted(
                            attack.words,
                            attack.gross ? " (gross)" : "",
                            any.attacks.getOrDefault(attack, new int[2])[1],
                            percent(any.recall(attack)),
                            percent(score.recall(attack))));
        }
        text.append("| all gross ones | | %s | %s |\n\n".formatted(percent(any.gross()), percent(score.gross())));
        text.append(
                "| prompts a client and week | | for any finding | for a score above 30 |\n| --- | --- | --- | --- |\n");
        for (var kind : Kind.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d clients | %.2f | %.2f |\n",
                    kind.words,
                    kind.clients,
                    any.prompts(kind),
                    score.prompts(kind)));
        }
        text.append(String.format(
                Locale.ROOT, "| all | %d clients | %.2f | %.2f |\n\n", World.CLIENTS, any.prompts(), score.prompts()));
        return text.append("Findings in these prompts, of the first world:\n\n| finding | prompts |\n| --- | --- |\n")
                .append(codes)
                .append('\n')
                .toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
