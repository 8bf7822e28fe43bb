package dev.countersign.bench;

import java.time.Duration;
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
}
