package dev.countersign.bench;

import java.io.IOException;
import java.util.List;

/// A server whose store has seen millions of requests, beside one whose store has seen none: nothing may be slower for
/// it.
final class LongPast implements Scenario {
    @Override
    public void measure(Rig rig) throws IOException {
        var model = rig.folder();
        live(rig, model);
        var fresh = rig.folder();
        rig.start(fresh).close();
        today(rig, fresh, ", no past");
        var old = rig.folder();
        int wanted = rig.options.past();
        long begun = System.nanoTime();
        long entries = PastRequests.copy(model, old, wanted);
        double seconds = (System.nanoTime() - begun) / 1e9;
        rig.report.line(
                "past requests written, %,d with %,d entries".formatted(wanted, entries),
                "%.0f s, %.0f a second".formatted(seconds, wanted / seconds));
        rig.stores.settle(old.store);
        rig.start(old).close();
        today(rig, old, ", %,d past requests".formatted(wanted));
    }

    /// A few requests that policy approves, and some that people do, for copies to be made of.
    static void live(Rig rig, Folder model) throws IOException {
        try (var child = rig.start(model);
                var loop = new Loop(List.of(child.port), Folder.READERS, Asking.routine(model));
                var reviewing = rig.reviewing(child, child, model)) {
            loop.run(java.time.Duration.ofMillis(1));
            reviewing.run(java.time.Duration.ofMillis(1));
        }
    }

    private static void today(Rig rig, Folder folder, String when) throws IOException {
        Whole.starts(rig, folder, when);
        try (var child = rig.start(folder)) {
            var nodes = List.of(child);
            var token = rig.token(folder);
            rig.issue(when, nodes, folder, 64, rig.options.warmUp());
            try (var loop = new Loop(List.of(child.port), 50, new Asking.Review(folder))) {
                loop.run(java.time.Duration.ofMillis(1));
            }
            rig.ask("queue, as JSON" + when, child, ManyPending.queue(token));
            rig.ask("queue, as a page" + when, child, ManyPending.page(child, folder));
            rig.ask("history of a client" + when, child, history(token));
            rig.ask("metrics" + when, child, Connection.request("GET", "/metrics", "", ""));
            ManyPending.introspect(rig, child, folder, when);
            rig.pend(when, nodes, folder);
            rig.vote(when, child, child, folder);
            rig.report.line("memory" + when, "%d MiB".formatted(child.resident() / 1024));
        }
    }

    private static byte[] history(String token) {
        return Connection.request(
                "GET",
                "/api/v1/requests?state=redeemed&client=writer-0&limit=50",
                "Authorization: Bearer " + token + "\r\n",
                "");
    }
}
