package dev.countersign.dashboard;

import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What another policy would have said of requests that were judged: how many of each verdict would have which, as a
/// table and as a picture.
///
/// @param compared how many were judged by both
/// @param rows one for each verdict that was given
public record FlipsView(long compared, List<Row> rows, FlipPicture picture) {
    /// What became of one verdict.
    public record Row(String verdict, List<Cell> cells) {}

    /// How many had the one verdict and would have the other.
    ///
    /// @param way `same`, `looser` or `tighter`
    public record Cell(String count, String way) {}

    /// From how often each verdict would be which, by their words.
    static FlipsView of(JsonNode matrix) {
        Flips.Cells counts =
                (was, now) -> matrix.path(was.word()).path(now.word()).asLong(0);
        var rows = new ArrayList<Row>();
        long compared = 0;
        for (var was : Word.values()) {
            var cells = new ArrayList<Cell>();
            for (var now : Word.values()) {
                long count = counts.count(was, now);
                compared += count;
                cells.add(new Cell(Numbers.of(count), count == 0 ? "same" : way(was, now)));
            }
            rows.add(new Row(was.word(), List.copyOf(cells)));
        }
        return new FlipsView(compared, List.copyOf(rows), FlipPicture.inPage(counts));
    }

    private static String way(Word was, Word now) {
        int stricter = now.compareTo(was);
        return stricter == 0 ? "same" : stricter < 0 ? "looser" : "tighter";
    }
}
