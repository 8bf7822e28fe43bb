package dev.countersign.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// Drives a server in a process of its own, over the wire, and writes what was seen. It ends by itself, and so does the
/// server.
public final class Load {
    private static final int STARTS = 3;

    private final Options options;
    private final Path folder;
    private final Stores stores;
    private final StringBuilder report = new StringBuilder();

    private Load(Options options, Path folder, Stores stores) {
        this.options = options;
        this.folder = folder;
        this.stores = stores;
    }

    /// Runs it; see [Options].
    public static void main(String[] args) throws IOException {
        var options = Options.parse(args);
        var temporary = Files.createTempDirectory("countersign-bench");
        try (var stores = new Stores(options.store(), temporary.resolve("postgres"))) {
            var load = new Load(options, temporary, stores);
            if (options.against().isEmpty()) {
                if (options.only().equals("pend")) {
                    load.pend();
                } else if (options.only().equals("flood")) {
                    load.flood();
                } else if (options.only().equals("issue")) {
                    load.issue();
                } else {
                    load.all();
                }
            } else {
                load.compare();
            }
            if (options.out().isPresent()) {
                Files.writeString(options.out().get(), load.report);
            } else {
                System.out.print(load.report);
            }
        } finally {
            delete(temporary);
        }
    }

    private void all() throws IOException {
        heading();
        var server = Folder.write(folder.resolve("server"), stores.next());
        try (var first = Child.start(options.launcher(), server, options.jvm())) {
            line("start, new store, process to ready", "%d ms", first.ready.toMillis());
        }
        var starts = new ArrayList<Long>();
        for (int i = 1; i < STARTS; i++) {
            try (var again = Child.start(options.launcher(), server, options.jvm())) {
                starts.add(again.ready.toMillis());
            }
        }
        try (var child = Child.start(options.launcher(), server, options.jvm())) {
            starts.add(child.ready.toMillis());
            line(
                    "start, store is there, process to ready",
                    "%d ms",
                    starts.stream().sorted().toList().get(STARTS / 2));
            Child.pause(Duration.ofSeconds(2));
            line("memory, idle", "%d MiB", child.memory());
            issue(child, server, 8, options.warmUp());
            issue(child, server, 64, options.warmUp().dividedBy(3));
            line("memory, after issuing", "%d MiB", child.memory());
            review(child, server, token(server));
            pend(child, server);
            line("memory, at the end", "%d MiB", child.memory());
        }
        report.append("\nLoad of the machine at the end (1 and 5 minutes): ")
                .append(Machine.load())
                .append(".\n");
    }

    private void issue() throws IOException {
        heading();
        var server = Folder.write(folder.resolve("server"), stores.next());
        try (var child = Child.start(options.launcher(), server, options.jvm())) {
            issue(child, server, 64, options.warmUp());
        }
    }

    private void pend() throws IOException {
        heading();
        var server = Folder.write(folder.resolve("server"), stores.next());
        try (var child = Child.start(options.launcher(), server, options.jvm())) {
            review(child, server, token(server));
            pend(child, server);
        }
    }

    /// What one client that floods leaves to another and to a reviewer.
    private void flood() throws IOException {
        heading();
        var server = Folder.write(folder.resolve("server"), stores.next());
        try (var child = Child.start(options.launcher(), server, options.jvm())) {
            var flood = new Flood(child.port, server, token(server));
            flood.run(options.warmUp(), true);
            tide("quiet", flood.run(options.window(), false));
            for (int round = 0; round < options.rounds(); round++) {
                tide("flood " + (round + 1), flood.run(options.window(), true));
            }
        }
    }

    private void tide(String when, Flood.Tide tide) {
        seen(when + ": who floods", tide.flood());
        seen(when + ": another client's tokens", tide.other());
        seen(when + ": votes", tide.votes());
        seen(when + ": the queue", tide.queue());
    }

    private void seen(String what, Flood.Seen seen) {
        var took = seen.latencies();
        append("| %s | %d answered, %d of them refused | %.1f | %.1f | |"
                .formatted(
                        what,
                        took.getTotalCount() + (what.endsWith("floods") ? 0 : seen.refused()),
                        seen.refused(),
                        took.getValueAtPercentile(50) / 1e6,
                        took.getValueAtPercentile(99) / 1e6));
    }

    /// Tokens that policy approves at once, each with its ledger entry durable before the answer.
    private void issue(Child child, Folder server, int connections, Duration warmUp) throws IOException {
        try (var loop = new Loop(child.port, connections, 200, Asking.routine(server))) {
            loop.run(warmUp);
            var windows = windows(child, () -> loop.run(options.window()));
            rate("tokens, approved at once, " + connections + " connections", windows);
        }
    }

    private void pend(Child child, Folder server) throws IOException {
        try (var loop = new Loop(child.port, 64, 400, Asking.review(server))) {
            loop.run(options.warmUp().dividedBy(5));
            rate("requests made pending, 64 connections", windows(child, () -> loop.run(options.window())));
        }
    }

    private void review(Child child, Folder server, String token) throws IOException {
        try (var reviewing = new Reviewing(child.port, server, token)) {
            reviewing.run(options.warmUp().dividedBy(5));
            latency("vote to held answer", windows(child, () -> reviewing.run(options.window())));
            try (var loop = new Loop(child.port, 8, 200, Asking.routine(server));
                    var beside = Executors.newSingleThreadExecutor()) {
                var background = beside.submit(() -> loop.run(options.window()));
                latency(
                        "vote to held answer, 8 connections issuing beside",
                        List.of(window(child, () -> reviewing.run(options.window()))));
                background.get(1, TimeUnit.MINUTES);
            } catch (java.util.concurrent.ExecutionException
                    | java.util.concurrent.TimeoutException
                    | InterruptedException e) {
                throw new IOException("the load beside failed", e);
            }
        }
    }

    /// A bearer token of the reviewer, made as an operator makes one.
    private String token(Folder server) throws IOException {
        var process = new ProcessBuilder(
                        options.launcher().toString(),
                        "api-token",
                        "issue",
                        "--config",
                        server.path.toString(),
                        "--scope",
                        "requests:read,requests:review",
                        Folder.REVIEWER)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // It ends with its last word.
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Two builds of the server in turn, so that whatever else the machine does strikes both.
    private void compare() throws IOException {
        heading();
        var launchers = new ArrayList<>(List.of(options.launcher()));
        launchers.addAll(options.against());
        var children = new ArrayList<Child>();
        var loops = new ArrayList<Loop>();
        try {
            var windows = new ArrayList<List<Window>>();
            for (var launcher : launchers) {
                var server = Folder.write(folder.resolve("server-" + children.size()), stores.next());
                children.add(Child.start(launcher, server, options.jvm()));
                loops.add(new Loop(children.getLast().port, 64, 200, Asking.routine(server)));
                loops.getLast().run(options.warmUp());
                windows.add(new ArrayList<>());
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (int i = 0; i < loops.size(); i++) {
                    var loop = loops.get(i);
                    windows.get(i).add(window(children.get(i), () -> loop.run(options.window())));
                }
            }
            for (int i = 0; i < launchers.size(); i++) {
                rate(launchers.get(i).toString(), windows.get(i));
                line("its memory", "%d MiB", children.get(i).memory());
            }
        } finally {
            for (var loop : loops) {
                loop.close();
            }
            for (var child : children) {
                child.close();
            }
        }
    }

    private interface Measured {
        Window run() throws IOException;
    }

    private List<Window> windows(Child child, Measured measured) throws IOException {
        var windows = new ArrayList<Window>();
        for (int round = 0; round < options.rounds(); round++) {
            windows.add(window(child, measured));
        }
        return windows;
    }

    private static Window window(Child child, Measured measured) throws IOException {
        var before = child.spent();
        var window = measured.run();
        return window.spent(child.spent().minus(before));
    }

    private void heading() throws IOException {
        var machine = Machine.here(folder);
        report.append("%d cores of %s, %d MiB, %s, %s, store: %s on %s.%n"
                        .formatted(
                                machine.cores(),
                                machine.processor(),
                                machine.memoryMiB(),
                                machine.kernel(),
                                machine.java(),
                                options.store(),
                                machine.disk()))
                .append("Load of the machine before (1 and 5 minutes): ")
                .append(Machine.load())
                .append(". The load generator shares the cores. Medians of %d windows of %d s, and their range.%n%n"
                        .formatted(options.rounds(), options.window().toSeconds()))
                .append(
                        "| what | a second | p50 ms | p99 ms | server's processor, µs each |\n| --- | --- | --- | --- | --- |\n");
    }

    private void rate(String what, List<Window> windows) {
        row(
                what,
                Window.median(windows, Window::perSecond, "%.0f"),
                windows,
                Window.median(windows, Window::processor, "%.0f"));
    }

    private void latency(String what, List<Window> windows) {
        long count =
                windows.stream().mapToLong(it -> it.latencies().getTotalCount()).sum();
        // Between two votes requests are made and listed, so the processor time is not the vote's.
        row(what, count + " in all", windows, "");
    }

    private void row(String what, String rate, List<Window> windows, String processor) {
        ToDoubleFunction<Window> p50 = it -> it.milliseconds(50);
        ToDoubleFunction<Window> p99 = it -> it.milliseconds(99);
        append("| " + what + " | " + rate + " | " + Window.median(windows, p50, "%.2f") + " | "
                + Window.median(windows, p99, "%.2f") + " | " + processor + " |");
    }

    private void line(String what, String format, long value) {
        append("| " + what + " | " + format.formatted(value) + " | | | |");
    }

    private void append(String line) {
        System.err.println(line);
        report.append(line).append('\n');
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
