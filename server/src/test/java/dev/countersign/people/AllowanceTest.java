package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class AllowanceTest {
    private final TestClock clock = new TestClock();
    private final Allowance allowance = new Allowance(2, Duration.ofSeconds(10), clock);

    @Test
    void some_at_once_then_one_an_interval_and_what_was_passed_over_is_counted() {
        assertThat(allowance.take()).hasValue(0);
        assertThat(allowance.take()).hasValue(0);
        assertThat(allowance.take()).isEmpty();
        clock.advance(Duration.ofSeconds(9));
        assertThat(allowance.take()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(allowance.take()).hasValue(2);
        assertThat(allowance.take()).isEmpty();
    }

    @Test
    void it_does_not_save_up_more_than_it_began_with() {
        clock.advance(Duration.ofDays(1));
        allowance.take();
        allowance.take();
        assertThat(allowance.take()).isEqualTo(OptionalLong.empty());
    }

    @Test
    void a_clock_set_back_does_not_stop_it_for_good() {
        allowance.take();
        allowance.take();
        clock.advance(Duration.ofDays(-1));
        assertThat(allowance.take()).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        assertThat(allowance.take()).isPresent();
    }
}
