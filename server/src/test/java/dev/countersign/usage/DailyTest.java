package dev.countersign.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import dev.countersign.usage.Daily.Came;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What came of requests from day to day.
final class DailyTest {
    private static final LocalDate FIRST = LocalDate.of(2026, 5, 30);

    private final TestClock clock = new TestClock(Instant.parse("2026-05-30T23:00:00Z"));
    private final String master = MasterKey.generate();

    @TempDir
    private Path folder;

    private static void minted(TestLedger test, String by, String... rules) {
        var body = new HashMap<String, Object>(Map.of(
                Member.JTI,
                Ids.secret(16),
                Member.CLIENT,
                "bot",
                Member.RESOURCE,
                TestLedger.API,
                Member.SCOPES,
                List.of("read"),
                Member.BY,
                by));
        body.put(Member.RULES, List.of(rules));
        test.write(Code.TOKEN_MINTED, body);
    }

    private static void refused(TestLedger test, String because) {
        test.write(
                Code.REQUEST_REFUSED,
                Map.of(Member.CLIENT, "bot", Member.BECAUSE, because, Member.RULES, List.of("never")));
    }

    private static Map<Came, Long> on(Daily daily, LocalDate date) {
        return daily.last(1, date).getFirst().counts();
    }

    @Test
    void each_request_counts_once_for_its_client_and_for_the_rules_that_settled_it() {
        try (var test = new TestLedger(folder, master, clock);
                var profiles = Profiles.open(test.store, test.ledger)) {
            minted(test, Member.BY_POLICY, "routine");
            minted(test, Member.BY_OBSERVATION, "money");
            minted(test, Member.BY_BREAK_GLASS, "outage");
            clock.advance(Duration.ofHours(2));
            test.write(Code.REQUEST_MADE, Map.of(Member.CLIENT, "bot"));
            test.write(Code.REQUEST_JUDGED, Map.of(Member.RULES, List.of("money", "payouts")));
            minted(test, Member.BY_PEOPLE); // what was asked the moment before
            refused(test, Member.BY_POLICY);
            refused(test, "frozen");

            var bot = profiles.daysOf("bot").orElseThrow();
            assertThat(on(bot, FIRST)).isEqualTo(Map.of(Came.PASSED, 1L, Came.OBSERVED, 1L, Came.BROKE_GLASS, 1L));
            assertThat(on(bot, FIRST.plusDays(1))).isEqualTo(Map.of(Came.ASKED, 1L, Came.REFUSED, 2L));
            assertThat(on(profiles.daysOfRule("money").orElseThrow(), FIRST)).isEqualTo(Map.of(Came.OBSERVED, 1L));
            assertThat(on(profiles.daysOfRule("money").orElseThrow(), FIRST.plusDays(1)))
                    .isEqualTo(Map.of(Came.ASKED, 1L));
            assertThat(on(profiles.daysOfRule("payouts").orElseThrow(), FIRST.plusDays(1)))
                    .isEqualTo(Map.of(Came.ASKED, 1L));
            assertThat(on(profiles.daysOfRule("never").orElseThrow(), FIRST.plusDays(1)))
                    .isEqualTo(Map.of(Came.REFUSED, 1L));
            assertThat(profiles.daysOf("nobody")).isEmpty();
            assertThat(profiles.daysOfRule("none")).isEmpty();
        }
    }

    @Test
    void days_without_anything_are_there_and_those_of_long_ago_are_not_kept() {
        var daily = new Daily();
        var start = clock.instant();
        daily.count(Came.PASSED, start);
        daily.count(Came.PASSED, start.plus(Duration.ofDays(Daily.KEPT - 1)));

        assertThat(daily.last(Daily.KEPT, FIRST.plusDays(Daily.KEPT - 1)))
                .hasSize(Daily.KEPT)
                .satisfies(it -> assertThat(it.getFirst().count(Came.PASSED)).isEqualTo(1))
                .satisfies(it -> assertThat(it.get(1).counts()).isEmpty());

        daily.count(Came.REFUSED, start.plus(Duration.ofDays(Daily.KEPT)));
        assertThat(on(daily, FIRST)).isEmpty();
        assertThat(on(daily, FIRST.plusDays(Daily.KEPT))).isEqualTo(Map.of(Came.REFUSED, 1L));
    }

    @Test
    void what_was_kept_comes_back_and_from_nothing_it_comes_out_the_same() {
        List<Daily.Day> before;
        try (var test = new TestLedger(folder, master, clock);
                var profiles = Profiles.open(test.store, test.ledger)) {
            minted(test, Member.BY_POLICY, "routine");
            clock.advance(Duration.ofDays(3));
            minted(test, Member.BY_POLICY, "routine");
            before = profiles.daysOfRule("routine").orElseThrow().last(9, FIRST.plusDays(3));
            profiles.keep();
        }
        try (var test = new TestLedger(folder, master, clock)) {
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(profiles.daysOfRule("routine").orElseThrow().last(9, FIRST.plusDays(3)))
                        .isEqualTo(before);
            }
            test.sql("DELETE FROM usage_kept");
            test.sql("DELETE FROM usage_fold WHERE name = 'habits'");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(profiles.daysOfRule("routine").orElseThrow().last(9, FIRST.plusDays(3)))
                        .isEqualTo(before);
            }
        }
    }
}
