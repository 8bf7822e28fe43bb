package dev.countersign.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.TestClock;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FailureThrottleTest {
    private final TestClock clock = new TestClock();
    private final FailureThrottle throttle = new FailureThrottle(clock);
    private final InetAddress here = InetAddress.ofLiteral("192.0.2.1");
    private final InetAddress there = InetAddress.ofLiteral("192.0.2.2");

    @Test
    void who_guesses_at_one_client_is_slowed_to_one_guess_in_six_seconds() {
        assertThat(guesses("bot", here)).isEqualTo(10);
        clock.advance(Duration.ofSeconds(5));
        assertThat(guesses("bot", here)).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(guesses("bot", here)).isOne();
        clock.advance(Duration.ofMinutes(1));
        assertThat(guesses("bot", here)).isEqualTo(10);
    }

    @Test
    void who_guesses_at_many_clients_is_slowed_to_one_guess_a_second() {
        int all = 0;
        for (int client = 0; client < 20; client++) {
            all += guesses("bot" + client, here);
        }
        assertThat(all).isEqualTo(60);
        clock.advance(Duration.ofSeconds(1));
        assertThat(guesses("another", here)).isOne();
    }

    @Test
    void the_client_itself_gets_in_from_elsewhere() {
        guesses("bot", here);
        throttle.admit("bot", there);
        throttle.admit("other", here);
    }

    @Test
    void a_neighbour_at_the_same_address_locks_nobody_out_that_was_at_home_there() {
        throttle.succeeded("bot", here);
        for (int client = 0; client < 20; client++) {
            guesses("other" + client, here);
        }
        for (int i = 0; i < 100; i++) {
            throttle.failed("bot", here);
        }
        throttle.admit("bot", here);
        assertRefused("stranger", here);
    }

    @Test
    void being_at_home_lasts_a_day_since_it_was_last_seen() {
        throttle.succeeded("bot", here);
        clock.advance(Duration.ofHours(23));
        throttle.admit("bot", here);
        clock.advance(Duration.ofHours(23));
        assertThat(endless()).isTrue();
        clock.advance(Duration.ofHours(25));
        assertThat(endless()).isFalse();
    }

    private boolean endless() {
        for (int i = 0; i < 20; i++) {
            throttle.failed("bot", here);
        }
        try {
            throttle.admit("bot", here);
            return true;
        } catch (Refusal refusal) {
            return false;
        }
    }

    @Test
    void attempts_that_were_under_way_together_are_paid_for_afterwards() {
        for (int i = 0; i < 30; i++) {
            throttle.failed("bot", here);
        }
        clock.advance(Duration.ofMinutes(2));
        assertRefused("bot", here);
        clock.advance(Duration.ofSeconds(6));
        throttle.admit("bot", here);
    }

    @Test
    void an_ipv6_host_is_its_network() {
        guesses("bot", InetAddress.ofLiteral("2001:db8:0:1::1"));
        assertRefused("bot", InetAddress.ofLiteral("2001:db8:0:1:ffff::2"));
        throttle.admit("bot", InetAddress.ofLiteral("2001:db8:0:2::1"));
    }

    /// How many failures in a row are let through, of at most a hundred.
    private int guesses(String client, InetAddress from) {
        for (int i = 0; i < 100; i++) {
            try {
                throttle.admit(client, from);
            } catch (Refusal refusal) {
                return i;
            }
            throttle.failed(client, from);
        }
        return 100;
    }

    private void assertRefused(String client, InetAddress from) {
        assertThatThrownBy(() -> throttle.admit(client, from))
                .isInstanceOfSatisfying(
                        Refusal.class, it -> assertThat(it.code).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE));
    }
}
