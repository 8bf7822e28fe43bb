package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.policy.Facts;
import dev.countersign.replay.Past;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules that speak of office hours and of days on which nothing is changed.
@OneStore
final class CalendarWireTest {
    private static final String POLICIES = """
            calendars:
              - name: office
                zone: Europe/Berlin
                windows: [ { days: [monday, tuesday, wednesday, thursday, friday], hours: 08:00-18:00 } ]
                holidays: [2026-06-04]
              - name: freeze
                zone: Europe/Berlin
                windows: [ { days: [saturday, sunday], hours: 00:00-24:00 } ]
            policies:
              - { rule: by-day, when: "'office' in time.windows && risk == LOW", approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 30d, collect: 1d, lifetime: 2m }
              - { rule: holidays, when: "'office' in time.holidays", deny: "it is a holiday" }
              - { rule: frozen-days, when: "'freeze' in time.windows", deny: "nothing is changed now" }
            """;

    @TempDir
    Path folder;

    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, POLICIES);
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    /// Moves to the next such day and time in Berlin.
    private void at(DayOfWeek day, int hour) {
        var now = ZonedDateTime.ofInstant(gate.clock.instant(), ZoneId.of("Europe/Berlin"));
        var then = now.with(TemporalAdjusters.next(day))
                .withHour(hour)
                .withMinute(0)
                .withSecond(0);
        gate.clock.advance(Duration.between(now, then));
    }

    @Test
    void what_is_open_decides_and_stands_in_the_record() {
        at(DayOfWeek.TUESDAY, 10);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status()).isEqualTo(200);
        assertThat(recorded()).containsExactly("office");
        at(DayOfWeek.TUESDAY, 18);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status()).isEqualTo(400);
        assertThat(recorded()).isEmpty();
    }

    @Test
    void what_is_held_in_the_window_is_denied_outside_and_on_holidays() {
        at(DayOfWeek.TUESDAY, 10);
        assertThat(gate.defer("refund-bot", "scope", "refunds:write").reference())
                .isNotEmpty();
        at(DayOfWeek.THURSDAY, 10);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status())
                .as("4 June")
                .isEqualTo(400);
        var refused = gate.entries("request.refused").getLast();
        assertThat(refused.toString()).contains("holidays");
        at(DayOfWeek.SATURDAY, 10);
        gate.ask("refund-bot", "scope", "refunds:read");
        assertThat(gate.entries("request.refused").getLast().toString()).contains("frozen-days");
    }

    /// The record has what was asked by: the entry may be written after the window closed.
    @Test
    void the_same_calendars_flip_nothing_whatever_the_clock_did_meanwhile() throws SQLException {
        at(DayOfWeek.TUESDAY, 17);
        gate.clock.advance(Duration.ofMinutes(59));
        var before = gate.clock.instant();
        for (int step = 1; step <= 8; step++) {
            gate.clock.meanwhile(step, () -> gate.clock.advance(Duration.ofMinutes(1)));
            gate.ask("refund-bot", "scope", "refunds:read");
            gate.clock.meanwhile(Integer.MAX_VALUE, () -> {});
            gate.clock.advance(Duration.between(gate.clock.instant(), before.plus(Duration.ofDays(7L * step))));
        }
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            var flips = past.backtest(gate.configuration(), Instant.EPOCH, 10, 1);
            assertThat(flips.compared()).isEqualTo(8);
            assertThat(flips.flipped()).isZero();
        }
    }

    @Test
    void an_approval_is_not_collected_while_that_is_denied() {
        at(DayOfWeek.FRIDAY, 17);
        var asked = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("bo", Word.APPROVE, asked.reference());
        at(DayOfWeek.SATURDAY, 10);
        assertThat(gate.poll("refund-bot", asked.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.codes()).doesNotContain("token.minted");
    }

    @Test
    void other_calendars_can_be_tried_on_the_past() throws SQLException {
        at(DayOfWeek.TUESDAY, 10);
        gate.ask("refund-bot", "scope", "refunds:read");
        gate.write("policies.yaml", POLICIES.replace("08:00-18:00", "12:00-18:00"));
        var candidate = ((Read.Good) Configuration.read(folder)).configuration();
        gate.write("policies.yaml", POLICIES);
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            var flips = past.backtest(candidate, Instant.EPOCH, 10, 1);
            assertThat(flips.count(dev.countersign.replay.Word.APPROVE, dev.countersign.replay.Word.DENY))
                    .isEqualTo(1);
            assertThat(past.backtest(gate.configuration(), Instant.EPOCH, 10, 1)
                            .count(dev.countersign.replay.Word.APPROVE, dev.countersign.replay.Word.APPROVE))
                    .isEqualTo(1);
        }
    }

    private List<String> recorded() {
        var entries = new ArrayList<>(gate.entries("token.minted"));
        entries.addAll(gate.entries("request.refused"));
        var facts = Facts.fromJson(gate.disclosed(entries.getLast(), "facts"));
        return ((List<?>) facts.value("time.windows").orElseThrow())
                .stream().map(String::valueOf).toList();
    }
}
