package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes and a database on hosts of their own, which are cut off from one another, slowed down, held up, out
/// of step with their clocks, killed and started again while clients keep a record of every answer: each of that once,
/// and in the
/// long
/// form at random for as many seconds as `-Dcountersign.seconds` says.
@SuppressWarnings("NullAway.Init") // the test starts with them
@Timeout(value = 3_600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PartitionIT {
    private static final int NODES = 3;
    private static final int KINDS = 7;
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
    private LateProxy between;
    private Optional<SteppedClock> clock;

    @AfterEach
    void end() throws Exception {
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    @Test
    void whatever_happens_to_three_nodes_and_their_database_nothing_that_was_told_is_lost() throws Exception {
        assumeTrue(TestNetwork.isPossible(), "network namespaces take root and the program ip");
        network = new TestNetwork();
        opened.add(network::remove);
        var databaseHost = network.host();
        clock = SteppedClock.where(folder.resolve("clock"));
        var before = new ArrayList<>(TestNetwork.on(databaseHost));
        clock.ifPresent(it -> before.addAll(it.before()));
        database = TestDatabase.make(folder.resolve("data"), databaseHost, 5432, before);
        opened.add(database);
        database.start();
        between = new LateProxy(
                new InetSocketAddress(TestNetwork.BETWEEN, 5432), new InetSocketAddress(databaseHost, 5432));
        opened.add(between);
        TestCompany.configure(
                folder,
                URI.create("http://127.0.0.1:8080"),
                "postgresql://postgres@" + TestNetwork.BETWEEN + ":5432/postgres");
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
        for (int i = 0; TestReport.isLong() ? System.nanoTime() < end : i < KINDS; i++) {
            something(TestReport.isLong() ? random.nextInt(KINDS) : i, random.nextInt(NODES));
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
        TestReport.say("three nodes, %s%s: %d tokens and %d votes told, none lost; all served again after %d ms at most"
                .formatted(
                        done,
                        clock.isPresent() ? "" : " (clocks were right, there is no libfaketime)",
                        seen.tokens().size(),
                        seen.votes().size(),
                        longest.toMillis()));

        // The record itself can tell: what was decided after it was minted, and what nobody minted.
        assertThat(seen.faults(entries.reversed())).anyMatch(it -> it.contains("was minted before it was decided"));
        seen.token("", "an invented token");
        assertThat(seen.faults(entries)).hasSize(1);
    }

    /// One thing that goes wrong at a node or the database, and is over when this returns.
    private void something(int kind, int n) throws Exception {
        switch (kind) {
            case 0 -> {
                count("partitions");
                network.cut(hosts.get(n), TestNetwork.BETWEEN);
                wait(atMost(8_000));
                network.heal(hosts.get(n), TestNetwork.BETWEEN);
            }
            case 1 -> {
                count("delays");
                between.delay(hosts.get(n), Duration.ofMillis(20 + random.nextInt(180)));
                wait(atMost(6_000));
                between.delay(hosts.get(n), Duration.ZERO);
            }
            case 2 -> {
                count("steps of a clock");
                step(random.nextBoolean() ? 3 : -3);
                wait(atMost(4_000));
                step(0);
            }
            case 3 -> {
                count("wrong clocks");
                step(random.nextBoolean() ? 20 : -20);
                untilNotReady(n);
                wait(atMost(4_000));
                step(0);
            }
            case 4 -> {
                count("pauses");
                nodes.get(n).signal("STOP");
                wait(TestReport.isLong() ? 5_000 : 2_000);
                nodes.get(n).signal("CONT");
            }
            case 5 -> {
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

    private int atMost(int millis) {
        return TestReport.isLong() ? 2_000 + random.nextInt(millis - 2_000) : 2_000;
    }

    private void step(int seconds) throws Exception {
        if (clock.isPresent()) {
            clock.get().step(seconds);
        }
    }

    /// A node whose clock is more than 5 s off the database's mints nothing, and says so.
    private void untilNotReady(int n) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (clock.isPresent() && nodes.get(n).isReady()) {
            assertThat(System.nanoTime()).as(nodes.get(n)::log).isLessThan(end);
            wait(50);
        }
    }

    private void count(String what) {
        done.merge(what, 1, Integer::sum);
    }

    private static void wait(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
