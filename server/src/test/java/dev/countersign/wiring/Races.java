package dev.countersign.wiring;

import dev.countersign.PausingDriver;
import dev.countersign.TestStores;
import dev.countersign.approval.Freezes;
import dev.countersign.store.Store;
import dev.countersign.wiring.Race.Operation;
import dev.countersign.wiring.Race.Start;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server on which pairs of operations race, each pair in many orders and each order about a request of its own.
final class Races implements AutoCloseable {
    private static final int AT_ONCE = 200;

    /// What the orders of two writes in one group begin with.
    private static final String ONE_GROUP = "one group ";

    private final @Nullable Connection looksOn;
    private final PausingDriver driver;
    private final TestGate gate;
    private final Schedules schedules;
    private final List<Ran> unchecked = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private boolean stopsAtTheClock;
    private int races;

    private record Ran(Race race, Start start, List<Operation> pair, Schedules.Run run) {}

    /// @param sql each statement on PostgreSQL as it is to be run
    Races(Path folder, UnaryOperator<String> sql) {
        driver = PausingDriver.install(sql);
        gate = new TestGate(folder, Race.POLICIES);
        gate.signIn(); // eve, who votes
        gate.configure("limits.yaml", "limits: { pending_per_client: 10000 }");
        gate.parts().housekeeping.close(); // nothing happens by itself
        looksOn = TestStores.onPostgres() ? TestStores.connection(folder.resolve("countersign.db")) : null;
        schedules = new Schedules(this::waits, this::stops);
    }

    private boolean waits(int backend, int other) {
        if (looksOn == null) {
            return false;
        }
        try (var asks = looksOn.prepareStatement("SELECT ? = ANY (pg_blocking_pids(?))")) {
            asks.setInt(1, other);
            asks.setInt(2, backend);
            try (var row = asks.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// Where statements are points, the time matters only to a pair that moves it.
    private boolean stops(String point) {
        return looksOn == null || stopsAtTheClock || !point.equals("ask for the time");
    }

    /// Lets a pair race in all orders with so many interruptions at most. How many there were.
    int explore(Start start, Operation a, Operation b, int interruptions) {
        var pair = List.of(a, b);
        var race = begin(pair);
        int runs = schedules.explore(
                interruptions,
                () -> {
                    race[0] = fresh(start, pair);
                    return operations(race[0], pair);
                },
                run -> ran(race[0], start, pair, run));
        if (looksOn == null) {
            again(start, a, b, ONE_GROUP + "AB");
            again(start, a, b, ONE_GROUP + "BA");
            runs += 2;
        }
        check();
        return runs;
    }

    /// Lets a pair race in one order.
    void again(Start start, Operation a, Operation b, String order) {
        var pair = List.of(a, b);
        begin(pair);
        var race = fresh(start, pair);
        var run = order.startsWith(ONE_GROUP)
                ? together(race, pair, order.substring(ONE_GROUP.length()))
                : schedules.run(order, operations(race, pair));
        ran(race, start, pair, run);
        check();
    }

    private Race[] begin(List<Operation> pair) {
        stopsAtTheClock = pair.contains(Operation.EXPIRE);
        return new Race[1];
    }

    private Race fresh(Start start, List<Operation> pair) {
        if (pair.contains(Operation.FREEZE)) {
            lift();
        }
        var race = new Race(gate, ++races, start);
        if (pair.contains(Operation.EXPIRE)) {
            race.waitUntilNearly(start);
        }
        return race;
    }

    private void lift() {
        gate.parts().freezes.lift(Freezes.Kind.CLIENT, "refund-bot", Race.OPERATOR);
    }

    private static List<Schedules.Operation> operations(Race race, List<Operation> pair) {
        return pair.stream()
                .map(it -> new Schedules.Operation(it.name(), () -> race.run(it)))
                .toList();
    }

    /// Both in one group of writes of SQLite, in this order: they are handed over while the writer is held up.
    private Schedules.Run together(Race race, List<Operation> pair, String order) {
        var store = gate.parts().installation.store;
        var go = new CountDownLatch(1);
        var answers = new ArrayList<FutureTask<Object>>();
        pair.forEach(it -> answers.add(new FutureTask<>(() -> race.run(it))));
        var held = hold(store, go);
        for (int i = 0; i < 2; i++) {
            var answer = answers.get(order.charAt(i) - 'A');
            int before = store.waiting();
            Thread.ofVirtual().start(answer);
            TestGate.until(() -> store.waiting() > before || answer.isDone());
        }
        go.countDown();
        var told = answers.stream().map(Races::told).toList();
        told(held);
        var steps = Stream.of(0, 1)
                .map(i -> new Schedules.Step(order.charAt(i), "group"))
                .toList();
        var ended = order.equals("AB") ? List.of(1, 2) : List.of(2, 1);
        return new Schedules.Run(ONE_GROUP + order, steps, told, ended, new BitSet(), List.of(), List.of());
    }

    private static FutureTask<Object> hold(Store store, CountDownLatch go) {
        var holds = new CountDownLatch(1);
        var held = new FutureTask<Object>(() -> store.write(tx -> {
            holds.countDown();
            return uninterrupted(() -> {
                go.await();
                return true;
            });
        }));
        Thread.ofVirtual().start(held);
        uninterrupted(() -> {
            holds.await();
            return true;
        });
        return held;
    }

    private static Object told(FutureTask<Object> answer) {
        return uninterrupted(() -> {
            try {
                return answer.get();
            } catch (ExecutionException thrown) {
                return Objects.requireNonNull(thrown.getCause());
            }
        });
    }

    private static <T> T uninterrupted(Callable<T> does) {
        try {
            return does.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// The books of many are checked at once, unless the next race would change what they are about.
    private void ran(Race race, Start start, List<Operation> pair, Schedules.Run run) {
        unchecked.add(new Ran(race, start, pair, run));
        if (stopsAtTheClock || unchecked.size() >= AT_ONCE) {
            check();
        }
    }

    private void check() {
        gate.parts().installation.ledger.settle();
        for (var it : unchecked) {
            for (var fault : RaceBooks.faults(gate, it.race(), it.start(), it.pair(), it.run())) {
                faults.add(fault + "\n  " + line(it) + "\n  " + it.run().answers() + "\n  "
                        + it.run().steps());
            }
        }
        unchecked.clear();
        lift();
        gate.clock.advance(Duration.ofMinutes(20));
        while (gate.parts().panel.expireDue(100) == 100) {
            // there is more
        }
    }

    /// How to have one again.
    private static String line(Ran it) {
        return "./mvnw -B -pl server test-compile surefire:test@%s -Dtest=SchedulesTest '-Dcountersign.schedule=%s %s %s %s'"
                .formatted(
                        TestStores.onPostgres() ? "on-postgresql" : "default-test",
                        it.start(),
                        it.pair().get(0),
                        it.pair().get(1),
                        it.run().order());
    }

    /// What was wrong, each with how to have it again.
    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        try (driver) {
            gate.close();
        } finally {
            stopLooking();
        }
    }

    /// Lets go of a server whose ledger is not expected to be right.
    void abandon() {
        try (driver) {
            gate.server().close();
        } finally {
            stopLooking();
        }
    }

    private void stopLooking() {
        try {
            if (looksOn != null) {
                looksOn.close();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
