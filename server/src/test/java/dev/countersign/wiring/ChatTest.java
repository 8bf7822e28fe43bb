package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestPeer;
import dev.countersign.TestSlack;
import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.http.Json;
import dev.countersign.notify.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Channels of Slack and of Microsoft Teams that are told, each by a stand-in on loopback.
final class ChatTest extends OverTheWire {
    private final TestSlack slack = new TestSlack();
    private final TestPeer teams = new TestPeer(TestPeer.status(202, ""));

    @BeforeEach
    void configure() throws IOException {
        Files.createDirectories(folder.resolve("secrets"));
        gate.write("secrets/slack", TestSlack.TOKEN);
        gate.write("secrets/teams", teams.url("/workflows/1?sig=abc"));
    }

    @AfterEach
    void hangUp() {
        slack.close();
        teams.close();
    }

    private void inSlack() {
        gate.configure("notify.yaml", """
                notify:
                  - { id: chat, slack: { channel: %s, token: { file: secrets/slack }, api: "%s" } }
                """.formatted(TestSlack.CHANNEL, slack.api()));
    }

    private void inTeams() {
        gate.configure("notify.yaml", "notify: [ { id: teams, teams: { url: { file: secrets/teams } } } ]\n");
    }

    private String ask() {
        return gate.defer("refund-bot", "scope", WRITE).reference();
    }

    private void untilPosted() {
        TestGate.until(() -> slack.messages().size() == 1);
    }

    private void untilWritten(String text) {
        TestGate.until(() -> {
            gate.clock.advance(Duration.ofMillis(50));
            gate.parts().outbox.ring();
            return slack.messages().toString().contains(text);
        });
    }

    private long count(Outbox.Outcome outcome) {
        return gate.parts().outbox.count(outcome);
    }

    @Test
    void a_request_is_posted_with_a_link_and_rewritten_when_it_is_decided() {
        inSlack();
        var id = ask();
        untilPosted();
        var posted = slack.messages().getFirst();
        assertThat(posted.toString())
                .contains(
                        "Refund bot asks for: Refund a payment (refunds:write)",
                        "Risk: high",
                        "Time left: 15 minutes, until 10:15 UTC",
                        "Review and sign",
                        TestGate.ISSUER + "/requests/" + id);

        gate.says("ana", Word.APPROVE, id);
        untilWritten("Approved");
        assertThat(slack.messages()).hasSize(1);
        assertThat(slack.messages().getFirst().toString())
                .contains("Approved: Refund bot asks for", "Look at it")
                .doesNotContain("Review and sign", "Time left");
        assertThat(slack.calls()).containsExactly("chat.postMessage", "chat.update");
        assertThat(slack.faults()).isEmpty();
    }

    @Test
    void what_ends_by_itself_or_is_revoked_is_rewritten_too() {
        inSlack();
        var id = ask();
        untilPosted();
        gate.says("ana", Word.APPROVE, id);
        untilWritten("Approved");
        gate.clock.advance(Duration.ofMinutes(11));
        gate.server().catchUp();
        untilWritten("Expired");
        assertThat(slack.faults()).isEmpty();
    }

    @Test
    void what_was_posted_before_a_restart_is_rewritten_after_it() {
        inSlack();
        var id = ask();
        untilPosted();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        slack.answers(TestPeer.status(503, ""));
        gate.says("ana", Word.DENY, id);
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        gate.restart();
        slack.isWell();
        untilWritten("Denied");
        assertThat(slack.messages()).hasSize(1);
    }

    @Test
    void what_another_node_posted_is_rewritten() {
        assumeTrue(TestStores.onPostgres(), "SQLite is for one node");
        inSlack();
        var id = ask();
        untilPosted();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        try (var other = gate.anotherNode()) {
            gate.end();
            other.says("ana", Word.APPROVE, id);
            TestGate.until(() -> {
                other.parts().outbox.ring();
                return slack.messages().toString().contains("Approved");
            });
            gate.startAgain();
        }
        assertThat(slack.messages()).hasSize(1);
    }

    @Test
    void what_was_posted_though_nobody_heard_of_it_is_found_and_not_posted_twice() {
        inSlack();
        slack.isMute();
        var id = ask();
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        assertThat(slack.messages()).hasSize(1);

        slack.isWell();
        gate.clock.advance(Duration.ofSeconds(7));
        gate.parts().outbox.ring();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        gate.says("ana", Word.DENY, id);
        untilWritten("Denied");
        assertThat(slack.messages()).hasSize(1);
        assertThat(slack.calls()).containsExactly("chat.postMessage", "conversations.history", "chat.update");
        assertThat(slack.faults()).isEmpty();
    }

    @Test
    void what_is_decided_while_it_is_posted_is_rewritten_all_the_same() {
        inSlack();
        var goes = slack.hesitates();
        var id = ask();
        untilPosted();
        gate.says("ana", Word.DENY, id);
        TestGate.until(() -> gate.parts().outbox.waiting() == 2);
        goes.countDown();
        untilWritten("Denied");
        assertThat(slack.calls()).containsExactly("chat.postMessage", "chat.update");
    }

    @Test
    void what_slack_says_no_to_is_tried_again_or_given_up() {
        inSlack();
        slack.answers(TestPeer.json("{\"ok\":false,\"error\":\"ratelimited\"}"));
        ask();
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        slack.answers(TestPeer.json("{\"ok\":false,\"error\":\"is_archived\"}"));
        gate.clock.advance(Duration.ofSeconds(7));
        gate.parts().outbox.ring();
        TestGate.until(() -> count(Outbox.Outcome.GIVEN_UP) == 1);
    }

    @Test
    void a_message_that_somebody_took_out_is_let_go() {
        inSlack();
        var id = ask();
        untilPosted();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        slack.take(0);
        gate.says("ana", Word.DENY, id);
        TestGate.until(() ->
                slack.calls().contains("chat.update") && gate.parts().outbox.waiting() == 0);
        assertThat(count(Outbox.Outcome.GIVEN_UP)).isZero();
    }

    @Test
    void neither_reasons_nor_arguments_nor_secrets_are_posted_and_no_name_acts() {
        gate.change("name: Refund bot", "name: \"<!channel> *bot* <https://evil.example|here>\"");
        inSlack();
        gate.defer(
                "refund-bot",
                "authorization_details",
                "[{\"type\":\"refund\",\"amount\":4711,\"currency\":\"EUR\"}]",
                "resource",
                TestGate.PAYMENTS,
                "reason",
                "zebra\n<!here>",
                "ticket",
                "yak-1");
        untilPosted();
        var posted = slack.messages().getFirst();
        assertThat(posted.toString()).doesNotContain("4711", "EUR", "zebra", "yak", "xoxb", "<!here>");
        // Blocks are plain text; the fallback, which Slack would read, has nothing left that acts.
        assertThat(posted.path("text").stringValue("")).startsWith("&lt;!channel&gt; *bot*");
        assertThat(posted.path("mrkdwn").booleanValue(true)).isFalse();
        assertThat(posted.path("blocks").get(0).path("text").path("type").stringValue(""))
                .isEqualTo("plain_text");
        assertThat(slack.faults()).isEmpty();
    }

    @Test
    void what_still_waits_is_said_once_more_below_its_message() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 15m\n      remind: 5m"));
        inSlack();
        ask();
        untilPosted();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        gate.clock.advance(Duration.ofMinutes(5));
        gate.parts().outbox.ring();
        TestGate.until(() -> slack.replies().size() == 1);
        assertThat(slack.replies().getFirst().toString())
                .contains("Still waits: Refund bot asks for", "Time left: 10 minutes");
        assertThat(slack.messages().getFirst().toString()).contains("Review and sign");
        assertThat(slack.faults()).isEmpty();
    }

    @Test
    void teams_is_sent_a_card_and_then_what_became_of_it() {
        inTeams();
        var id = ask();
        TestGate.until(() -> teams.heard().size() == 1);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        gate.says("ana", Word.APPROVE, id);
        TestGate.until(() -> teams.heard().size() == 2);

        var first = teams.heard().getFirst();
        assertThat(first).startsWith("POST /workflows/1?sig=abc HTTP/1.1\r\n");
        var card = Json.read(first.substring(first.indexOf("\r\n\r\n") + 4))
                .path("attachments")
                .get(0);
        assertThat(card.path("contentType").stringValue("")).isEqualTo("application/vnd.microsoft.card.adaptive");
        assertThat(card.path("content").path("type").stringValue("")).isEqualTo("AdaptiveCard");
        assertThat(card.path("content").path("actions").get(0).path("url").stringValue(""))
                .isEqualTo(TestGate.ISSUER + "/requests/" + id);
        card.path("content")
                .path("body")
                .forEach(it -> assertThat(it.path("type").stringValue("")).isEqualTo("RichTextBlock"));
        assertThat(teams.heard().getLast()).contains("Approved", "Look at it").doesNotContain("Review and sign");
    }
}
