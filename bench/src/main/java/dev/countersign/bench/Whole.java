package dev.countersign.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One server from its first start on: how soon it is there, what it does in a second, what memory it takes.
final class Whole implements Scenario {
    private static final int STARTS = 3;

    @Override
    public void measure(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var first = rig.start(folder)) {
            rig.report.line("start, new store, process to ready", "%d ms".formatted(first.ready.toMillis()));
        }
        starts(rig, folder, "");
        try (var child = rig.start(folder)) {
            Child.pause(Duration.ofSeconds(2));
            memory(rig, child, "idle");
            var warmUp = rig.options.warmUp();
            rig.issue("", List.of(child), folder, 8, warmUp);
            rig.issue("", List.of(child), folder, 64, warmUp.dividedBy(3));
            memory(rig, child, "after issuing");
            rig.vote("", child, child, folder);
            voteBeside(rig, child, folder);
            rig.pend("", List.of(child), folder);
            memory(rig, child, "at the end");
        }
    }

    /// How soon a server is there whose store is there already.
    static void starts(Rig rig, Folder folder, String when) throws IOException {
        var starts = new ArrayList<Long>();
        for (int i = 0; i < STARTS; i++) {
            try (var again = rig.start(folder)) {
                starts.add(again.ready.toMillis());
            }
        }
        starts.sort(null);
        rig.report.line(
                "start, store is there, process to ready" + when,
                "%d (%d to %d) ms".formatted(starts.get(STARTS / 2), starts.getFirst(), starts.getLast()));
    }

    private static void memory(Rig rig, Child child, String when) throws IOException {
        rig.report.line("memory, " + when, "%d MiB".formatted(child.resident() / 1024));
    }

    private static void voteBeside(Rig rig, Child child, Folder folder) throws IOException {
        try (var loop = new Loop(List.of(child.port), 8, Asking.routine(folder));
                var beside = Executors.newSingleThreadExecutor()) {
            // It outlasts what is measured.
            var background = beside.submit(
                    () -> loop.run(rig.options.window().plusSeconds(2).multipliedBy(rig.options.rounds() + 1)));
            rig.vote(", 8 connections issuing beside", child, child, folder);
            background.get(5, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IOException("the load beside failed", e);
        }
    }
}
