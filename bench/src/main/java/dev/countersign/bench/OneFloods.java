package dev.countersign.bench;

import java.io.IOException;
import java.util.List;

/// What one client that floods leaves to another and to a reviewer.
final class OneFloods implements Scenario {
    @Override
    public void measure(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var child = rig.start(folder)) {
            var flood = new Flood(child.port, folder, rig.token(folder));
            flood.run(rig.options.warmUp(), true);
            tide(rig, "quiet", flood.run(rig.options.window(), false));
            for (int round = 1; round <= rig.options.rounds(); round++) {
                tide(rig, "flood " + round, flood.run(rig.options.window(), true));
            }
        }
    }

    private static void tide(Rig rig, String when, Flood.Tide tide) {
        seen(rig, when + ": who floods", tide.flood());
        seen(rig, when + ": another client's tokens", tide.other());
        seen(rig, when + ": votes", tide.votes());
        seen(rig, when + ": the queue", tide.queue());
    }

    private static void seen(Rig rig, String what, Flood.Seen seen) {
        rig.report.latency(
                what + " (" + seen.refused() + " refused)",
                List.of(new Window(rig.options.window(), seen.latencies())));
    }
}
