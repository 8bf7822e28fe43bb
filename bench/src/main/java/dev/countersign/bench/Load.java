package dev.countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Drives servers in processes of their own, over the wire, and writes what was seen. It ends by itself, and so do
/// they.
public final class Load {
    private Load() {}

    /// Runs it; see [Options].
    public static void main(String[] args) throws IOException {
        var options = Options.parse(args);
        var scenarios = options.only().stream()
                .map(name -> Optional.ofNullable(Scenario.ALL.get(name))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no scenario " + name + ", only " + Scenario.ALL.keySet())))
                .toList();
        var temporary = Files.createTempDirectory("countersign-bench");
        try (var stores = new Stores(options.store(), temporary.resolve("postgres"))) {
            var rig = new Rig(options, temporary, stores);
            var machine = Machine.here(temporary);
            rig.report.begin(machine, options);
            if (options.against().isEmpty()) {
                for (var scenario : scenarios) {
                    scenario.measure(rig);
                }
            } else {
                compare(rig);
            }
            rig.report.end(machine);
            rig.report.write(options);
        } finally {
            delete(temporary);
        }
    }

    /// Two builds of the server in turn, so that whatever else the machine does strikes both.
    private static void compare(Rig rig) throws IOException {
        var options = rig.options;
        var launchers = new ArrayList<>(List.of(options.launcher()));
        launchers.addAll(options.against());
        var children = new ArrayList<Child>();
        var loops = new ArrayList<Loop>();
        try {
            var windows = new ArrayList<List<Window>>();
            for (var launcher : launchers) {
                var folder = rig.folder();
                children.add(Child.start(launcher, folder, options.jvm()));
                loops.add(new Loop(List.of(children.getLast().port), 64, Asking.routine(folder)));
                loops.getLast().run(options.warmUp());
                windows.add(new ArrayList<>());
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (int i = 0; i < loops.size(); i++) {
                    var loop = loops.get(i);
                    windows.get(i).add(rig.window(List.of(children.get(i)), () -> loop.run(options.window())));
                }
            }
            for (int i = 0; i < launchers.size(); i++) {
                rig.report.rate(launchers.get(i).toString(), windows.get(i));
                rig.report.line("its memory", "%d MiB".formatted(children.get(i).resident() / 1024));
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

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
