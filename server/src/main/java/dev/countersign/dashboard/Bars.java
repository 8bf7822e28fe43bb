package dev.countersign.dashboard;

import dev.countersign.usage.Daily.Came;
import dev.countersign.usage.Daily.Day;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What came of requests from day to day: a column a day, one part on another, with its table.
///
/// @param width of the picture
/// @param step from the left edge of one day to that of the next
/// @param most how many requests the highest column has
/// @param words the same for who does not see it
/// @param shown what there is any of
/// @param rows the days on which there was anything, the newest first
public record Bars(
        int width,
        int step,
        long most,
        String first,
        String last,
        List<Part> parts,
        String words,
        List<Came> shown,
        List<Row> rows) {
    /// How high the highest column is.
    public static final int HEIGHT = 40;

    /// From the bottom up.
    private static final List<Came> ORDER =
            List.of(Came.PASSED, Came.ASKED, Came.OBSERVED, Came.BROKE_GLASS, Came.REFUSED);

    /// A rectangle.
    public record Part(Came came, int x, String y, String height) {}

    /// A day in the table.
    ///
    /// @param counts one for each of what is shown
    public record Row(String day, List<String> counts) {}

    /// Draws days, the oldest first.
    ///
    /// @param step from one to the next
    static Bars of(List<Day> days, int step) {
        long most = Math.max(1, days.stream().mapToLong(Bars::all).max().orElse(0));
        var parts = new ArrayList<Part>();
        for (int i = 0; i < days.size(); i++) {
            long below = 0;
            for (var came : ORDER) {
                long count = days.get(i).count(came);
                if (count > 0) {
                    parts.add(part(came, i * step, below, count, most));
                    below += count;
                }
            }
        }
        var shown = ORDER.stream()
                .filter(came -> days.stream().anyMatch(it -> it.count(came) > 0))
                .toList();
        return new Bars(
                days.size() * step,
                step,
                most,
                day(days.getFirst()),
                day(days.getLast()),
                List.copyOf(parts),
                words(days, shown),
                shown,
                rows(days, shown));
    }

    private static long all(Day day) {
        return Stream.of(Came.values()).mapToLong(day::count).sum();
    }

    private static Part part(Came came, int x, long below, long count, long most) {
        double height = (double) HEIGHT * count / most;
        double top = HEIGHT - (double) HEIGHT * below / most - height;
        return new Part(came, x, Numbers.decimal(top), Numbers.decimal(height));
    }

    private static String day(Day day) {
        return new Moment(day.date().atStartOfDay(ZoneOffset.UTC).toInstant()).day();
    }

    private static String words(List<Day> days, List<Came> shown) {
        var span = "From " + day(days.getFirst()) + " to " + day(days.getLast()) + ": ";
        return span + (shown.isEmpty() ? "nothing" : totals(days, shown)) + ".";
    }

    /// "passed 1,204, refused 3"; empty when there was nothing.
    static String totals(List<Day> days) {
        return totals(
                days,
                ORDER.stream()
                        .filter(came -> days.stream().anyMatch(it -> it.count(came) > 0))
                        .toList());
    }

    private static String totals(List<Day> days, List<Came> shown) {
        return shown.stream()
                .map(came -> word(came) + " "
                        + Numbers.of(
                                days.stream().mapToLong(it -> it.count(came)).sum()))
                .collect(Collectors.joining(", "));
    }

    private static List<Row> rows(List<Day> days, List<Came> shown) {
        return days.reversed().stream()
                .filter(it -> all(it) > 0)
                .map(day -> new Row(
                        day(day),
                        shown.stream().map(came -> Numbers.of(day.count(came))).toList()))
                .toList();
    }

    /// What came, in a word or two.
    public static String word(Came came) {
        return switch (came) {
            case PASSED -> "passed";
            case ASKED -> "people asked";
            case REFUSED -> "refused";
            case OBSERVED -> "observed only";
            case BROKE_GLASS -> "broke the glass";
        };
    }

    /// The class in the style sheet.
    public static String look(Came came) {
        return "c-" + came.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Where the columns stand on.
    public int base() {
        return HEIGHT;
    }

    /// Whether there is anything to see.
    public boolean any() {
        return !shown.isEmpty();
    }
}
