package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private final ConcurrentLinkedQueue<Integer> turns = new ConcurrentLinkedQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    /// Doubles; the first turn takes until it may go on.
    private List<Integer> doubled(List<Integer> questions) {
        turns.add(questions.size());
        begun.countDown();
        await(go);
        return questions.stream().map(it -> 2 * it).toList();
    }

    @Test
    void whoever_comes_alone_is_answered_by_itself() {
        go.countDown();
        var together = new Together<>(10, this::doubled);
        assertThat(together.ask(4)).isEqualTo(8);
        assertThat(together.ask(5)).isEqualTo(10);
        assertThat(turns).containsExactly(1, 1);
        assertThat(together.waiting()).isZero();
    }

    @Test
    void those_who_come_meanwhile_are_answered_together_as_many_as_may_be() throws Exception {
        var together = new Together<>(4, this::doubled);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> together.ask(0));
            begun.await();
            var others = IntStream.rangeClosed(1, 9)
                    .mapToObj(it -> threads.submit(() -> together.ask(it)))
                    .toList();
            while (together.waiting() < 10) {
                Thread.onSpinWait();
            }
            go.countDown();
            assertThat(first.get()).isZero();
            for (int i = 0; i < others.size(); i++) {
                assertThat(others.get(i).get()).isEqualTo(2 * (i + 1));
            }
        }
        assertThat(turns).containsExactly(1, 4, 4, 1);
    }

    @Test
    void everybody_of_a_turn_hears_that_it_failed_and_the_next_turn_goes_on() throws Exception {
        var together = new Together<Integer, Integer>(10, questions -> {
            if (doubled(questions).contains(0)) {
                throw new StoreFailed("away");
            }
            return questions;
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> together.ask(0));
            begun.await();
            var second = threads.submit(() -> together.ask(7));
            go.countDown();
            assertThatThrownBy(first::get).hasCauseInstanceOf(StoreFailed.class);
            assertThat(second.get()).isEqualTo(7);
        }
        assertThat(together.ask(8)).isEqualTo(8);
        assertThat(together.waiting()).isZero();
    }

    /// While a database is away nobody goes on waiting who has given up.
    @Test
    void who_waited_too_long_is_refused_and_not_asked_for() throws Exception {
        var together = new Together<>(10, Duration.ofMillis(20), this::doubled);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> together.ask(1));
            begun.await();
            var late = threads.submit(() -> together.ask(2));
            while (together.waiting() < 2) {
                Thread.onSpinWait();
            }
            Thread.sleep(40);
            go.countDown();
            assertThat(first.get()).isEqualTo(2);
            assertThatThrownBy(late::get).hasCauseInstanceOf(Overloaded.class);
        }
        assertThat(turns).containsExactly(1);
    }

    /// Many threads for a while: no answer is lost, and none is given to another.
    @Test
    void nobody_is_forgotten_and_no_two_turns_are_at_once() throws Exception {
        var inTurn = new AtomicInteger();
        var most = new AtomicInteger();
        var together = new Together<Integer, Integer>(7, questions -> {
            most.accumulateAndGet(inTurn.incrementAndGet(), Math::max);
            LockSupport.parkNanos(10_000);
            inTurn.decrementAndGet();
            return questions.stream().map(it -> -it).toList();
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 5_000)
                    .mapToObj(it -> threads.submit(() -> together.ask(it)))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(-i);
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void too_many_are_refused_and_the_others_answered() throws Exception {
        var together = new Together<>(10_000, this::doubled);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = IntStream.range(0, 8_192)
                    .<Future<Integer>>mapToObj(it -> threads.submit(() -> together.ask(it)))
                    .toList();
            while (together.waiting() < 8_192) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> together.ask(1)).isInstanceOf(Overloaded.class);
            go.countDown();
            for (int i = 0; i < waiting.size(); i++) {
                assertThat(waiting.get(i).get()).isEqualTo(2 * i);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
