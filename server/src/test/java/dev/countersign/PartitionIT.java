package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes and a database on hosts of their own, which are cut off from one another, held up, killed and started
/// again while clients keep a record of every answer. In the long form only, and for as many seconds as
/// `-Dcountersign.seconds` says.
@SuppressWarnings("NullAway.Init") // the test starts with them
@Timeout(value = 3_600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PartitionIT {
    private static final int NODES = 3;
    private static final int SECONDS = Integer.getInteger("countersign.seconds", 300);

    private final long seed = Long.getLong("countersign.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final Map<String, Integer> done = new TreeMap<>();

    @TempDir
    private Path folder;

    private TestNetwork network;
    private TestDatabase database;
    private String databaseHost;

    @AfterEach
    void end() throws Exception {
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    @Test
    void whatever_happens_to_three_nodes_and_their_database_nothing_that_was_told_is_lost() throws Exception {
        assumeTrue(TestReport.isLong(), "it takes minutes: -Dcountersign.faults=long");
        assumeTrue(TestNetwork.isPossible(), "network namespaces take root and the program ip");
        network = new TestNetwork();
        opened.add(network::remove);
        databaseHost = network.host();
        database = TestDatabase.make(folder.resolve("data"), databaseHost, 5432, TestNetwork.on(databaseHost));
        opened.add(database);
        database.start();
        TestCompany.configure(
                folder,
                URI.create("http://127.0.0.1:8080"),
                "postgresql://postgres@" + database.hostAndPort() + "/postgres");
        for (int i = 0; i < NODES; i++) {
            hosts.add(network.host());
            nodes.add(new TestNode(folder, hosts.getLast(), 8080, TestNetwork.on(hosts.getLast())).with("-Xmx256m"));
            opened.add(nodes.getLast());
            nodes.getLast().start();
        }
        var seen = new CrashRecord(folder.resolve("seen"));
        var crowd = new TestCrowd(seen, nodes, TestCompany.bearer(folder));
        opened.add(crowd);
        crowd.begin();
        crowd.untilServed();

        var longest = Duration.ZERO;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end) {
            something(random.nextInt(NODES));
            var served = crowd.untilServed();
            longest = served.compareTo(longest) > 0 ? served : longest;
            wait(500);
        }
        crowd.end();

        var entries = crowd.entries(nodes.getFirst());
        assertThat(seen.faults(entries)).as("seed %d", seed).isEmpty();
        assertThat(seen.votes()).isNotEmpty();
        for (var node : nodes) {
            assertThat(crowd.entries(node))
                    .as("the ledger at %s", node.address())
                    .isEqualTo(entries);
        }
        crowd.collectWhatIsLeft(entries);
        var export = folder.resolve("export").toString();
        TestNode.run("ledger", "export", "--config", folder.toString(), "--to", export);
        TestNode.run("ledger", "verify", export);
        TestReport.say(
                "three nodes for %d s, %s: %d tokens and %d votes told, none lost; all served again after %d ms at most"
                        .formatted(
                                SECONDS,
                                done,
                                seen.tokens().size(),
                                seen.votes().size(),
                                longest.toMillis()));

        // The record itself can tell: what was decided after it was minted, and what nobody minted.
        assertThat(seen.faults(entries.reversed())).anyMatch(it -> it.contains("was minted before it was decided"));
        seen.token("", "an invented token");
        assertThat(seen.faults(entries)).hasSize(1);
    }

    /// One thing that goes wrong at a node or the database, and is over when this returns.
    private void something(int n) throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> {
                count("partitions");
                network.cut(databaseHost, hosts.get(n));
                wait(2_000 + random.nextInt(6_000));
                network.heal(databaseHost, hosts.get(n));
            }
            case 1 -> {
                count("pauses");
                nodes.get(n).signal("STOP");
                wait(5_000);
                nodes.get(n).signal("CONT");
            }
            case 2 -> {
                count("kills");
                nodes.get(n).kill();
                wait(500);
                nodes.get(n).start();
            }
            default -> {
                count("database restarts");
                database.stopAtOnce();
                wait(500);
                database.start();
            }
        }
    }

    private void count(String what) {
        done.merge(what, 1, Integer::sum);
    }

    private static void wait(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
