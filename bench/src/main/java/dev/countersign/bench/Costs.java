package dev.countersign.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/// Reads a flight recording of the server: which methods were running, which were below them, and who allocated.
public final class Costs {
    private static final int SHOWN = 40;
    private static final String OURS = "dev.countersign.";

    private final String title;
    private final Map<String, Long> running = new HashMap<>();
    private final Map<String, Long> below = new HashMap<>();
    private final Map<String, Long> forUs = new HashMap<>();
    private long all;

    private Costs(String title) {
        this.title = title;
    }

    /// Prints the costs of a recording, which is the one argument.
    public static void main(String[] args) throws IOException {
        var time = new Costs("time");
        var memory = new Costs("allocation");
        try (var file = new RecordingFile(Path.of(args[0]))) {
            while (file.hasMoreEvents()) {
                var event = file.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.CPUTimeSample", "jdk.ExecutionSample", "jdk.NativeMethodSample" ->
                        time.add(event.getStackTrace(), 1);
                    case "jdk.ObjectAllocationSample" -> memory.add(event.getStackTrace(), event.getLong("weight"));
                    default -> {}
                }
            }
        }
        time.print();
        memory.print();
    }

    private void add(@Nullable RecordedStackTrace stack, long weight) {
        if (stack == null || stack.getFrames().isEmpty()) {
            return;
        }
        all += weight;
        var frames = stack.getFrames();
        running.merge(name(frames.getFirst()), weight, Long::sum);
        frames.stream()
                .map(Costs::name)
                .filter(it -> it.startsWith(OURS))
                .findFirst()
                .ifPresent(it -> forUs.merge(it, weight, Long::sum));
        var seen = new HashSet<String>();
        for (var frame : frames) {
            if (seen.add(name(frame))) {
                below.merge(name(frame), weight, Long::sum);
            }
        }
    }

    private static String name(RecordedFrame frame) {
        var method = frame.getMethod();
        return method.getType().getName() + "." + method.getName();
    }

    private void print() {
        System.out.println("\n" + title + ", in the method itself");
        print(running, "");
        System.out.println("\n" + title + ", in our method and the libraries it calls");
        print(forUs, "");
        System.out.println("\n" + title + ", in our method and all that it calls");
        print(below, OURS);
    }

    private void print(Map<String, Long> costs, String prefix) {
        costs.entrySet().stream()
                .filter(it -> it.getKey().startsWith(prefix))
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN)
                .forEach(it -> System.out.printf("%6.2f %%  %s%n", 100.0 * it.getValue() / all, it.getKey()));
    }
}
