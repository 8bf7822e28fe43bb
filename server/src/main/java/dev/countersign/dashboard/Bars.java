package dev.countersign.dashboard;

import dev.countersign.usage.Daily.Came;
import dev.countersign.usage.Daily.Day;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Something from day to day: a column a day, one part on another, with its table.
///
/// @param width of the picture
/// @param step from the left edge of one day to that of the next
/// @param most what the highest column comes to
/// @param words the same for who does not see it
/// @param shown what there is any of
/// @param rows the days on which there was anything, the newest first
public record Bars(
        int width,
        int step,
        String most,
        String first,
        String last,
        List<Part> parts,
        String words,
        List<Series> shown,
        List<Row> rows) {
    /// How high the highest column is.
    public static final int HEIGHT = 40;

    /// From the bottom up.
    private static final List<Came> ORDER =
            List.of(Came.PASSED, Came.ASKED, Came.OBSERVED, Came.BROKE_GLASS, Came.REFUSED);

    /// What is counted.
    ///
    /// @param word what it is, in a word or two
    /// @param look its class in the style sheet
    public record Series(String word, String look) {}

    /// A rectangle.
    public record Part(Series series, int x, String y, String height) {}

    /// A day in the table.
    ///
    /// @param counts one for each of what is shown
    public record Row(String day, List<String> counts) {}

    /// One day.
    ///
    /// @param amounts one for each series
    record Column(LocalDate date, List<Long> amounts) {
        private long all() {
            return amounts.stream().mapToLong(it -> it).sum();
        }
    }

    /// Draws what came of requests, the oldest day first.
    ///
    /// @param step from one to the next
    static Bars of(List<Day> days, int step) {
        var columns = days.stream()
                .map(day ->
                        new Column(day.date(), ORDER.stream().map(day::count).toList()))
                .toList();
        return of(ORDER.stream().map(Bars::series).toList(), columns, step, Numbers::of);
    }

    /// Draws columns, the oldest day first.
    ///
    /// @param series from the bottom up
    /// @param step from one to the next
    /// @param written how an amount is written
    static Bars of(List<Series> series, List<Column> columns, int step, LongFunction<String> written) {
        long most = Math.max(1, columns.stream().mapToLong(Column::all).max().orElse(0));
        var parts = new ArrayList<Part>();
        for (int i = 0; i < columns.size(); i++) {
            long below = 0;
            for (int s = 0; s < series.size(); s++) {
                long amount = columns.get(i).amounts().get(s);
                if (amount > 0) {
                    parts.add(part(series.get(s), i * step, below, amount, most));
                    below += amount;
                }
            }
        }
        var shown = IntStream.range(0, series.size())
                .filter(s -> total(columns, s) > 0)
                .boxed()
                .toList();
        var first = day(columns.getFirst());
        var last = day(columns.getLast());
        return new Bars(
                columns.size() * step,
                step,
                written.apply(most),
                first,
                last,
                List.copyOf(parts),
                "From " + first + " to " + last + ": "
                        + (shown.isEmpty() ? "nothing" : totals(series, columns, shown, written)) + ".",
                shown.stream().map(series::get).toList(),
                rows(columns, shown, written));
    }

    private static Part part(Series series, int x, long below, long amount, long most) {
        double height = (double) HEIGHT * amount / most;
        double top = HEIGHT - (double) HEIGHT * below / most - height;
        return new Part(series, x, Numbers.decimal(top), Numbers.decimal(height));
    }

    private static String day(Column column) {
        return new Moment(column.date().atStartOfDay(ZoneOffset.UTC).toInstant()).day();
    }

    private static long total(List<Column> columns, int series) {
        return columns.stream().mapToLong(it -> it.amounts().get(series)).sum();
    }

    private static String totals(
            List<Series> series, List<Column> columns, List<Integer> shown, LongFunction<String> written) {
        return shown.stream()
                .map(s -> series.get(s).word() + " " + written.apply(total(columns, s)))
                .collect(Collectors.joining(", "));
    }

    /// "passed 1,204, refused 3"; empty when there was nothing.
    static String totals(List<Day> days) {
        return ORDER.stream()
                .filter(came -> total(days, came) > 0)
                .map(came -> series(came).word() + " " + Numbers.of(total(days, came)))
                .collect(Collectors.joining(", "));
    }

    private static long total(List<Day> days, Came came) {
        return days.stream().mapToLong(it -> it.count(came)).sum();
    }

    private static List<Row> rows(List<Column> columns, List<Integer> shown, LongFunction<String> written) {
        return columns.reversed().stream()
                .filter(it -> it.all() > 0)
                .map(column -> new Row(
                        day(column),
                        shown.stream()
                                .map(s -> written.apply(column.amounts().get(s)))
                                .toList()))
                .toList();
    }

    private static Series series(Came came) {
        var word = switch (came) {
            case PASSED -> "passed";
            case ASKED -> "people asked";
            case REFUSED -> "refused";
            case OBSERVED -> "observed only";
            case BROKE_GLASS -> "broke the glass";
        };
        return new Series(word, "c-" + came.name().toLowerCase(Locale.ROOT).replace('_', '-'));
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
