package dev.countersign.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FindingTest {
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

    @Test
    void dormant_is_more_than_a_fortnight_and_more_than_its_own_rhythm() {
        var daily = every(Duration.ofDays(1), 40);
        assertThat(sentences(daily, 14)).isEmpty();
        assertThat(sentences(daily, 15)).containsExactly("last used 15 days ago, usually within 1 day (39 gaps)");
        var monthly = every(Duration.ofDays(30), 6);
        assertThat(sentences(monthly, 120)).isEmpty();
        assertThat(sentences(monthly, 121)).containsExactly("last used 121 days ago, usually within 30 days (5 gaps)");
    }

    @Test
    void a_client_that_never_had_a_token_is_dormant_too() {
        var known = UsageFacts.Known.neverUsed(START, List.of("a"), Signs.NONE, START.plus(Duration.ofDays(143)));
        assertThat(Finding.of(known))
                .extracting(Finding::sentence)
                .containsExactly("never used since it was registered 143 days ago", "first token ever, with `a`");
        assertThat(Finding.codes(Finding.of(known))).containsExactly("dormant", "first_scope", "revived");
        var young = UsageFacts.Known.neverUsed(START, List.of(), Signs.NONE, START.plus(Duration.ofDays(1)));
        assertThat(Finding.of(young)).isEmpty();
    }

    @Test
    void first_scopes_are_named_up_to_three() {
        var known =
                UsageFacts.Known.of(Counter.once(START), List.of("a", "b", "c", "d", "e"), false, Signs.NONE, START);
        assertThat(Finding.of(known)).extracting(Finding::sentence).containsExactly("first `a`, `b`, `c` and 2 more");
    }

    @Test
    void good_news_is_told_and_is_no_finding_for_policies() {
        var known = UsageFacts.Known.of(
                every(Duration.ofHours(12), 60), List.of(), true, Signs.NONE, START.plus(Duration.ofDays(31)));
        assertThat(Finding.of(known))
                .extracting(Finding::sentence)
                .containsExactly("used 60 times on 30 days, last 1 day ago");
        assertThat(Finding.codes(Finding.of(known))).isEmpty();
    }

    @Test
    void the_worst_stands_first() {
        var known = UsageFacts.Known.of(
                every(Duration.ofDays(1), 40), List.of(), true, Signs.NONE, START.plus(Duration.ofDays(40)));
        var all = List.of(Finding.of(known).getFirst(), Finding.elsewhere());
        assertThat(Finding.worstFirst(all)).extracting(Finding::code).containsExactly("elsewhere", "regular");
        assertThat(Finding.codes(all)).containsExactly("elsewhere");
    }

    @Test
    void what_is_unknown_has_no_findings() {
        assertThat(Finding.of(new UsageFacts.Unknown("x"))).isEmpty();
    }

    private static List<String> sentences(Counter use, int idleDays) {
        return Finding.of(UsageFacts.Known.of(
                        use, List.of(), false, Signs.NONE, use.last().plus(Duration.ofDays(idleDays))))
                .stream()
                .filter(it -> it.tone() != Finding.Tone.GOOD)
                .map(Finding::sentence)
                .toList();
    }

    private static Counter every(Duration gap, int uses) {
        var counter = Counter.once(START);
        for (int i = 1; i < uses; i++) {
            counter = counter.used(START.plus(gap.multipliedBy(i)));
        }
        return counter;
    }
}
