package dev.countersign.usage.worlds;

import java.util.Locale;

/// The figures of two ways to ask people, as a page.
final class Table {
    private Table() {}

    static String of(String which, Way one, Figures ones, Way other, Figures others) {
        var text = new StringBuilder("""
                # How good findings are

                Written by `bench/run findings`, from made-up clients and attacks that come out the same each time: %s.

                An attack is noticed when one of its requests is put before people, and gross when it ought to be. A prompt is a
                request of the client itself that is. What the figures are worth: [results](RESULTS.md#findings).

                ![How many of each attack are noticed](findings.svg)

                | attack | of | people are asked %s | %s |
                | --- | --- | --- | --- |
                """.formatted(which, one.words(), other.words()));
        for (var attack : Attack.values()) {
            text.append("| %s%s | %d | %s | %s |\n"
                    .formatted(
                            attack.words,
                            attack.gross ? " (gross)" : "",
                            ones.made(attack),
                            percent(ones.recall(attack)),
                            percent(others.recall(attack))));
        }
        text.append("| all gross ones | | %s | %s |\n\n".formatted(percent(ones.gross()), percent(others.gross())));
        text.append("| prompts a client and week | clients | %s | %s |\n| --- | --- | --- | --- |\n"
                .formatted(one.words(), other.words()));
        for (var kind : Kind.values()) {
            text.append(row(kind.words, ones.clients(kind), ones.prompts(kind), others.prompts(kind)));
        }
        text.append(row("all", ones.clients(), ones.prompts(), others.prompts()));
        text.append("\nFindings in these prompts, where people are asked %s:\n\n".formatted(one.words()))
                .append("| finding | prompts |\n| --- | --- |\n");
        ones.codes().forEach((code, it) -> text.append("| `%s` | %d |\n".formatted(code, it)));
        return text.toString();
    }

    private static String row(String what, int clients, double ones, double others) {
        return String.format(Locale.ROOT, "| %s | %d | %.2f | %.2f |\n", what, clients, ones, others);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
