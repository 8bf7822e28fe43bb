package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lets the server end at one step after the other while clients keep a record of every answer, each time on what the
/// step before has left. That a step was come to is known by how the process ended.
@SuppressWarnings("NullAway.Init") // each test starts with them
@Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FailpointIT {
    /// What `./mvnw verify` has time for.
    private static final List<String> FEW = List.of("redeem.written", "sign.before:5", "checkpoint.written");

    private static final List<String> ALL = List.of(
            "ask.written:3",
            "vote.written:2",
            "decide.written:2",
            "redeem.minting:2",
            "redeem.written:2",
            "sign.before:9",
            "sign.after:9",
            "answer.before:9",
            "pass.written:9",
            "commit.before:20",
            "commit.after:20",
            "commit.before:1",
            "commit.after:1",
            "checkpoint.signed",
            "checkpoint.written",
            "checkpoint.kept");

    private static final List<String> OF_STAGING =
            List.of("stage.written:9", "place.moved:3", "stage.placed:9", "place.written:3");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    private TestNode node;
    private CrashRecord seen;
    private TestCrowd crowd;

    @AfterEach
    void end() throws Exception {
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    private void serve(String store) throws Exception {
        node = new TestNode(folder);
        opened.add(node);
        TestCompany.configure(folder, node.address(), store);
        node.start();
        seen = new CrashRecord(folder.resolve("seen"));
        crowd = new TestCrowd(seen, List.of(node), TestCompany.bearer(folder));
        opened.add(crowd);
        crowd.begin();
        crowd.untilServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void wherever_it_ends_nothing_that_was_told_is_lost(String kind) throws Exception {
        boolean sqlite = kind.equals("sqlite");
        serve(
                sqlite
                        ? "sqlite:countersign.db"
                        : TestStores.ofItsOwn(folder.resolve("points")).toString());
        node.kill();
        var points = TestReport.isLong() ? new ArrayList<>(ALL) : new ArrayList<>(FEW);
        if (!sqlite) {
            points.addAll(TestReport.isLong() ? OF_STAGING : OF_STAGING.subList(1, 3));
        }
        for (var point : points) {
            node.launchEndingAt(point);
            assertThat(node.process().waitFor(60, TimeUnit.SECONDS)).as(point).isTrue();
            assertThat(node.process().exitValue()).as(point + node.log()).isEqualTo(137);
        }
        var ready = node.start();
        crowd.untilServed();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        crowd.end();
        var entries = crowd.entries();
        assertThat(seen.faults(entries)).isEmpty();
        assertThat(seen.tokens()).isNotEmpty();
        crowd.collectWhatIsLeft(entries);
        node.stop();
        verify("export");
        TestReport.say("ended at %d steps on %s: %d tokens and %d votes told, none lost; ready %d ms after the start"
                .formatted(
                        points.size(), kind, seen.tokens().size(), seen.votes().size(), ready.toMillis()));
    }

    /// The test itself can tell: a store that has lost its newest writes is found out.
    @Test
    void a_store_that_has_lost_its_newest_writes_is_found_out() throws Exception {
        serve("sqlite:countersign.db");
        crowd.end();
        node.stop(); // until here all is in the file itself
        node.start();
        crowd.untilServed();
        node.kill();
        Files.delete(folder.resolve("countersign.db-wal"));
        node.start();
        assertThat(seen.faults(crowd.entries())).anyMatch(it -> it.contains("was seen and stands 0 times"));
    }

    /// What an operator does by hand, too, can end anywhere and is done again.
    @Test
    void a_command_that_ends_anywhere_is_done_again() throws Exception {
        serve("sqlite:countersign.db");
        crowd.end();
        node.stop();
        var config = new String[] {"--config", folder.toString()};
        if (TestReport.isLong()) {
            for (var point : List.of("rotate.added", "rotate.kept")) {
                TestNode.runEndingAt(point, and(config, "keys", "rotate"));
            }
            TestNode.run(and(config, "keys", "rotate"));
        }
        TestNode.runEndingAt(
                "backup.copied",
                and(config, "backup", folder.resolve("begun.db").toString()));
        var backup = folder.resolve("backup.db").toString();
        TestNode.run(and(config, "backup", backup));
        for (var point : TestReport.isLong()
                ? List.of("restore.copied", "restored.renewed", "restore.aside", "restore.moved")
                : List.of("restore.moved")) {
            TestNode.runEndingAt(point, and(config, "restore", "--replace", backup));
            node.start();
            node.stop();
            verify("after-" + point);
        }
        // It has the store's name only when its ledger has a new one.
        assertThat(Files.readString(folder.resolve("after-restore.moved").resolve("checkpoint")))
                .contains("/restored-");
    }

    private static String[] and(String[] config, String... command) {
        return Stream.concat(Stream.of(command), Stream.of(config)).toArray(String[]::new);
    }

    private void verify(String name) throws Exception {
        var export = folder.resolve(name).toString();
        TestNode.run("ledger", "export", "--config", folder.toString(), "--to", export);
        TestNode.run("ledger", "verify", export);
    }
}
