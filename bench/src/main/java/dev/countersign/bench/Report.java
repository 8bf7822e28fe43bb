package dev.countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What was seen, as a table that grows while it is measured.
final class Report {
    private final StringBuilder text = new StringBuilder();

    /// Begins a table; what stands above it says where and how its rows were measured.
    void begin(Machine machine, Options options) {
        text.append("%d cores of %s, %d MiB, %s, %s, store: %s on %s.%n"
                        .formatted(
                                machine.cores(),
                                machine.processor(),
                                machine.memoryMiB(),
                                machine.kernel(),
                                machine.java(),
                                options.store(),
                                machine.disk()))
                .append("Load of the machine before (1 and 5 minutes): %s. The load generator shares the cores."
                        .formatted(machine.load()))
                .append(" Medians of %d windows of %d s, and their range.%n%n"
                        .formatted(options.rounds(), options.window().toSeconds()));
        append("| what | a second | p50 ms | p99 ms | p99.9 ms | max ms | server's processor, µs each |");
        append("| --- | --- | --- | --- | --- | --- | --- |");
    }

    void end(Machine machine) {
        append("\nLoad of the machine at the end (1 and 5 minutes): " + machine.load() + ".");
    }

    /// What is done so often.
    void rate(String what, List<Window> windows) {
        row(what, median(windows, Window::perSecond, "%.0f"), windows, median(windows, Window::processor, "%.0f"));
    }

    /// What takes so long. The processor time is left out where it is not for what is counted alone.
    void latency(String what, List<Window> windows) {
        long count =
                windows.stream().mapToLong(it -> it.latencies().getTotalCount()).sum();
        row(what, count + " in all", windows, "");
    }

    private void row(String what, String rate, List<Window> windows, String processor) {
        var cells = List.of(
                what,
                rate,
                median(windows, it -> it.milliseconds(50), "%.2f"),
                median(windows, it -> it.milliseconds(99), "%.2f"),
                median(windows, it -> it.milliseconds(99.9), "%.1f"),
                median(windows, it -> it.milliseconds(100), "%.1f"),
                processor);
        append("| " + String.join(" | ", cells) + " |");
    }

    /// One figure.
    void line(String what, String value) {
        append("| " + what + " | " + value + " | | | | | |");
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

    /// A line, told at once to whoever looks on.
    void append(String line) {
        System.err.println(line);
        text.append(line).append('\n');
    }

    /// Puts it where it belongs.
    void write(Options options) throws IOException {
        if (options.out().isPresent()) {
            Files.writeString(options.out().get(), text);
        } else {
            System.out.print(text);
        }
    }
}
