package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills the server in the midst of its work, again and again, while clients keep a record of their own of every answer
/// that they had, on the disk before they go on. At the end the ledger has all of it, and nothing was minted twice.
///
/// `-Dcountersign.crashes=100` for the long form; the seed is said, and `-Dcountersign.seed=N` takes it again.
@SuppressWarnings("NullAway.Init") // the test starts with them
@Timeout(value = 3_600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CrashIT {
    private static final int CRASHES = Integer.getInteger("countersign.crashes", 3);

    private final long seed = Long.getLong("countersign.seed", System.nanoTime());

    @TempDir
    private Path folder;

    private TestNode server;
    private TestCrowd crowd;

    @AfterEach
    void end() {
        if (crowd != null) {
            crowd.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void nothing_that_was_answered_is_lost_and_nothing_is_minted_twice(String kind) throws Exception {
        var random = new Random(seed);
        var store = kind.equals("sqlite")
                ? "sqlite:countersign.db"
                : TestStores.ofItsOwn(folder.resolve("crash")).toString();
        server = new TestNode(folder);
        TestCompany.configure(folder, server.address(), store);
        var seen = new CrashRecord(folder.resolve("seen"));
        server.start();
        crowd = new TestCrowd(seen, List.of(server), TestCompany.bearer(folder));
        crowd.begin();
        for (int crash = 0; crash < CRASHES; crash++) {
            // A machine that does other things takes its time.
            while (seen.count() <= 20 * (crash + 1)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600 + random.nextInt(1_500)));
            server.kill();
            server.start();
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        crowd.end();

        var entries = crowd.entries();
        assertThat(seen.faults(entries)).as("seed %d", seed).isEmpty();
        assertThat(seen.tokens()).as("tokens seen").hasSizeGreaterThan(20 * CRASHES);
        assertThat(seen.votes()).as("votes seen").isNotEmpty();
        crowd.collectWhatIsLeft(entries);
        TestNode.run("doctor", "--config", folder.toString());
        server.stop();
        var export = folder.resolve("export").toString();
        TestNode.run("ledger", "export", "--config", folder.toString(), "--to", export);
        TestNode.run("ledger", "verify", export);
        TestNode.run("doctor", "--config", folder.toString());

        // The record itself can tell: a token that the ledger does not know is found.
        seen.token("", "an invented token");
        assertThat(seen.faults(entries)).hasSize(1);
    }
}
