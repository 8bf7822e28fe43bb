package dev.countersign.usage;

import static dev.countersign.usage.Past.START;
import static dev.countersign.usage.Past.bot;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Each finding where it is due and where it is not, and what trains.
final class HabitTest {
    private static final int DAYS = 42;

    /// The Monday after: at work, and in the night.
    private static final Instant NOW = START.plus(Duration.ofDays(DAYS)).plus(Duration.ofHours(10));

    private static final Instant NIGHT = NOW.plus(Duration.ofHours(17));

    private final Past past = new Past();

    @Test
    void what_is_as_ever_is_not_found() {
        past.works("bot", DAYS);
        assertThat(past.codes(bot(NOW))).isEmpty();
        assertThat(past.about(bot(NOW)).mature()).isTrue();
        assertThat(past.sentence(bot(NOW), Finding.REGULAR)).isEqualTo("used 420 times on 42 days, last within a day");
    }

    @Test
    void a_young_client_is_told_nothing_about() {
        past.works("bot", 13);
        var ask = Past.from(Past.lifetime(bot(START.plus(Duration.ofDays(13))), 900), "jwt", "k2", "cafe", "python");
        assertThat(past.about(ask).mature()).isFalse();
        assertThat(past.codes(ask)).isEmpty();
    }

    @Test
    void mature_is_thirty_that_train_on_seven_days_for_a_fortnight_and_no_silence() {
        assertThat(mature(30, Duration.ofHours(12), 14)).isTrue();
        assertThat(mature(29, Duration.ofHours(12), 14)).isFalse();
        assertThat(mature(30, Duration.ofHours(4), 14)).isFalse();
        assertThat(mature(36, Duration.ofHours(8), 13)).isFalse();
        assertThat(mature(40, Duration.ofHours(12), 90)).isFalse();
        assertThat(mature(500, Duration.ofMinutes(1), 14)).isFalse();
    }

    private static boolean mature(int uses, Duration gap, int daysKnown) {
        var past = new Past();
        for (int i = 0; i < uses; i++) {
            past.minted(bot(START.plus(gap.multipliedBy(i))));
        }
        return past.about(bot(START.plus(Duration.ofDays(daysKnown)))).mature();
    }

    @Test
    void after_a_silence_of_sixty_days_it_learns_from_the_beginning() {
        past.works("bot", DAYS);
        var back = NOW.plus(Duration.ofDays(70));
        assertThat(past.codes(bot(back))).contains("revived", "dormant");
        past.minted(bot(back));
        assertThat(past.about(bot(back)).mature()).isFalse();
        assertThat(past.codes(Past.network(bot(back), "cafe"))).isEmpty();
    }

    @Test
    void a_scope_can_be_dormant_though_its_client_is_not() {
        past.minted(Past.scopes(bot(START), "write"));
        past.works("bot", DAYS);
        assertThat(past.codes(Past.scopes(bot(NOW), "write"))).containsExactly("dormant_scope");
        assertThat(past.sentence(Past.scopes(bot(NOW), "write"), Finding.DORMANT_SCOPE))
                .isEqualTo("`write` last used 42 days ago");
    }

    @Test
    void what_it_never_had_is_told_with_how_many_peers_have_it() {
        for (var peer : List.of("a", "b", "c")) {
            past.works(peer, DAYS);
        }
        past.works("bot", DAYS).peers("a", "b", "c");
        var ask = Past.scopes(bot(NOW), "read", "write");
        assertThat(past.codes(ask)).contains("first_scope", "out_of_peer");
        assertThat(past.sentence(ask, Finding.OUT_OF_PEER))
                .isEqualTo("none of 3 clients with the same owner or tag had it in 30 days");
        past.minted(Past.of("b", Past.scopes(bot(NOW), "write")));
        assertThat(past.codes(ask)).contains("first_scope").doesNotContain("out_of_peer");
        assertThat(past.sentence(ask, Finding.FIRST_SCOPE))
                .isEqualTo("first `write`; 1 of 3 clients with the same owner or tag had it in 30 days");
        past.minted(ask);
        assertThat(past.codes(ask)).doesNotContain("first_scope");
    }

    @Test
    void a_first_details_type_and_a_first_api_are_told() {
        past.works("bot", DAYS);
        var refund = Past.types(bot(NOW), "refund");
        assertThat(past.codes(refund)).contains("first_details").doesNotContain("first_resource", "first_scope");
        past.minted(refund);
        assertThat(past.codes(refund)).doesNotContain("first_details");
        var other = new Ask(
                "bot", "team", "https://x.example", List.of("read"), List.of(), "", "", "", "", "", "", 60, NOW);
        assertThat(past.codes(other)).contains("first_resource", "first_scope");
    }

    @Test
    void the_night_is_odd_for_who_works_by_day_and_usual_for_who_does_not() {
        past.works("bot", DAYS);
        assertThat(past.codes(bot(NIGHT))).contains("odd_hour", "very_odd_hour");
        assertThat(past.sentence(bot(NIGHT), Finding.VERY_ODD_HOUR))
                .startsWith("Tuesday 03:00 UTC; 0.")
                .endsWith(" % of its use is expected in hours as rare (420 hours on 42 days)");
        assertThat(past.codes(bot(NOW))).doesNotContain("odd_hour");
    }

    @Test
    void hours_say_nothing_before_fifty_of_them_on_fourteen_days() {
        past.works("bot", 13);
        assertThat(past.about(bot(START.plus(Duration.ofDays(15)).plus(Duration.ofHours(3))))
                        .signs()
                        .hour())
                .isEmpty();
        past.works("other", 14);
        assertThat(past.about(Past.of("other", bot(NOW))).signs().hour()).isPresent();
    }

    @Test
    void a_burst_is_many_more_requests_than_ever_and_a_storm_very_many() {
        past.works("bot", DAYS);
        for (int i = 0; i < 9; i++) {
            past.refused(bot(NOW.plusSeconds(i)));
        }
        assertThat(past.codes(bot(NOW.plusSeconds(30)))).contains("burst", "storm");
        assertThat(past.sentence(bot(NOW.plusSeconds(30)), Finding.STORM))
                .startsWith("10 requests in 1 minute, usually");
        assertThat(past.codes(bot(NOW.plus(Duration.ofHours(1))))).doesNotContain("burst");
    }

    @Test
    void four_requests_are_no_burst_and_bursts_as_ever_are_none() {
        past.works("bot", DAYS);
        for (int i = 0; i < 3; i++) {
            past.refused(bot(NOW.plusSeconds(i)));
        }
        assertThat(past.codes(bot(NOW.plusSeconds(30)))).isEmpty();

        var pipeline = new Past();
        for (int day = 0; day < DAYS; day++) {
            for (int i = 0; i < 20; i++) {
                pipeline.minted(bot(START.plus(Duration.ofDays(day))
                        .plus(Duration.ofHours(9))
                        .plusSeconds(i)));
            }
        }
        for (int i = 0; i < 19; i++) {
            pipeline.refused(bot(NOW.plusSeconds(i)));
        }
        assertThat(pipeline.codes(bot(NOW.plusSeconds(30)))).doesNotContain("burst");
    }

    @Test
    void a_young_client_bursts_against_its_peers_when_three_are_known() {
        var young = Past.of("young", bot(NOW));
        past.works("a", DAYS).works("b", DAYS);
        past.minted(young);
        for (int i = 0; i < 30; i++) {
            past.refused(young);
        }
        assertThat(past.codes(young)).doesNotContain("storm");
        past.works("c", DAYS);
        assertThat(past.codes(young)).contains("storm");
    }

    @Test
    void a_flood_does_not_teach_that_floods_are_usual() {
        past.works("bot", DAYS);
        for (int day = 0; day < 5; day++) {
            for (int i = 0; i < 500; i++) {
                past.minted(bot(NOW.plus(Duration.ofDays(day)).plusMillis(100L * i)));
            }
        }
        var later = bot(NOW.plus(Duration.ofDays(6)));
        for (int i = 0; i < 40; i++) {
            past.refused(later);
        }
        assertThat(past.codes(later)).contains("storm");
    }

    @Test
    void in_ten_minutes_one_token_trains() {
        past.works("bot", DAYS);
        long before = past.about(bot(NOW)).signs().trained();
        for (int i = 0; i < 500; i++) {
            past.minted(Past.network(bot(NOW.plusMillis(10L * i)), "cafe-" + i));
        }
        assertThat(past.about(bot(NOW)).signs().trained()).isEqualTo((int) before + 1);
        assertThat(past.about(bot(NOW)).signs().networks()).isEqualTo(2);
        assertThat(past.about(bot(NOW)).uses()).isEqualTo(before + 500);
    }

    @Test
    void what_is_refused_or_denied_trains_nothing() {
        past.works("bot", DAYS);
        var strange = Past.network(Past.scopes(bot(NOW), "write"), "cafe");
        past.refused(strange).denied(strange).refused(strange);
        assertThat(past.codes(strange)).contains("first_scope", "new_network");
    }

    @Test
    void where_from_and_by_what_is_told_when_it_is_new() {
        past.works("bot", DAYS);
        assertThat(past.codes(Past.from(bot(NOW), "basic", "k1", "cafe", "curl")))
                .containsExactly("new_network");
        assertThat(past.codes(Past.from(bot(NOW), "basic", "k1", "home", "python")))
                .containsExactly("new_agent");
        assertThat(past.codes(Past.from(bot(NOW), "basic", "k2", "home", "curl")))
                .containsExactly("new_credential");
        assertThat(past.codes(Past.from(bot(NOW), "jwt", "k1", "home", "curl"))).containsExactly("new_method");
        assertThat(past.sentence(Past.network(bot(NOW), "cafe"), Finding.NEW_NETWORK))
                .isEqualTo("new network; 1 known from 420 uses");
    }

    @Test
    void whoever_roams_is_not_told_for_roaming() {
        for (int i = 0; i < 60; i++) {
            past.minted(Past.network(bot(START.plus(Duration.ofHours(12L * i + 9))), "net-" + i));
        }
        var now = START.plus(Duration.ofDays(30)).plus(Duration.ofHours(9));
        assertThat(past.about(bot(now)).mature()).isTrue();
        assertThat(past.codes(Past.network(bot(now), "yet-another"))).doesNotContain("new_network");
    }

    @Test
    void longer_and_broader_than_its_habit_is_told() {
        past.works("bot", DAYS);
        assertThat(past.codes(Past.lifetime(bot(NOW), 900))).containsExactly("long_lifetime");
        assertThat(past.sentence(Past.lifetime(bot(NOW), 900), Finding.LONG_LIFETIME))
                .isEqualTo("asks for 15 min; 95 of 100 earlier were 64 s or less (420 uses)");
        assertThat(past.codes(Past.lifetime(bot(NOW), 50))).isEmpty();
        assertThat(past.codes(Past.scopes(bot(NOW), "read", "write"))).contains("broad");
    }

    @Test
    void a_reason_given_all_day_long_is_told() {
        past.works("bot", DAYS);
        var ask = Past.reason(bot(NOW), "because");
        for (int i = 0; i < 5; i++) {
            assertThat(past.codes(ask)).doesNotContain("canned_reason");
            past.refused(ask);
        }
        assertThat(past.sentence(ask, Finding.CANNED_REASON)).isEqualTo("the same reason 6 times today");
        assertThat(past.codes(Past.reason(bot(NOW.plus(Duration.ofDays(1))), "because")))
                .doesNotContain("canned_reason");
    }

    @Test
    void what_people_denied_is_told_for_a_day() {
        past.works("bot", DAYS);
        past.denied(bot(NOW));
        assertThat(past.sentence(bot(NOW.plusSeconds(3600)), Finding.ASKED_AGAIN))
                .isEqualTo("people denied the same 1 time in the last 24 hours");
        assertThat(past.codes(bot(NOW.plus(Duration.ofHours(24))))).doesNotContain("asked_again");
    }

    @Test
    void three_approvals_that_nobody_fetched_are_told() {
        past.works("bot", DAYS);
        past.uncollected(bot(NOW)).uncollected(bot(NOW));
        assertThat(past.codes(bot(NOW))).isEmpty();
        past.uncollected(bot(NOW));
        assertThat(past.codes(bot(NOW))).containsExactly("uncollected");
    }

    @Test
    void days_unlike_the_weeks_before_stop_the_learning_until_people_have_looked() {
        var at = drifts();
        assertThat(past.codes(bot(at))).contains("drift");
        assertThat(past.sentence(bot(at), Finding.DRIFT)).startsWith("its last days differ from the weeks before (");
        int trained = past.about(bot(at)).signs().trained();
        past.minted(bot(at.plusSeconds(3600)));
        assertThat(past.about(bot(at)).signs().trained()).isEqualTo(trained);
        // Asked for before anybody could have read of it.
        past.mintedByPeople(bot(at.minusSeconds(7200)), at.plusSeconds(7200));
        assertThat(past.about(bot(at)).signs().frozen()).isTrue();
        past.mintedByPeople(bot(at.plusSeconds(7200)), at.plusSeconds(7300));
        assertThat(past.about(bot(at)).signs().frozen()).isFalse();
        assertThat(past.about(bot(at)).signs().trained()).isEqualTo(trained + 1);
    }

    @Test
    void lifting_a_freeze_of_the_client_is_having_looked() {
        var at = drifts();
        past.unfrozen("other", at);
        assertThat(past.about(bot(at)).signs().frozen()).isTrue();
        past.unfrozen("bot", at);
        assertThat(past.about(bot(at)).signs().frozen()).isFalse();
    }

    /// Works by day for long, and then by night, until that is noticed.
    private Instant drifts() {
        past.works("bot", 150);
        for (int night = 0; night < 12; night++) {
            for (int hour = 20; hour < 30; hour++) {
                var at = START.plus(Duration.ofDays(150 + night)).plus(Duration.ofHours(hour));
                past.minted(bot(at));
                if (past.about(bot(at)).signs().frozen()) {
                    return at.plusSeconds(3600);
                }
            }
        }
        throw new AssertionError(
                "nobody noticed: " + past.about(bot(NOW)).signs().divergence());
    }

    @Test
    void no_score_stands_without_its_terms() {
        past.works("bot", DAYS);
        var ask = Past.network(Past.scopes(bot(NIGHT), "write"), "cafe");
        var report = Report.of(past.about(ask));
        assertThat(report.terms().keySet()).isSubsetOf(past.codes(ask));
        assertThat(report.score())
                .isEqualTo(report.terms().values().stream().mapToInt(it -> it).sum())
                .isPositive();
        assertThat(Report.of(past.about(bot(NOW))).score()).isZero();
    }

    @Test
    void more_of_a_value_never_makes_it_more_surprising() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var values = Values.NONE;
            var hours = Hours.NONE;
            var peers = PeerHours.NONE;
            for (int i = 0, n = random.nextInt(285); i < n; i++) {
                values = values.trained("v" + random.nextInt(20), i % 80);
                hours = hours.trained(7L * i + random.nextInt(7));
                peers = peers.trained(random.nextInt(2_000));
            }
            var value = "v" + random.nextInt(25);
            long hour = 2_000L + random.nextInt(168);
            double bits = values.bits(value, 80);
            var rarity = hours.rarity(hour, peers);
            var then = hours.trained(hour).rarity(hour, peers);
            assertThat(then.bits()).as("seed %d", seed).isLessThanOrEqualTo(rarity.bits() + 1e-9);
            if (rarity.tail() < 0.5) {
                assertThat(then.tail()).as("seed %d", seed).isGreaterThanOrEqualTo(rarity.tail() - 1e-9);
            }
            for (int i = 0; i < 10; i++) {
                values = values.trained(value, 80);
                double now = values.bits(value, 80);
                assertThat(now).as("seed %d", seed).isLessThanOrEqualTo(bits);
                bits = now;
            }
        }
    }

    @Test
    void an_hour_counts_once_however_often_in_it() {
        var once = Hours.NONE.trained(1_000);
        assertThat(once.trained(1_000)).isSameAs(once);
        assertThat(once.trained(1_001).count()).isEqualTo(2);
    }

    @Test
    void what_was_kept_goes_on_as_what_was_not() {
        var random = new Random(7);
        var whole = new Past();
        var kept = new UsageFold();
        for (int i = 0; i < 3_000; i++) {
            some(whole, random, i);
            kept.fold(whole.entries.getLast());
            if (i % 500 == 250) {
                var again = new UsageFold();
                for (var key : kept.keys()) {
                    again.restore(key, kept.kept(key).get());
                }
                kept = again;
            }
        }
        for (var key : whole.fold.keys()) {
            assertThat(kept.kept(key).get()).isEqualTo(whole.fold.kept(key).get());
        }
        for (int i = 0; i < 200; i++) {
            var ask = ask(random, i + 3_000);
            assertThat(kept.about(ask, List::of)).isEqualTo(whole.fold.about(ask, List::of));
        }
    }

    private static void some(Past past, Random random, int i) {
        var ask = ask(random, i);
        switch (random.nextInt(6)) {
            case 0 -> past.refused(ask);
            case 1 -> past.denied(ask);
            case 2 -> past.uncollected(ask);
            case 3 -> past.mintedByPeople(ask, ask.at().plusSeconds(90));
            default -> past.minted(ask);
        }
    }

    private static Ask ask(Random random, int i) {
        var like = Past.of("bot-" + random.nextInt(5), bot(START.plus(Duration.ofMinutes(37L * i))));
        return Past.reason(
                Past.network(Past.scopes(like, "s" + random.nextInt(9)), "n" + random.nextInt(40)),
                "r" + random.nextInt(3));
    }

    /// What one request reads: the client's week (168 numbers of two bytes), its peers' hours (48 of eight), three
    /// windows here and there, one value of each kind, counters of the client and of each thing asked for.
    @Test
    void what_is_kept_of_one_client_is_bounded() {
        for (int i = 0; i < 5_000; i++) {
            past.minted(Past.reason(
                    Past.network(bot(START.plus(Duration.ofMinutes(20L * i))), "network-" + i), "reason-" + i));
            past.denied(bot(START.plus(Duration.ofMinutes(20L * i))));
        }
        assertThat(past.fold.kept(UsageKey.habit("bot")).get().length()).isLessThan(16_000);
        assertThat(past.fold.kept(UsageKey.group("team")).get().length()).isLessThan(2_000);
        assertThat(past.fold.kept(UsageKey.of("bot")).get().length()).isLessThan(400);
    }
}
