package dev.countersign.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What scenarios have in their hands: servers to start, a report to write, and the measurements that several make.
///
/// Each measurement names its rows with what it is given, so that the same one can stand in a report more than once.
final class Rig {
    /// More than one [Reviewing] ever asks.
    private static final int VOTES = 50_000;

    final Options options;
    final Report report = new Report();
    final Stores stores;
    private final Path place;
    private int made;
    private int reviewings;

    Rig(Options options, Path place, Stores stores) {
        this.options = options;
        this.place = place;
        this.stores = stores;
    }

    /// A configuration with a store that nobody has used.
    Folder folder() throws IOException {
        return Folder.write(place.resolve("server-" + made++), stores.next());
    }

    Child start(Folder folder) throws IOException {
        return Child.start(options.launcher(), folder, options.jvm());
    }

    /// Tokens that policy approves at once, each with its ledger entry durable before the answer.
    void issue(String when, List<Child> nodes, Folder folder, int connections, Duration warmUp) throws IOException {
        try (var loop = new Loop(ports(nodes), connections, Asking.routine(folder))) {
            loop.run(warmUp);
            report.rate(
                    "tokens, approved at once, " + connections + " connections" + when,
                    windows(nodes, () -> loop.run(options.window())));
        }
    }

    /// Requests that people are asked about.
    void pend(String when, List<Child> nodes, Folder folder) throws IOException {
        try (var loop = new Loop(ports(nodes), 64, new Asking.Review(folder))) {
            loop.run(options.warmUp().dividedBy(5));
            report.rate(
                    "requests made pending, 64 connections" + when, windows(nodes, () -> loop.run(options.window())));
        }
    }

    /// From votes at one node to the answers of requests that another holds, or the same.
    void vote(String when, Child votes, Child holds, Folder folder) throws IOException {
        try (var reviewing = reviewing(votes, holds, folder)) {
            reviewing.run(options.warmUp().dividedBy(5));
            report.latency(
                    "vote to held answer" + when,
                    windows(List.of(votes, holds), () -> reviewing.run(options.window())));
        }
    }

    /// Somebody who votes on requests that nobody asked before.
    Reviewing reviewing(Child votes, Child holds, Folder folder) throws IOException {
        return new Reviewing(votes.port, holds.port, VOTES * reviewings++, folder, token(folder));
    }

    /// One request again and again, on one connection.
    void ask(String what, Child child, byte[] request) throws IOException {
        try (var loop = new Loop(List.of(child.port), 1, Traffic.same(request, 200))) {
            loop.run(options.warmUp().dividedBy(10));
            report.rate(
                    what,
                    windows(List.of(child), () -> loop.run(options.window().dividedBy(2))));
        }
    }

    interface Measured {
        Window run() throws IOException;
    }

    List<Window> windows(List<Child> nodes, Measured measured) throws IOException {
        var windows = new ArrayList<Window>();
        for (int round = 0; round < options.rounds(); round++) {
            windows.add(window(nodes, measured));
        }
        return windows;
    }

    Window window(List<Child> nodes, Measured measured) throws IOException {
        var before = spent(nodes);
        var window = measured.run();
        return window.spent(spent(nodes).minus(before));
    }

    private static Duration spent(List<Child> nodes) {
        return nodes.stream().distinct().map(Child::spent).reduce(Duration.ZERO, Duration::plus);
    }

    static List<Integer> ports(List<Child> nodes) {
        return nodes.stream().map(it -> it.port).toList();
    }

    /// A bearer token of the reviewer, made as an operator makes one.
    String token(Folder folder) throws IOException {
        var process = new ProcessBuilder(
                        options.launcher().toString(),
                        "api-token",
                        "issue",
                        "--config",
                        folder.path.toString(),
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
}
