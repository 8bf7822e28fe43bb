package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills the database under its nodes, and puts a standby in its place, while clients keep a record of every answer.
@SuppressWarnings("NullAway.Init") // each test starts with them
@Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FailOverIT {
    /// On a machine that is busy with other things; what it was is in the report.
    private static final Duration A_FEW_SECONDS = Duration.ofSeconds(30);

    private final long seed = Long.getLong("countersign.seed", System.nanoTime());
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    private CrashRecord seen;
    private TestCrowd crowd;

    @AfterEach
    void end() throws Exception {
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    private <T extends AutoCloseable> T opened(T it) {
        opened.add(it);
        return it;
    }

    /// Nodes on some databases, and a crowd at work.
    private void serve(int nodes, TestDatabase... databases) throws Exception {
        var hosts = List.of(databases).stream().map(TestDatabase::hostAndPort).toList();
        TestCompany.configure(
                folder,
                URI.create("http://127.0.0.1:8080"),
                "postgresql://postgres@" + String.join(",", hosts) + "/postgres?targetServerType=primary");
        var all = new ArrayList<TestNode>();
        for (int i = 0; i < nodes; i++) {
            all.add(opened(new TestNode(folder)));
            all.getLast().launch();
        }
        for (var node : all) {
            node.untilReady();
        }
        seen = new CrashRecord(folder.resolve("seen"));
        crowd = opened(new TestCrowd(seen, all, TestCompany.bearer(folder)));
        crowd.begin();
        crowd.untilServed();
    }

    private void aWhile(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private List<String> faults() throws Exception {
        crowd.end();
        var entries = crowd.entries();
        var faults = seen.faults(entries);
        if (faults.isEmpty()) {
            crowd.collectWhatIsLeft(entries);
            var export = folder.resolve("export").toString();
            TestNode.run("ledger", "export", "--config", folder.toString(), "--to", export);
            TestNode.run("ledger", "verify", export);
        }
        return faults;
    }

    @Test
    void a_database_that_is_killed_again_and_again_loses_nothing_that_was_told() throws Exception {
        var random = new Random(seed);
        var database = opened(TestDatabase.make(folder.resolve("data")));
        database.start();
        serve(TestReport.times(1, 3), database);
        var longest = Duration.ZERO;
        int kills = TestReport.times(3, 50);
        for (int kill = 0; kill < kills; kill++) {
            aWhile(200 + random.nextInt(800));
            switch (kill % 3) {
                case 0 -> database.killBackend();
                case 1 -> {
                    database.stopAtOnce();
                    database.start();
                }
                default -> {
                    database.kill();
                    database.start();
                }
            }
            var served = crowd.untilServed();
            longest = served.compareTo(longest) > 0 ? served : longest;
        }
        assertThat(faults()).as("seed %d", seed).isEmpty();
        assertThat(seen.votes()).as("votes seen").isNotEmpty();
        assertThat(longest).isLessThan(A_FEW_SECONDS);
        TestReport.say(
                "database killed %d times: %d tokens and %d votes told, none lost, served again after %d ms at most"
                        .formatted(kills, seen.tokens().size(), seen.votes().size(), longest.toMillis()));
    }

    @Test
    void a_standby_that_is_waited_for_takes_over_with_all_that_was_told() throws Exception {
        var served = failOver(true);
        assertThat(faults()).isEmpty();
        assertThat(seen.votes()).as("votes seen").isNotEmpty();
        assertThat(served).isLessThan(A_FEW_SECONDS);
        TestReport.say("fail-over to a synchronous standby: %d tokens and %d votes told, none lost, served after %d ms"
                .formatted(seen.tokens().size(), seen.votes().size(), served.toMillis()));
    }

    /// The test itself can tell: what a standby did not have when it took over is missed.
    @Test
    void what_a_standby_that_is_not_waited_for_did_not_have_is_missed() throws Exception {
        failOver(false);
        assertThat(faults()).anyMatch(it -> it.contains("was seen and stands 0 times"));
    }

    /// @param waitedFor whether a commit is told when the standby has it, too
    /// @return how long after its promotion all nodes served again
    private Duration failOver(boolean waitedFor) throws Exception {
        var primary = opened(TestDatabase.make(folder.resolve("data")));
        var standby = opened(primary.standby(folder.resolve("copy")));
        primary.start();
        standby.start();
        primary.until("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", "1");
        if (waitedFor) {
            primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()");
            primary.until("SELECT max(sync_state) FROM pg_stat_replication", "sync");
        }
        serve(waitedFor ? 2 : 1, primary, standby);
        aWhile(1_000);
        if (!waitedFor) {
            crowd.onForgetfulDatabase();
            standby.sql("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
            standby.until("SELECT count(*) FROM pg_stat_wal_receiver", "0");
            aWhile(500);
        }
        primary.kill();
        aWhile(500);
        long began = System.nanoTime();
        standby.sql("SELECT pg_promote()");
        crowd.untilServed();
        var served = Duration.ofNanos(System.nanoTime() - began);
        aWhile(500);
        return served;
    }
}
