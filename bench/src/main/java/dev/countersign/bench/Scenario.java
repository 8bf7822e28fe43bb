package dev.countersign.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Something that is measured, from servers that it starts to rows of the report.
interface Scenario {
    void measure(Rig rig) throws IOException;

    /// All, by the names by which they are asked for.
    Map<String, Scenario> ALL = Map.of(
            "whole", new Whole(),
            "issue",
                    rig -> {
                        var folder = rig.folder();
                        try (var child = rig.start(folder)) {
                            rig.issue("", List.of(child), folder, 64, rig.options.warmUp());
                        }
                    },
            "pend",
                    rig -> {
                        var folder = rig.folder();
                        try (var child = rig.start(folder)) {
                            rig.vote("", child, child, folder);
                            rig.pend("", List.of(child), folder);
                        }
                    },
            "open", new OpenLoop(),
            "nodes", new SeveralNodes(),
            "pending", new ManyPending(),
            "held", new HeldConnections(),
            "past", new LongPast(),
            "backtest", new JudgedAgain(),
            "flood", new OneFloods());
}
