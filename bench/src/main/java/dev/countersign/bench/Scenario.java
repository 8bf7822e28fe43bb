package dev.countersign.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Something that is measured, from servers that it starts to rows of the report.
interface Scenario {
    void measure(Rig rig) throws IOException;

    /// All, by the names by which they are asked for.
    Map<String, Scenario> ALL = Map.ofEntries(
            Map.entry("whole", new Whole()),
            Map.entry("issue", Scenario::issue),
            Map.entry("pend", Scenario::pend),
            Map.entry("open", new OpenLoop()),
            Map.entry("nodes", new SeveralNodes()),
            Map.entry("pending", new ManyPending()),
            Map.entry("held", new HeldConnections()),
            Map.entry("past", new LongPast()),
            Map.entry("backtest", new JudgedAgain()),
            Map.entry("flood", new OneFloods()),
            Map.entry("seat", new Seat()));

    private static void issue(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var child = rig.start(folder)) {
            rig.issue("", List.of(child), folder, 64, rig.options.warmUp());
        }
    }

    private static void pend(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var child = rig.start(folder)) {
            rig.vote("", child, child, folder);
            rig.pend("", List.of(child), folder);
        }
    }
}
