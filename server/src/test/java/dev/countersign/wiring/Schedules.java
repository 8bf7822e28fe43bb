package dev.countersign.wiring;

import dev.countersign.PausePoints;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs two operations so that only one of them moves at a time, from pause point to pause point, and does so in every
/// order there is.
///
/// An order is written as whose step comes next, `AABBBA`. The search runs an order to its end, and comes back to each
/// point where the other could have gone on. Where one waits for a row that the other holds, the database says so, and
/// only the other can go on.
///
/// Where any number of interruptions is wanted, of the orders that differ only in steps that [Steps#commute] one is
/// run: sleep sets, Godefroid 1996. Whoever has had its turn at a point sleeps there while the other's ways are looked
/// for, until the other does something that it could notice.
final class Schedules {
    private static final int STUCK_SECONDS = 30;
    private static final String START = "start";

    /// Any number of interruptions.
    static final int ANY = Integer.MAX_VALUE;

    /// What the database knows: whether one of its processes waits for another.
    interface Blocking {
        boolean waits(int backend, int other);
    }

    /// One of the two.
    record Operation(String name, Callable<Object> does) {}

    /// @param who `A` or `B`
    /// @param from the point that was left
    record Step(char who, String from) {}

    /// One order, and what came of it.
    ///
    /// @param order what has to be given to have it again
    /// @param ended after how many steps each was told its answer
    /// @param open at which steps the other could have moved
    /// @param next at each step what the two were about to do
    /// @param asleep at each step who slept
    record Run(
            String order,
            List<Step> steps,
            List<Object> answers,
            List<Integer> ended,
            BitSet open,
            List<Map<Character, Steps.Next>> next,
            List<Set<Character>> asleep) {
        /// The last step of A or B that could make anything true for others: its last commit, or where commits cannot
        /// be seen its last step.
        int effect(char who) {
            int last = -1;
            int commit = -1;
            for (int i = 0; i < steps.size(); i++) {
                if (steps.get(i).who() == who) {
                    last = i;
                    commit = steps.get(i).from().equals("commit") ? i : commit;
                }
            }
            return commit < 0 ? last : commit;
        }

        /// Whether both came to their end.
        boolean isWhole() {
            return !ended.contains(0);
        }

        /// The switches that were nobody's need.
        private int preemptions(int until) {
            int preemptions = 0;
            for (int i = 1; i < until; i++) {
                if (open.get(i) && order.charAt(i) != order.charAt(i - 1)) {
                    preemptions++;
                }
            }
            return preemptions;
        }
    }

    private final Blocking blocking;
    private final Predicate<String> stops;

    /// @param stops the points that count
    Schedules(Blocking blocking, Predicate<String> stops) {
        this.blocking = blocking;
        this.stops = stops;
    }

    /// What an order begins with, and who sleeps after that.
    private record Beginning(String order, Set<Character> asleep) {}

    /// Runs all orders in which one is interrupted by the other at most so often.
    ///
    /// @param interruptions [#ANY] for all orders that differ in anything
    /// @param fresh makes the operations anew for each order
    /// @return how many there were
    int explore(int interruptions, Supplier<List<Operation>> fresh, Consumer<Run> check) {
        var left = new ArrayDeque<>(List.of(new Beginning("A", Set.of()), new Beginning("B", Set.of())));
        int runs = 0;
        while (!left.isEmpty()) {
            var given = left.pop();
            var run = run(given, interruptions == ANY, fresh.get());
            if (run.isWhole()) {
                check.accept(run);
                runs++;
            }
            for (int i = given.order().length(); i < run.order().length(); i++) {
                if (run.open().get(i) && run.preemptions(i) < interruptions) {
                    turn(run, i, interruptions == ANY).ifPresent(left::push);
                }
            }
        }
        return runs;
    }

    /// The other's turn at a step; empty where it sleeps.
    private static Optional<Beginning> turn(Run run, int step, boolean sleeps) {
        char was = run.order().charAt(step);
        char other = other(was);
        var order = run.order().substring(0, step) + other;
        if (!sleeps) {
            return Optional.of(new Beginning(order, Set.of()));
        }
        return run.asleep().get(step).contains(other)
                ? Optional.empty()
                : Optional.of(new Beginning(
                        order, stillAsleep(Set.of(was), other, run.next().get(step))));
    }

    /// Those who would not notice what `mover` does next.
    private static Set<Character> stillAsleep(Set<Character> asleep, char mover, Map<Character, Steps.Next> next) {
        return asleep.stream()
                .filter(it -> it != mover
                        && Steps.commute(Objects.requireNonNull(next.get(it)), Objects.requireNonNull(next.get(mover))))
                .collect(Collectors.toSet());
    }

    /// Runs one order. Where it says nothing, whoever moved last goes on.
    Run run(String order, List<Operation> operations) {
        return run(new Beginning(order, Set.of()), false, operations);
    }

    private Run run(Beginning beginning, boolean sleeps, List<Operation> operations) {
        var order = beginning.order();
        var a = new Runner(operations.get(0));
        var b = new Runner(operations.get(1));
        var taken = new StringBuilder();
        var steps = new ArrayList<Step>();
        var open = new BitSet();
        var nexts = new ArrayList<Map<Character, Steps.Next>>();
        var asleep = new ArrayList<Set<Character>>();
        var asleepNow = Set.<Character>of();
        try {
            a.start();
            b.start();
            settle(a, b);
            settle(b, a);
            while (!a.done || !b.done) {
                boolean both = a.ready() && b.ready();
                boolean given = taken.length() < order.length();
                char last = taken.isEmpty() ? 'A' : taken.charAt(taken.length() - 1);
                char wanted = given ? order.charAt(taken.length()) : asleepNow.contains(last) ? other(last) : last;
                char who = both ? wanted : a.ready() ? 'A' : 'B';
                if (asleepNow.contains(who)) {
                    break; // what would come is known from another order
                }
                var mover = who == 'A' ? a : b;
                var other = who == 'A' ? b : a;
                var next = Map.of('A', a.next(), 'B', b.next());
                open.set(steps.size(), both);
                nexts.add(next);
                asleep.add(asleepNow);
                taken.append(who);
                if (taken.length() == order.length()) {
                    asleepNow = beginning.asleep();
                } else if (sleeps && !given) {
                    asleepNow = stillAsleep(asleepNow, who, next);
                }
                if (mover.ready()) {
                    steps.add(new Step(who, mover.at));
                    mover.go();
                } else {
                    steps.add(new Step(who, "wait"));
                }
                settle(mover, other);
                settle(other, mover);
                a.endedAfter(steps.size());
                b.endedAfter(steps.size());
            }
        } finally {
            a.free();
            b.free();
            a.join();
            b.join();
        }
        return new Run(
                taken.toString(),
                steps,
                List.of(a.answer(), b.answer()),
                List.of(a.steps, b.steps),
                open,
                nexts,
                asleep);
    }

    private static char other(char who) {
        return who == 'A' ? 'B' : 'A';
    }

    /// Waits until one stands at a point, is done, or waits for the other.
    private void settle(Runner one, Runner other) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STUCK_SECONDS);
        while (one.moving) {
            if (one.arrives()) {
                one.moving = false;
            } else if (!other.moving && !other.done && blocking.waits(one.backend, other.backend)) {
                return;
            } else if (System.nanoTime() > end) {
                throw new AssertionError(one + " neither goes on nor waits for " + other);
            }
        }
    }

    /// An operation on its thread.
    private final class Runner {
        private final Operation operation;
        private final Semaphore go = new Semaphore(0);
        private final Semaphore arrived = new Semaphore(0);
        private @Nullable Object answer;
        private volatile String at = "";
        private volatile int backend;
        private volatile boolean ended;
        private volatile boolean free;
        private @Nullable Thread thread;

        /// What it has written or held since its last transaction began.
        private Set<String> touched = Set.of();

        /// Both are the scheduler's own: let go and not arrived yet; arrived at its end.
        private boolean moving = true;

        private boolean done;

        /// After how many steps of both it was at its end.
        private int steps;

        Runner(Operation operation) {
            this.operation = operation;
        }

        void start() {
            // Its statements are its own thread's, where a virtual one would hand them over.
            thread = Thread.ofPlatform().name(operation.name()).start(() -> {
                PausePoints.stopHere(this::stop);
                stop(START, 0);
                try {
                    answer = operation.does().call();
                } catch (Throwable thrown) {
                    answer = thrown;
                }
                ended = true;
                arrived.release();
            });
        }

        private void stop(String point, int at) {
            if (free || !(point.equals(START) || stops.test(point))) {
                return;
            }
            this.at = point;
            this.backend = at == 0 ? backend : at;
            arrived.release();
            go.acquireUninterruptibly();
        }

        boolean ready() {
            return !moving && !done;
        }

        Steps.Next next() {
            return new Steps.Next(at, touched);
        }

        void go() {
            moving = true;
            touched = next().touches();
            go.release();
        }

        boolean arrives() {
            try {
                if (!arrived.tryAcquire(1, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            done = ended;
            return true;
        }

        void endedAfter(int steps) {
            this.steps = done && this.steps == 0 ? steps : this.steps;
        }

        /// Lets it run to its end, after a failure or where the rest is known. Both are let go before either is
        /// waited for.
        void free() {
            free = true;
            go.release();
        }

        void join() {
            try {
                if (thread != null && !thread.join(Duration.ofSeconds(STUCK_SECONDS))) {
                    throw new AssertionError(this + " does not end");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        Object answer() {
            return answer == null ? "nothing" : answer;
        }

        @Override
        public String toString() {
            return operation.name() + " at " + at;
        }
    }
}
