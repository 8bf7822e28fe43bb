package dev.countersign.usage;

import static dev.countersign.usage.Past.START;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whose tokens are not used any more, by what the ledger says of their use.
final class SeenInUseTest {
    private final Past past = new Past();

    private static Instant day(int day) {
        return START.plus(Duration.ofDays(day)).plus(Duration.ofHours(9));
    }

    /// Gets a token on each of these days, at nine.
    private void works(String client, int from, int to) {
        for (int day = from; day < to; day++) {
            past.minted(Past.of(client, Past.bot(day(day))));
        }
    }

    /// The same, and uses it a minute later.
    private void uses(String client, int from, int to) {
        for (int day = from; day < to; day++) {
            works(client, day, day + 1);
            past.used(client, day(day), day(day).plusSeconds(60));
        }
    }

    private boolean isTold(int day) {
        return past.codes(Past.bot(day(day))).contains(Finding.UNUSED_TOKENS);
    }

    @Test
    void tokens_that_were_used_every_day_and_are_used_no_more_are_told_after_three_days() {
        uses("bot", 0, 40);
        works("bot", 40, 42);
        assertThat(isTold(42)).isFalse();
        works("bot", 42, 43);
        assertThat(past.sentence(Past.bot(day(43)), Finding.UNUSED_TOKENS))
                .isEqualTo(
                        "none of its tokens for this API was seen in use on its last 3 days with any; before, one was"
                                + " on 40 of 40");
        var report = Report.of(past.about(Past.bot(day(43))));
        assertThat(report.terms()).containsEntry(Finding.UNUSED_TOKENS, 5);
        assertThat(past.about(Past.bot(day(43))).facts()).containsEntry("usage.unused_days", 3L);
    }

    @Test
    void one_use_ends_it() {
        uses("bot", 0, 40);
        works("bot", 40, 45);
        assertThat(isTold(45)).isTrue();
        uses("bot", 45, 46);
        assertThat(isTold(45)).isFalse();
        assertThat(isTold(46)).isFalse();
        assertThat(past.about(Past.bot(day(46))).facts()).containsEntry("usage.unused_days", 0L);
    }

    /// A token of this minute may be used in the next.
    @Test
    void the_tokens_of_today_are_not_held_against_it() {
        uses("bot", 0, 40);
        works("bot", 40, 43);
        assertThat(isTold(42)).isFalse();
        assertThat(isTold(43)).isTrue();
    }

    @Test
    void a_token_of_before_midnight_may_be_used_after_it() {
        uses("bot", 0, 40);
        works("bot", 40, 44);
        past.used("bot", day(42), day(43).plusSeconds(1));
        assertThat(isTold(44)).isFalse();
        // What is older than the day before changes nothing.
        past.used("bot", day(40), day(43).plusSeconds(2));
        assertThat(past.fold.seen().of("bot", Past.API).used())
                .isEqualTo(Math.floorDiv(day(42).getEpochSecond(), 86_400L));
    }

    @Test
    void of_an_api_that_never_asks_nothing_is_told() {
        works("bot", 0, 80);
        assertThat(isTold(80)).isFalse();
    }

    @Test
    void before_fourteen_days_it_is_silent() {
        uses("bot", 0, 13);
        works("bot", 13, 20);
        assertThat(isTold(20)).isFalse();
        uses("bot", 20, 21);
        works("bot", 21, 30);
        assertThat(isTold(30)).isTrue();
    }

    @Test
    void whoever_uses_every_other_token_is_told_later() {
        for (int day = 0; day < 40; day += 2) {
            uses("bot", day, day + 1);
            works("bot", day + 1, day + 2);
        }
        works("bot", 40, 47);
        assertThat(isTold(47)).isFalse();
        works("bot", 47, 50);
        assertThat(isTold(50)).isTrue();
    }

    @Test
    void when_an_api_asks_about_nobody_any_more_nothing_is_told_of_its_clients() {
        for (int day = 0; day < 40; day++) {
            uses("bot", day, day + 1);
            uses("other", day, day + 1);
        }
        for (int day = 40; day < 45; day++) {
            works("bot", day, day + 1);
            works("other", day, day + 1);
        }
        assertThat(isTold(45)).isFalse();
        // It asks again, and about the other one only.
        uses("other", 45, 46);
        assertThat(isTold(45)).isTrue();
    }

    @Test
    void what_others_had_before_says_nothing() {
        uses("other", 0, 30);
        uses("bot", 0, 40);
        works("bot", 40, 45);
        assertThat(isTold(45)).isTrue();
    }

    @Test
    void a_use_of_a_client_that_had_no_token_changes_nothing() {
        assertThat(past.used("bot", day(1), day(1)).fold.keys()).isEmpty();
    }

    @Test
    void only_the_first_use_of_a_day_is_news() {
        uses("bot", 0, 2);
        works("bot", 2, 4);
        var seen = past.fold.seen().of("bot", Past.API);
        assertThat(List.of(1, 2, 3, 4).stream()
                        .filter(it -> seen.isNews(Math.floorDiv(day(it).getEpochSecond(), 86_400L))))
                .containsExactly(2, 3);
    }

    @Test
    void what_was_kept_goes_on_as_what_was_not() {
        uses("bot", 0, 80);
        works("bot", 80, 84);
        var again = new UsageFold();
        for (var key : past.fold.keys()) {
            again.restore(key, past.fold.kept(key).get());
        }
        assertThat(again.seen().of("bot", Past.API)).isEqualTo(past.fold.seen().of("bot", Past.API));
        assertThat(again.about(Past.bot(day(84)), List::of)).isEqualTo(past.about(Past.bot(day(84))));
    }
}
