package dev.countersign.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/// What was seen in one measured window.
///
/// @param spent the processor time of the server in it
record Window(Duration length, Histogram latencies, Duration spent) {
    Window(Duration length, Histogram latencies) {
        this(length, latencies, Duration.ZERO);
    }

    Window spent(Duration cpu) {
        return new Window(length, latencies, cpu);
    }

    /// Microseconds of the server's processor time for each answer: what is left of a figure on a machine that others
    /// use too.
    double processor() {
        return spent.toNanos() / 1e3 / latencies.getTotalCount();
    }

    double perSecond() {
        return latencies.getTotalCount() * 1e9 / length.toNanos();
    }

    double milliseconds(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    /// The median over windows, and between what it lay.
    static String median(List<Window> windows, ToDoubleFunction<Window> of, String format) {
        var sorted = windows.stream().mapToDouble(of).sorted().toArray();
        int last = sorted.length - 1;
        double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
        return String.format(Locale.ROOT, format, median)
                + (last == 0
                        ? ""
                        : " (" + String.format(Locale.ROOT, format, sorted[0]) + " to "
                                + String.format(Locale.ROOT, format, sorted[last]) + ")");
    }
}
