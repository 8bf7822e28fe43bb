package dev.countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WishTest {
    private static Wish.Quiet quiet(String from, String to) {
        return new Wish.Quiet(LocalTime.parse(from), LocalTime.parse(to), ZoneId.of("Europe/Berlin"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-01T19:59:59Z, 22:00, 07:00, PT0S",
        "2026-06-01T20:00:00Z, 22:00, 07:00, PT9H",
        "2026-06-02T04:59:00Z, 22:00, 07:00, PT1M",
        "2026-06-02T05:00:00Z, 22:00, 07:00, PT0S",
        "2026-06-01T10:00:00Z, 12:00, 13:30, PT1H30M",
        "2026-06-01T11:30:00Z, 12:00, 13:30, PT0S",
        "2026-06-01T21:00:00Z, 22:00, 00:00, PT1H",
        // the night in which clocks go back has an hour more
        "2026-10-24T20:00:00Z, 22:00, 07:00, PT10H",
        "2026-03-28T21:00:00Z, 22:00, 07:00, PT8H",
    })
    void quiet_hours_are_those_of_a_zone(Instant now, String from, String to, Duration left) {
        assertThat(quiet(from, to).left(now)).isEqualTo(left);
    }

    @Test
    void what_is_critical_wakes_and_what_is_put_off_lands_outside() {
        var wish = new Wish(false, Risk.MEDIUM, Optional.of(quiet("22:00", "07:00")));
        var night = Instant.parse("2026-06-01T20:00:00Z");
        assertThat(wish.after(Duration.ZERO, Risk.HIGH, night)).isEqualTo(Duration.ofHours(9));
        assertThat(wish.after(Duration.ZERO, Risk.CRITICAL, night)).isZero();
        assertThat(wish.after(Duration.ofHours(1), Risk.HIGH, night.minusSeconds(1800)))
                .as("a reminder that would come in the night")
                .isEqualTo(Duration.ofMinutes(570));
        assertThat(wish.wants(Risk.LOW)).isFalse();
        assertThat(wish.wants(Risk.MEDIUM)).isTrue();
    }
}
