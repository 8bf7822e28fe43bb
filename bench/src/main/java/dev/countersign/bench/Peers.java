package dev.countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Other servers, each in turn with one of ours, so that whatever else the machine does strikes both.
///
/// Ours writes each token's ledger entry to the disk before it answers; they write nothing.
public final class Peers {
    private static final int CONNECTIONS = 64;

    private Peers() {}

    /// Runs it; see [Options]. What is `only` are peers.
    public static void main(String[] args) throws IOException {
        var options = Options.parse(args);
        var temporary = Files.createTempDirectory("countersign-bench");
        try (var stores = new Stores(options.store(), temporary.resolve("postgres"))) {
            var rig = new Rig(options, temporary, stores);
            var machine = Machine.here(temporary);
            rig.report.begin(machine, options);
            for (var name : options.only()) {
                beside(rig, name);
            }
            rig.report.end(machine);
            rig.report.write(options);
        } finally {
            Load.delete(temporary);
        }
    }

    private static void beside(Rig rig, String name) throws IOException {
        var folder = rig.folder();
        var options = rig.options;
        try (var peer = Peer.start(name);
                var ours = rig.start(folder)) {
            var asked = Traffic.same(peer.request, 200);
            var routine = Asking.routine(folder);
            window(peer.port, asked, options.warmUp());
            window(ours.port, routine, options.warmUp());
            var their = new ArrayList<Window>();
            var our = new ArrayList<Window>();
            for (int round = 0; round < options.rounds(); round++) {
                their.add(window(peer.port, asked, options.window()));
                our.add(window(ours.port, routine, options.window()));
            }
            rig.report.rate("tokens, " + name, their);
            rig.report.rate("tokens, Countersign in turn with " + name, our);
            rig.report.line(
                    "Countersign to " + name,
                    String.format(Locale.ROOT, "%.1f times as many", perSecond(our) / perSecond(their)));
            rig.report.line(
                    "start to the first token, and memory, " + name,
                    peer.ready.toMillis() + " ms, " + peer.resident() / 1024 + " MiB");
            rig.report.line("the same, Countersign", ours.ready.toMillis() + " ms, " + ours.resident() / 1024 + " MiB");
        }
    }

    /// On connections of its own: a peer may close those that are idle while the other's turn lasts.
    private static Window window(int port, Traffic traffic, Duration length) throws IOException {
        try (var loop = new Loop(List.of(port), CONNECTIONS, traffic)) {
            return loop.run(length);
        }
    }

    /// The median's.
    private static double perSecond(List<Window> windows) {
        var sorted = windows.stream().mapToDouble(Window::perSecond).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
