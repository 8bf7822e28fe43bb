package dev.countersign.bench;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.replay.Past;
import dev.countersign.store.StoreAddress;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A backtest over half a year of requests: what `countersign policy backtest` does, with the rules that judged them.
final class JudgedAgain implements Scenario {
    @Override
    public void measure(Rig rig) throws IOException {
        var model = rig.folder();
        LongPast.live(rig, model);
        var old = rig.folder();
        PastRequests.copy(model, old, rig.options.past());
        rig.start(old).close(); // its configuration is published
        rig.stores.settle(old.store);
        backtest(rig, old);
    }

    private static void backtest(Rig rig, Folder folder) throws IOException {
        if (!(Configuration.read(folder.path) instanceof Read.Good(var configuration, _, _))) {
            throw new IOException("the folder has faults");
        }
        int threads = Runtime.getRuntime().availableProcessors();
        long begun = System.nanoTime();
        var address = StoreAddress.of(folder.store, folder.path);
        try (var past = Past.open(configuration, address, InstantSource.system())) {
            var flips = past.backtest(configuration, Instant.now().minus(Duration.ofDays(200)), 20, threads);
            double seconds = (System.nanoTime() - begun) / 1e9;
            rig.report.line(
                    "backtest of %,d decisions on %d threads, %,d flips"
                            .formatted(flips.compared(), threads, flips.flipped()),
                    "%.1f s, %,.0f a second".formatted(seconds, flips.compared() / seconds));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
