package dev.countersign.dashboard;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What another policy would have said of requests that were judged: how many of each verdict would have which, as a
/// table and as two bars, one over the other.
///
/// @param compared how many were judged by both
/// @param rows one for each verdict that was given
/// @param was how they were divided
/// @param now how they would be
/// @param words the same for who does not see it
public record FlipsView(long compared, List<Row> rows, List<Share> was, List<Share> now, String words) {
    /// How wide the bars are.
    public static final int WIDTH = 300;

    private static final List<String> WORDS = List.of("approve", "review", "deny");

    /// What became of one verdict.
    public record Row(String verdict, List<Cell> cells) {}

    /// How many had the one verdict and would have the other.
    ///
    /// @param way `same`, `looser` or `tighter`
    public record Cell(String count, String way) {}

    /// A part of a bar.
    public record Share(String verdict, String x, String width, String count) {}

    /// From how often each verdict would be which, by their words.
    static FlipsView of(JsonNode matrix) {
        var rows = new ArrayList<Row>();
        var was = new long[WORDS.size()];
        var now = new long[WORDS.size()];
        for (int i = 0; i < WORDS.size(); i++) {
            var cells = new ArrayList<Cell>();
            for (int j = 0; j < WORDS.size(); j++) {
                long count = matrix.path(WORDS.get(i)).path(WORDS.get(j)).asLong(0);
                was[i] += count;
                now[j] += count;
                cells.add(new Cell(Numbers.of(count), count == 0 || i == j ? "same" : j < i ? "looser" : "tighter"));
            }
            rows.add(new Row(WORDS.get(i), cells));
        }
        long all = was[0] + was[1] + was[2];
        return new FlipsView(
                all,
                List.copyOf(rows),
                shares(was, all),
                shares(now, all),
                "Said: " + words(was) + ". Would be: " + words(now) + ".");
    }

    private static List<Share> shares(long[] counts, long all) {
        var shares = new ArrayList<Share>();
        double x = 0;
        for (int i = 0; i < counts.length; i++) {
            double width = all == 0 ? 0 : (double) WIDTH * counts[i] / all;
            if (counts[i] > 0) {
                shares.add(new Share(WORDS.get(i), Numbers.decimal(x), Numbers.decimal(width), Numbers.of(counts[i])));
            }
            x += width;
        }
        return List.copyOf(shares);
    }

    private static String words(long[] counts) {
        return "approve " + Numbers.of(counts[0]) + ", review " + Numbers.of(counts[1]) + ", deny "
                + Numbers.of(counts[2]);
    }
}
