package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.TestMailServer;
import dev.countersign.TestMailServer.Mail;
import dev.countersign.approval.Vote.Word;
import dev.countersign.notify.Outbox;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Mails to those who may decide, through a server on loopback.
@OneStore
final class MailTest extends OverTheWire {
    private TestMailServer server = new TestMailServer();

    @BeforeEach
    void configure() {
        gate.configure("notify.yaml", """
                notify:
                  - id: mail
                    smtp: { host: 127.0.0.1, port: %d, tls: none, sender: countersign@example.com }
                """.formatted(server.port()));
    }

    @AfterEach
    void hangUp() {
        server.close();
    }

    private String ask(String... more) {
        var fields = new java.util.ArrayList<>(List.of("scope", WRITE));
        fields.addAll(List.of(more));
        return gate.defer("refund-bot", fields.toArray(String[]::new)).reference();
    }

    private void until(int mails) {
        TestGate.until(() -> server.taken().size() >= mails);
    }

    private List<Mail> to(String address) {
        return server.taken().stream().filter(it -> it.to().contains(address)).toList();
    }

    private long count(Outbox.Outcome outcome) {
        return gate.parts().outbox.count(outcome);
    }

    @Test
    void whoever_may_decide_is_told_and_then_what_became_of_it_in_the_same_thread() {
        var id = ask();
        until(2);
        assertThat(server.taken().stream().flatMap(it -> it.to().stream()))
                .as("not who owns the client, and not who is asked nothing")
                .containsExactlyInAnyOrder("ana@example.com", "bo@example.com");
        var first = to("bo@example.com").getFirst();
        assertThat(first.from()).isEqualTo("countersign@example.com");
        assertThat(first.header("Subject")).isEqualTo("Refund bot asks for: Refund a payment (refunds:write)");
        assertThat(first.header("Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(first.header("Content-Type")).startsWith("multipart/alternative");
        assertThat(first.data())
                .contains(
                        "Content-Type: text/plain; charset=UTF-8",
                        "Content-Type: text/html; charset=UTF-8",
                        "Review and sign: " + TestGate.ISSUER + "/requests/" + id,
                        "<a href=\"" + TestGate.ISSUER + "/requests/" + id + "\">Review and sign</a>",
                        "Time left: 15 minutes, until 10:15 UTC",
                        "Risk: high",
                        "Asked to decide: 1 of payments-oncall");

        gate.says("ana", Word.APPROVE, id);
        until(4);
        var second = to("bo@example.com").getLast();
        assertThat(second.header("Subject")).startsWith("Re: Refund bot asks for");
        assertThat(second.header("In-Reply-To")).isEqualTo(first.header("Message-ID"));
        assertThat(second.header("References")).isEqualTo(first.header("Message-ID"));
        assertThat(second.header("Message-ID")).endsWith("@localhost>").isNotEqualTo(first.header("Message-ID"));
        assertThat(second.data()).contains("Approved.").doesNotContain("Review and sign");
        assertThat(to("ana@example.com").getFirst().header("Message-ID")).isNotEqualTo(first.header("Message-ID"));
    }

    @Test
    void nothing_that_a_client_wrote_is_mailed_and_what_an_operator_wrote_is_text() {
        gate.change("name: Refund bot", "name: \"Refund <b>bot</b> & co\"");
        gate.defer(
                "refund-bot",
                "authorization_details",
                "[{\"type\":\"refund\",\"amount\":4711,\"currency\":\"EUR\"}]",
                "resource",
                TestGate.PAYMENTS,
                "reason",
                "zebra <script>",
                "ticket",
                "yak-1");
        until(2);
        var all = server.taken().stream().map(Mail::data).toList().toString();
        assertThat(all)
                .contains("Refund &lt;b&gt;bot&lt;/b&gt; &amp; co asks for: refund")
                .doesNotContain("4711", "EUR", "zebra", "yak", "127.0.0.1");
        assertThat(all.replaceAll("(?s)Content-Type: text/html.*?</html>", "")).contains("Refund <b>bot</b> & co");
    }

    @Test
    void one_whom_the_server_refuses_keeps_nobody_else_from_hearing() {
        server.says(address -> address.startsWith("ana") ? "550 no such person" : "250 yes");
        var id = ask();
        until(1);
        TestGate.until(() -> count(Outbox.Outcome.GIVEN_UP) == 1);
        assertThat(to("bo@example.com")).hasSize(1);
        gate.says("bo", Word.DENY, id);
        until(2);
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(to("ana@example.com")).isEmpty();
        assertThat(to("bo@example.com").getLast().data()).contains("Denied.");
    }

    @Test
    void a_server_that_is_away_delays_nobody_and_mails_follow_when_it_is_back() {
        server.says(_ -> "451 not now");
        var id = ask();
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 2);
        server.says(_ -> "250 yes");
        gate.restart();
        gate.clock.advance(Duration.ofSeconds(7));
        gate.parts().outbox.ring();
        until(2);

        gate.restart();
        gate.says("ana", Word.DENY, id);
        until(4);
        assertThat(to("bo@example.com")).hasSize(2);
    }

    @Test
    void those_who_have_not_voted_are_reminded_while_it_waits_and_nobody_afterwards() {
        gate.configure(
                "policies.yaml",
                REVIEW.replace("within: 15m", "within: 15m\n      remind: 5m").replace("votes: 1", "votes: 2"));
        var id = ask();
        until(2);
        gate.says("ana", Word.APPROVE, id);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 2);
        gate.clock.advance(Duration.ofMinutes(5));
        gate.parts().outbox.ring();
        until(3);
        var reminder = to("bo@example.com").getLast();
        assertThat(reminder.header("Subject")).startsWith("Re: Still waits: Refund bot asks for");
        assertThat(reminder.header("In-Reply-To"))
                .isEqualTo(to("bo@example.com").getFirst().header("Message-ID"));
        assertThat(reminder.data()).contains("Review and sign", "Time left: 10 minutes");
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(to("ana@example.com")).as("who has voted is left alone").hasSize(1);

        gate.says("bo", Word.APPROVE, id);
        until(5);
        gate.defer("other-bot", "scope", WRITE);
        until(7);
        gate.says(
                "bo",
                Word.DENY,
                gate.entries("request.judged").getLast().request().orElseThrow());
        until(9);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 9);
        gate.clock.advance(Duration.ofMinutes(6));
        gate.parts().outbox.ring();
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(server.taken().stream().filter(it -> it.header("Subject").contains("Still waits")))
                .hasSize(1);
    }

    @Test
    void those_who_have_not_voted_are_told_that_who_asked_reminds_them_each_time() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        var id = ask();
        until(2);
        gate.says("ana", Word.APPROVE, id);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 2);
        var owner = gate.bearer("dev", "requests:read", "requests:review");
        for (int mails = 3; mails <= 4; mails++) {
            gate.clock.advance(Duration.ofMinutes(5));
            assertThat(gate.tell(owner, "/requests/" + id + "/nudge", "{}").status())
                    .isEqualTo(200);
            until(mails);
            int told = mails;
            TestGate.until(() -> count(Outbox.Outcome.TOLD) == told);
        }
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(to("ana@example.com")).as("who has voted is left alone").hasSize(1);
        var mails = to("bo@example.com");
        assertThat(mails.getLast().header("Subject")).startsWith("Re: Still waits: Refund bot asks for");
        assertThat(mails.getLast().header("In-Reply-To"))
                .isEqualTo(mails.getFirst().header("Message-ID"));
        assertThat(mails.getLast().header("Message-ID"))
                .as("two mails of one name would be one")
                .isNotEqualTo(mails.get(1).header("Message-ID"));
    }

    @Test
    void whom_it_is_handed_to_is_told_and_nobody_else() {
        var id = ask();
        until(2);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 2);
        var bo = gate.bearer("bo", "requests:read", "requests:review");
        assertThat(gate.tell(bo, "/requests/" + id + "/reassign", "{\"person\":\"ana\",\"reason\":\"zebra\"}")
                        .status())
                .isEqualTo(200);
        until(3);
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        var mail = to("ana@example.com").getLast();
        assertThat(mail.header("Subject")).startsWith("Re: Handed on to you: Refund bot asks for");
        assertThat(mail.data()).as("words of people stay here").doesNotContain("zebra");
        assertThat(to("bo@example.com")).hasSize(1);
    }

    /// Somebody named them.
    @Test
    void whom_it_is_handed_to_is_told_whatever_risk_they_want_to_be_told_of() {
        gate.configure("notify.yaml", """
                notify:
                  - id: mail
                    smtp:
                      host: 127.0.0.1
                      port: %d
                      tls: none
                      sender: countersign@example.com
                      people: { ana: { risk: critical } }
                """.formatted(server.port()));
        var id = ask();
        until(1);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        assertThat(to("ana@example.com")).isEmpty();
        var bo = gate.bearer("bo", "requests:read", "requests:review");
        assertThat(gate.tell(bo, "/requests/" + id + "/reassign", "{\"person\":\"ana\",\"reason\":\"zebra\"}")
                        .status())
                .isEqualTo(200);
        until(2);
        assertThat(to("ana@example.com").getLast().header("Subject")).contains("Handed on to you");
    }

    @Test
    void whom_it_escalates_to_is_told_then_and_what_became_of_it() {
        gate.configure(
                "policies.yaml",
                REVIEW.replace("within: 15m", "within: 15m\n      escalate: { after: 10m, to: security }"));
        var id = ask();
        until(2);
        assertThat(to("cy@example.com")).isEmpty();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 2);
        gate.clock.advance(Duration.ofMinutes(10));
        gate.parts().catchUp();
        until(3);
        var first = to("cy@example.com").getFirst();
        assertThat(first.header("Subject")).startsWith("Refund bot asks for");
        assertThat(first.data()).contains("Review and sign", "Time left: 5 minutes");
        assertThat(to("ana@example.com"))
                .as("who was asked already is not told again")
                .hasSize(1);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 3);

        gate.says("cy", Word.APPROVE, id);
        until(6);
        assertThat(to("cy@example.com").getLast().header("In-Reply-To")).isEqualTo(first.header("Message-ID"));
        assertThat(to("cy@example.com").getLast().data()).contains("Approved.");
    }

    @Test
    void who_is_away_is_left_alone_and_who_stands_in_is_told() {
        gate.configure(
                "policies.yaml",
                REVIEW.replace("within: 15m", "within: 15m\n      substitutes: true\n      remind: 5m"));
        away("ana", 0, "cy");
        away("bo", 120, "");
        ask();
        until(2);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 2);
        gate.clock.advance(Duration.ofMinutes(5));
        gate.parts().outbox.ring();
        until(3);
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(server.taken().stream().flatMap(it -> it.to().stream()))
                .as("bo is away when it would be time to remind them")
                .containsExactlyInAnyOrder("bo@example.com", "cy@example.com", "cy@example.com");
    }

    private void away(String user, int seconds, String substitute) {
        var people = gate.parts().installation.people;
        var person = people.find("local", user).orElseThrow().id();
        var from = gate.clock.instant().plusSeconds(seconds);
        assertThat(gate.parts()
                        .installation
                        .absences
                        .say(
                                person,
                                from,
                                from.plusSeconds(3600),
                                java.time.ZoneOffset.UTC,
                                people.find("local", substitute).map(it -> it.id())))
                .isInstanceOf(dev.countersign.people.Absences.Result.Said.class);
    }

    @Test
    void each_is_mailed_what_they_want_and_not_in_quiet_hours() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 3h"));
        gate.configure("notify.yaml", """
                notify:
                  - id: mail
                    smtp:
                      host: 127.0.0.1
                      port: %d
                      tls: none
                      sender: countersign@example.com
                      people: { ana: { risk: critical }, bo: { quiet: "11:30-13:30", zone: Europe/Berlin } }
                """.formatted(server.port()));
        ask();
        TestGate.until(() -> gate.parts().outbox.count(Outbox.Outcome.TOLD) == 0 && rows() == 1);
        assertThat(server.taken()).isEmpty();
        gate.clock.advance(Duration.ofMinutes(90));
        gate.parts().outbox.ring();
        until(1);
        assertThat(server.taken().getFirst().to()).containsExactly("bo@example.com");
        assertThat(server.taken().getFirst().data()).contains("Time left: 90 minutes");
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(server.taken()).hasSize(1);
    }

    private int rows() {
        return gate.parts()
                .installation
                .store
                .<Integer>read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM message")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void what_is_decided_before_it_was_mailed_is_not_mailed() {
        server.says(_ -> "451 not now");
        gate.says("ana", Word.DENY, ask());
        TestGate.until(
                () -> count(Outbox.Outcome.FAILED) == 2 || gate.parts().outbox.waiting() == 0);
        server.says(_ -> "250 yes");
        gate.clock.advance(Duration.ofSeconds(7));
        TestGate.until(() -> {
            gate.clock.advance(Duration.ofMillis(50));
            gate.parts().outbox.ring();
            return gate.parts().outbox.waiting() == 0;
        });
        assertThat(server.taken()).isEmpty();
    }
}
