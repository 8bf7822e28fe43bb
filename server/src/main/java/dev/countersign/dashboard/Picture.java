package dev.countersign.dashboard;

import dev.countersign.usage.Week;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// When a client uses what it asks for: one cell an hour of the week, darker for more, this request marked.
///
/// @param cells [Week#HOURS] of them, from Monday 00:00 UTC on
/// @param marked whether it is drawn for a request
/// @param words the same for who does not see it
public record Picture(List<Cell> cells, boolean marked, String words) {
    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    /// One hour of the week.
    ///
    /// @param level 0 for never to 4 for most
    /// @param marked whether this request fell into it
    public record Cell(int day, int hour, int level, boolean marked) {
        /// The left edge in the picture.
        public int x() {
            return 16 + hour * 11;
        }

        /// The upper edge in the picture.
        public int y() {
            return day * 9;
        }
    }

    /// Draws counts by hour of the week.
    ///
    /// @param counts [Week#HOURS] of them, from Monday 00:00 UTC on
    /// @param now the hour of the week of this request
    public static Picture of(List<Long> counts, int now) {
        return new Picture(
                cells(counts, now),
                true,
                words(counts) + " This request came on " + hour(now) + ", where it had "
                        + (counts.get(now) == 0 ? "none" : counts.get(now).toString()) + ".");
    }

    /// The same for no request.
    static Picture of(List<Long> counts) {
        return new Picture(cells(counts, -1), false, words(counts));
    }

    private static List<Cell> cells(List<Long> counts, int now) {
        long most = Collections.max(counts);
        return IntStream.range(0, Week.HOURS)
                .mapToObj(at -> new Cell(at / 24, at % 24, level(counts.get(at), most), at == now))
                .toList();
    }

    private static String words(List<Long> counts) {
        long most = Collections.max(counts);
        return "Tokens by weekday and hour, UTC. Most, " + most + ", on " + hour(counts.indexOf(most)) + ".";
    }

    private static int level(long count, long most) {
        return count == 0 ? 0 : Math.max(1, (int) Math.ceil(4.0 * count / most));
    }

    private static String hour(int at) {
        return DAYS.get(at / 24) + " at %02d:00".formatted(at % 24);
    }
}
