package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.approval.Briefed;
import dev.countersign.dashboard.Frame.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a reviewer reads of a publication.
final class PublicationWordsTest {
    @Test
    void what_nobody_is_asked_about_comes_first_then_what_is_looser_then_the_past_then_the_changes() {
        var parts = Samples.publication().publication().orElseThrow().parts();

        assertThat(parts)
                .extracting(RequestView.Part::title)
                .containsExactly(
                        "Goes through unattended now, and did not",
                        "Looser in",
                        "The last requests",
                        "rule reads changed",
                        "and 3 more changes",
                        "Tests");
        assertThat(parts.getFirst().lines())
                .containsExactly(
                        "refund-bot at https://payments.example.com by rule reads, such as client: \"refund-bot\", scopes:"
                                + " [\"refunds:write\"]",
                        "perhaps other-bot at https://payments.example.com by rule reads, nobody can say: the prover took too"
                                + " long and was ended",
                        "and 1 more");
        assertThat(parts.get(1).lines())
                .containsExactly(
                        "refund-bot: refunds:write on https://payments.example.com: approve instead of review (nobody is asked)");
        assertThat(parts.get(2).lines())
                .containsExactly(
                        "of 1200 decisions since 2026-10-24T08:54:00Z, 7 would have another verdict, 7 be looser, 3 tighter",
                        "looser: refund-bot, refunds:write: approve instead of review (request 01a3)",
                        "and 6 more",
                        "people would not be asked about 7 of them, which waited 42 min all together",
                        "people would be asked about 2 more, which would wait 40 s if each took the median");
    }

    @Test
    void what_verdicts_would_have_been_is_a_table_and_a_picture() {
        var flips = Samples.publication().publication().orElseThrow().flips().orElseThrow();

        assertThat(flips.compared()).isEqualTo(10);
        assertThat(flips.rows().get(1).cells())
                .containsExactly(
                        new FlipsView.Cell("7", "looser"),
                        new FlipsView.Cell("3", "same"),
                        new FlipsView.Cell("0", "same"));
        assertThat(flips.picture().words()).isEqualTo("review would be approve: 7. review would be review: 3.");
        assertThat(flips.picture().bars().getLast().shares())
                .extracting(
                        FlipPicture.Share::verdict,
                        FlipPicture.Share::x,
                        FlipPicture.Share::width,
                        FlipPicture.Share::said)
                .containsExactly(
                        tuple("approve", "70.00", "161.00", "would be approve: 7"),
                        tuple("review", "231.00", "69.00", "would be review: 3"));
    }

    @Test
    void the_picture_by_itself_says_what_it_is_of_and_what_is_written_in_it_does_nothing() {
        var file = FlipPicture.file((_, _) -> 1, "<script>alert(1)</script>");

        assertThat(file)
                .startsWith("<svg xmlns=")
                .endsWith("</svg>\n")
                .contains("<title>&lt;script", "fill=\"#1a1a1a\">&lt;script")
                .doesNotContain("<script");
        assertThat(new Renderer().picture(FlipPicture.inPage((_, _) -> 0))).contains("No decision to compare.");
    }

    @Test
    void the_past_request_by_request_names_what_is_looser_and_what_is_tighter_and_counts_the_rest() {
        var backtest = Samples.backtest();

        assertThat(backtest.counts())
                .containsExactly("1,200 judged again", "7 would have another verdict", "7 looser", "3 tighter");
        assertThat(backtest.cases())
                .extracting(BacktestView.Cases::title, BacktestView.Cases::left)
                .containsExactly(tuple("Looser: 7", "and 6 more"), tuple("Tighter: 3", "and 1 more"));
        assertThat(backtest.cases().getFirst().named())
                .containsExactly(new BacktestView.Case(
                        "01a3",
                        "refund-bot, refunds:write on https://payments.example.com",
                        "approve instead of review"));
        assertThat(backtest.cases().getLast().named().getFirst())
                .isEqualTo(new BacktestView.Case(
                        "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
                        "other-bot on https://payments.example.com",
                        "lifetime 30s instead of 60s (approve as before)"));
        assertThat(backtest.people())
                .containsExactly(
                        "people would not be asked about 7 of them, which waited 42 min all together",
                        "people would be asked about 2 more, which would wait 40 s if each took the median");
        assertThat(backtest.unattended().orElseThrow().lines()).hasSize(3);
    }

    @Test
    void a_publication_that_keeps_less_of_the_past_says_so() {
        var sentence = Samples.publication().sentence();

        var older = BacktestWords.of(
                "01q", sentence, "{ \"backtest\": { \"compared\": 9, \"tightened\": 3, \"loosenings\": [] } }");
        assertThat(older.cases().getLast().left()).isEqualTo("which they are was not kept with this publication");
        assertThat(older.cases().getFirst().left()).isEmpty();
        assertThat(older.people()).containsExactly("people would be asked neither more often nor less");
        assertThat(older.unattended()).isEmpty();
        assertThat(BacktestWords.of("01q", sentence, "{}").untold())
                .isEqualTo("It was not tried on the past when it was asked for.");
        assertThat(Samples.noBacktest().untold()).isEqualTo("The past cannot be read now; the log has why.");
        assertThat(Samples.noBacktest().cases()).isEmpty();
    }

    @Test
    void what_is_looser_in_nothing_says_among_how_many() {
        var words = PublicationWords.of(
                "{ \"looser\": [], \"looked\": 12, \"backtest\": { \"failed\": \"the past cannot be read now\" } }");

        assertThat(words.parts().getFirst().lines()).containsExactly("nothing, among 12 requests tried");
        assertThat(words.parts().get(1).lines()).containsExactly("the past cannot be read now");
    }

    @Test
    void that_nobody_could_look_for_what_is_unattended_is_said_and_so_is_that_there_is_nothing() {
        assertThat(unattended("{ \"failed\": \"the prover is not installed\", \"regions\": [] }"))
                .isEqualTo("not known: the prover is not installed");
        assertThat(unattended("{ \"failed\": \"\", \"regions\": [] }"))
                .isEqualTo("nothing, of all requests that could be made, as networks and calendars are named");
    }

    @Test
    void of_what_was_changed_behind_the_servers_back_only_that_is_shown() {
        assertThat(PublicationWords.of(new Briefed.Changed("it was changed")).parts())
                .containsExactly(new RequestView.Part("Changed behind the server's back", List.of("it was changed")));
    }

    private static String unattended(String json) {
        return PublicationWords.of("{ \"unattended\": " + json + " }")
                .parts()
                .getFirst()
                .lines()
                .getFirst();
    }

    @Test
    void the_page_has_it_and_runs_nothing_of_it() {
        var html = new Renderer().page(Samples.frame("Publish", Section.NONE, 1), Samples.publication());

        assertThat(html)
                .contains("What it changes", "rule reads changed", "&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert(1)");
        assertThat(new Renderer().page(Samples.frame("Refund", Section.NONE, 1), Samples.request("", true)))
                .doesNotContain("What it changes");
    }
}
