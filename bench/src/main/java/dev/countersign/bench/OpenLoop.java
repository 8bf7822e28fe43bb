package dev.countersign.bench;

import java.io.IOException;
import java.util.List;

/// Tokens asked for at a rate: what those feel who do not wait for each other.
final class OpenLoop implements Scenario {
    private static final int CONNECTIONS = 256;

    @Override
    public void measure(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var child = rig.start(folder);
                var loop = new Loop(List.of(child.port), CONNECTIONS, Asking.routine(folder))) {
            loop.run(rig.options.warmUp());
            for (int rate : rig.options.rates()) {
                rig.report.rate(
                        "tokens, asked for %d times a second".formatted(rate),
                        rig.windows(List.of(child), () -> loop.run(rig.options.window(), rate)));
            }
        }
    }
}
