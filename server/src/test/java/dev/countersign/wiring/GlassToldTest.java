package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.TestMailServer;
import dev.countersign.TestPeer;
import dev.countersign.TestSlack;
import dev.countersign.notify.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Of broken glass people are told, by all that reaches them.
@OneStore
final class GlassToldTest extends OverTheWire {
    private static final String GLASS = """
              - rule: outage
                when: 'client.id == "refund-bot" && "refunds:write" in scopes'
                break_glass:
                  times: 9
                  per: 24h
                  review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 8h }
            """;

    private final TestMailServer mails = new TestMailServer();
    private final TestSlack slack = new TestSlack();
    private final TestPeer teams = new TestPeer(TestPeer.status(202, ""));

    @BeforeEach
    void configure() throws IOException {
        gate.configure("policies.yaml", REVIEW + GLASS);
        Files.createDirectories(folder.resolve("secrets"));
        gate.write("secrets/slack", TestSlack.TOKEN);
        gate.write("secrets/teams", teams.url("/workflows/1?sig=abc"));
    }

    @AfterEach
    void hangUp() {
        mails.close();
        slack.close();
        teams.close();
    }

    private void byMail(String more) {
        gate.configure("notify.yaml", """
                notify:
                  - id: mail
                    smtp: { host: 127.0.0.1, port: %d, tls: none, sender: countersign@example.com%s }
                    risk: critical
                """.formatted(mails.port(), more));
    }

    private String breaks() {
        var answer =
                gate.ask("refund-bot", "scope", WRITE, "break_glass", "true", "reason", "zebra", "ticket", "yak-1");
        assertThat(answer.status()).isEqualTo(200);
        return gate.entries("break_glass.used").getLast().request().orElseThrow();
    }

    private List<String> mailed() {
        return mails.taken().stream().flatMap(it -> it.to().stream()).sorted().toList();
    }

    @Test
    void those_who_look_at_it_and_administrators_are_mailed() {
        byMail("");
        var id = breaks();
        TestGate.until(() -> mails.taken().size() == 4);
        assertThat(mailed())
                .as("cy is an administrator, dev of the side that broke it")
                .containsExactly("ana@example.com", "bo@example.com", "cy@example.com", "dev@example.com");
        var mail = mails.taken().getFirst();
        assertThat(mail.header("Subject"))
                .isEqualTo("Refund bot broke the glass for: Refund a payment (refunds:write)");
        assertThat(mail.header("In-Reply-To")).isEmpty();
        assertThat(mail.data())
                .contains(
                        "A token went out before people had looked.",
                        "Look at it: " + TestGate.ISSUER + "/afterwards/" + id,
                        "Asked to look at it: 1 of payments-oncall",
                        "By: 2026-06-01 18:00 UTC",
                        "Rule: outage")
                .doesNotContain("Review and sign", "zebra", "yak");
    }

    /// Quiet hours, what somebody wants to be mailed, the notifier's risk: none of it is for this.
    @Test
    void no_wish_silences_it() {
        byMail(", people: { ana: { off: true }, bo: { quiet: \"00:00-24:00\" }, cy: { risk: critical } }");
        gate.defer("refund-bot", "scope", WRITE);
        breaks();
        TestGate.until(() -> mails.taken().size() == 4);
        assertThat(mailed()).contains("ana@example.com", "bo@example.com", "cy@example.com");
    }

    @Test
    void whoever_is_away_is_told_too() {
        byMail("");
        var said = gate.tell(
                gate.bearer("ana", "requests:read", "requests:review"),
                "/absences",
                "{\"from\":\"2026-06-01T09:00\",\"until\":\"2026-06-03T09:00\",\"zone\":\"UTC\"}");
        assertThat(said.status()).isLessThan(300);
        breaks();
        TestGate.until(() -> mails.taken().size() == 4);
        assertThat(mailed()).contains("ana@example.com");
    }

    @Test
    void channels_are_told_of_what_their_groups_look_at() {
        gate.configure("notify.yaml", """
                notify:
                  - { id: chat, slack: { channel: %s, token: { file: secrets/slack }, api: "%s" }, risk: critical }
                  - { id: theirs, teams: { url: { file: secrets/teams } }, groups: [payments-oncall] }
                  - { id: others, teams: { url: { file: secrets/teams } }, groups: [security] }
                """.formatted(TestSlack.CHANNEL, slack.api()));
        var id = breaks();
        TestGate.until(() -> slack.messages().size() == 1 && teams.heard().size() == 1);
        assertThat(slack.messages().getFirst().toString())
                .contains(
                        "Refund bot broke the glass for: Refund a payment (refunds:write)",
                        "A token went out before people had looked",
                        TestGate.ISSUER + "/afterwards/" + id)
                .doesNotContain("zebra", "yak", "Review and sign");
        assertThat(teams.heard().getFirst())
                .contains("broke the glass", "/afterwards/" + id)
                .doesNotContain("zebra", "yak", "Review and sign");
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(teams.heard()).hasSize(1);
    }

    @Test
    void it_is_told_once_also_by_a_server_that_comes_back_later() {
        byMail("");
        mails.says(_ -> "451 not now");
        breaks();
        TestGate.until(
                () -> gate.parts().outbox.waiting() == 4 && gate.parts().outbox.count(Outbox.Outcome.FAILED) == 4);
        mails.says(_ -> "250 yes");
        gate.clock.advance(Duration.ofSeconds(7));
        gate.parts().outbox.ring();
        TestGate.until(() -> mails.taken().size() == 4);
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(mails.taken()).hasSize(4);
    }
}
