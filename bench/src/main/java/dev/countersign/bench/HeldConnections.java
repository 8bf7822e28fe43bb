package dev.countersign.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Clients that know nothing of waiting, each on a connection that is held for it, and what they cost.
///
/// The server holds 20,000 at most, 500 of them for one client and 100 for one request; `limits.pending_per_client` has
/// to allow as many requests. The operating system allows each side an open file for each connection.
final class HeldConnections implements Scenario {
    private static final int SECONDS = 600;
    private static final int AT_ONCE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public void measure(Rig rig) throws IOException {
        int wanted = rig.options.held();
        var folder = rig.folder();
        var held = new ArrayList<Connection>();
        try (var child = rig.start(folder)) {
            warm(rig, child, folder);
            long heap = child.heap();
            long resident = child.resident();
            hold(child, folder, held, wanted);
            long heapWith = child.heap();
            long residentWith = child.resident();
            rig.report.line("memory, none held", "%d MiB, heap in use %d MiB".formatted(resident >> 10, heap >> 20));
            rig.report.line(
                    "memory, %,d held".formatted(wanted),
                    "%d MiB, heap in use %d MiB".formatted(residentWith >> 10, heapWith >> 20));
            rig.report.line(
                    "a held connection",
                    "%.1f KiB resident, %.1f KiB of heap"
                            .formatted(
                                    (double) (residentWith - resident) / wanted, (heapWith - heap) / 1024.0 / wanted));
            var with = ", %,d held".formatted(wanted);
            rig.vote(with, child, child, folder);
            rig.issue(with, List.of(child), folder, 64, rig.options.warmUp().dividedBy(5));
            if (waiting(child) < wanted) {
                throw new IOException("not all were held to the end");
            }
        } finally {
            for (var connection : held) {
                connection.close();
            }
        }
    }

    /// What the server loads and compiles for its first requests is not what one of them costs.
    private static void warm(Rig rig, Child child, Folder folder) throws IOException {
        try (var loop = new Loop(List.of(child.port), 64, Asking.routine(folder));
                var pending = new Loop(List.of(child.port), 64, new Asking.Review(folder))) {
            loop.run(rig.options.warmUp().dividedBy(2));
            pending.run(rig.options.warmUp().dividedBy(2));
        }
    }

    private static void hold(Child child, Folder folder, List<Connection> held, int wanted) throws IOException {
        long begun = System.nanoTime();
        while (held.size() < wanted) {
            for (int i = 0; i < AT_ONCE && held.size() < wanted; i++) {
                var connection = Connection.open(child.port);
                int number = 5_000_000 + held.size(); // apart from those that are voted on, or that warmed it up
                held.add(connection);
                connection.send(ByteBuffer.wrap(Asking.held(folder, number, "held-" + number, SECONDS)));
            }
            while (waiting(child) < held.size()) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new IOException(waiting(child) + " of " + held.size() + " wait after " + PATIENCE);
                }
                Child.pause(Duration.ofMillis(5));
            }
        }
    }

    /// How many connections the server says it holds.
    private static int waiting(Child child) throws IOException {
        try (var connection = Connection.open(child.port)) {
            connection.ask(Connection.request("GET", "/metrics", "", "")).expect(200);
            return connection
                    .body()
                    .lines()
                    .filter(it -> it.startsWith("countersign_waiting_connections"))
                    .mapToInt(it -> (int) Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
