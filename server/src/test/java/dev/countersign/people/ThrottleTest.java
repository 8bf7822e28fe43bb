package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class ThrottleTest {
    private final TestClock clock = new TestClock();
    private final Throttle throttle = new Throttle(3, Duration.ofMinutes(1), 100, clock);

    @Test
    void after_the_free_tries_the_wait_doubles_up_to_the_longest() {
        var waits = new ArrayList<Long>();
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.take("a")).isZero();
            var wait = throttle.take("a");
            if (wait.isZero()) {
                throttle.giveBack("a");
            }
            waits.add(wait.toSeconds());
            clock.advance(wait);
        }
        assertThat(waits).containsExactly(0L, 0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void who_asks_too_early_does_not_wait_longer_for_it() {
        fail("a", 3);
        assertThat(throttle.take("a")).isEqualTo(Duration.ofSeconds(1));
        assertThat(throttle.take("a")).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofMillis(400));
        assertThat(throttle.take("a")).isEqualTo(Duration.ofMillis(600));
        assertThat(throttle.take("b")).isZero();
    }

    @Test
    void an_hour_without_a_try_is_forgiven() {
        fail("a", 3);
        clock.advance(Duration.ofHours(1));
        fail("a", 2);
        assertThat(throttle.take("a")).isZero();
    }

    @Test
    void a_try_given_back_was_none() {
        fail("a", 2);
        assertThat(throttle.take("a")).isZero();
        throttle.giveBack("a");
        assertThat(throttle.take("a")).isZero();
        assertThat(throttle.take("a")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void giving_back_one_try_leaves_the_failures_before_it() {
        fail("a", 3);
        clock.advance(Duration.ofSeconds(1));
        assertThat(throttle.take("a")).isZero();
        throttle.giveBack("a");
        assertThat(throttle.take("a")).isZero();
        assertThat(throttle.take("a")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void forgiving_leaves_nothing_behind() {
        fail("a", 3);
        throttle.forgive("a");
        assertThat(throttle.size()).isZero();
        assertThat(throttle.take("a")).isZero();
    }

    @Test
    void memory_is_bounded_and_who_keeps_trying_is_not_forgotten_for_it() {
        fail("a", 3);
        for (int i = 0; i < 1000; i++) {
            throttle.take("stranger " + i);
            throttle.take("a");
        }
        assertThat(throttle.size()).isEqualTo(100);
        assertThat(throttle.take("a")).isPositive();
    }

    private void fail(String key, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(throttle.take(key)).isZero();
        }
    }
}
