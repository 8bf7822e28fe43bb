package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// By which way a vote came in stands in its entry; those of Slack and of a page have tests of their own.
@OneStore
final class ViaTest extends OverTheWire {
    private String id = "";

    @BeforeEach
    void asks() {
        id = gate.ask("refund-bot", "scope", WRITE).reference();
    }

    private void cameBy(String via) {
        var vote = gate.entries("request.voted").getLast();
        assertThat(vote.text(Member.VIA)).isEqualTo(via);
        assertThat(gate.approval(id).heard().getFirst().via().orElseThrow().word())
                .isEqualTo(via);
        var shown = gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id)
                .body()
                .path("votes")
                .path(0);
        assertThat(shown.path("via").stringValue("")).isEqualTo(via);
    }

    @Test
    void a_token_is_the_api() {
        gate.tell(
                gate.bearer("bo", "requests:read", "requests:review"),
                "/requests/" + id + "/votes",
                "{\"vote\":\"approve\"}");
        cameBy("api");
    }

    @Test
    void the_command_line_says_so_and_shows_it() {
        var bo = new TestOffers(gate, gate.bearer("bo", "requests:read", "requests:review"));
        assertThat(bo.run("requests", "approve", id).exit()).isZero();
        cameBy("cli");
        assertThat(bo.run("requests", "show", id).out()).contains("bo approve (cli)");
    }

    @Test
    void a_vote_that_does_not_count_says_so_too() {
        assertThat(gate.says("dev", Word.APPROVE, id)).isNotNull();
        assertThat(gate.entries("request.vote_refused").getLast().text(Member.VIA))
                .isEqualTo("dashboard");
    }
}
