package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.TestPassword;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PasswordChecksTest {
    @Test
    void over_the_queue_the_answer_is_busy_and_half_of_it_is_not_for_strangers() throws Exception {
        var go = new CountDownLatch(1);
        try (var checks = new PasswordChecks(1, 4);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Optional<Boolean>>>();
            var running = new CountDownLatch(1);
            answers.add(callers.submit(() -> checks.run(true, () -> {
                running.countDown();
                go.await();
                return true;
            })));
            running.await();
            for (int waiting = 1; waiting <= 4; waiting++) {
                boolean stranger = waiting <= 2;
                answers.add(callers.submit(() -> checks.run(stranger, () -> true)));
                while (checks.waiting() < waiting) {
                    Thread.onSpinWait();
                }
                if (waiting >= 2) {
                    assertThat(checks.run(true, () -> true)).isEmpty();
                }
            }
            assertThat(checks.run(false, () -> true)).isEmpty();
            go.countDown();
            for (var answer : answers) {
                assertThat(answer.get()).contains(true);
            }
        }
    }

    @Test
    void no_more_run_at_once_than_there_are_threads() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        try (var checks = new PasswordChecks(2, 100);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Optional<Boolean>>>();
            for (int i = 0; i < 20; i++) {
                answers.add(callers.submit(() -> checks.run(false, () -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    TestPassword.hash("work");
                    now.decrementAndGet();
                    return true;
                })));
            }
            for (var answer : answers) {
                assertThat(answer.get()).contains(true);
            }
        }
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void a_check_that_breaks_is_no_answer() {
        try (var checks = new PasswordChecks(1, 4)) {
            assertThatThrownBy(() -> checks.run(false, () -> {
                        throw new IllegalArgumentException("broken");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("broken");
        }
    }
}
