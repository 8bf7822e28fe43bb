package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestMailServer;
import dev.countersign.TestStores;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// As many requests wait for one reviewer as the configuration says, and what only they could decide comes again later.
class BurdenTest extends OverTheWire {
    private static final String TWO = "limits: { pending_per_reviewer: 2 }";
    private int asked;

    /// One that is not the same as another.
    private TestGate.Answer asks(String scope) {
        return gate.defer("refund-bot", "scope", scope, "requested_lifetime", Integer.toString(60 + asked++));
    }

    private void cap() {
        gate.configure("limits.yaml", TWO);
        heard();
    }

    private void heard() {
        settle();
        gate.server().catchUp();
        settle(); // what ended just now
        TestGate.until(() -> gate.parts().burden.isBegun());
    }

    private void settle() {
        gate.parts().installation.ledger.settle();
    }

    private void readsAreForSecurity() {
        gate.configure(
                "policies.yaml",
                REVIEW.replace(
                        "approve: { lifetime: 60s }", "review: { stages: [ { group: security } ], within: 15m }"));
    }

    private List<String> told(String request) {
        return gate.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT recipient FROM message WHERE request = :request")
                        .bind("request", request)
                        .mapTo(String.class)
                        .list());
    }

    private String id(String user) {
        return gate.person(user).value();
    }

    @Test
    void what_only_people_could_decide_for_whom_enough_waits_is_refused_for_now() {
        cap();
        var first = asks(WRITE);
        assertThat(first.error()).isEqualTo("authorization_pending");
        assertThat(asks(WRITE).error()).isEqualTo("authorization_pending");
        settle();

        var refused = asks(WRITE);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error()).isEqualTo("temporarily_unavailable");
        assertThat(refused.text("error_description"))
                .contains("try again later")
                .contains("reference ");
        assertThat(refused.raw().headers().firstValue("Retry-After")).contains("60");
        assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "9")
                        .status())
                .as("who knows nothing of waiting, too")
                .isEqualTo(503);
        assertThat(gate.entries("request.refused").getFirst().text(Member.BECAUSE))
                .isEqualTo("reviewers-full");
        assertThat(gate.ask("refund-bot", "scope", READ).status())
                .as("what nobody decides")
                .isEqualTo(200);

        assertThat(gate.says("ana", Word.DENY, first.reference())).isInstanceOf(Ballot.Result.Counted.class);
        heard();
        assertThat(gate.defer("other-bot", "scope", WRITE).error()).isEqualTo("authorization_pending");
    }

    @Test
    void it_is_asked_of_those_who_have_room() {
        try (var mails = new TestMailServer()) {
            gate.configure("notify.yaml", """
                    notify:
                      - id: mail
                        smtp: { host: 127.0.0.1, port: %d, tls: none, sender: countersign@example.com }
                    """.formatted(mails.port()));
            cap();
            readsAreForSecurity();
            assertThat(asks(READ).error()).isEqualTo("authorization_pending");
            assertThat(asks(READ).error()).isEqualTo("authorization_pending");
            settle();
            assertThat(asks(READ).error()).as("ana and cy have two").isEqualTo("temporarily_unavailable");
            TestGate.until(() -> mails.taken().size() == 4);

            var held = asks(WRITE);
            assertThat(held.error()).as("bo has none").isEqualTo("authorization_pending");
            TestGate.until(() -> mails.taken().size() >= 5);
            assertThat(told(held.reference())).containsExactly(id("bo"));
            assertThat(mails.taken().getLast().to()).containsExactly("bo@example.com");
            assertThat(gate.says("ana", Word.APPROVE, held.reference()))
                    .as("who was not troubled may all the same")
                    .isInstanceOf(Ballot.Result.Counted.class);
        }
    }

    @Test
    void a_request_that_waits_is_joined_whoever_has_room() {
        cap();
        asks(WRITE);
        var last = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "9");
        settle();
        var again = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "9");
        assertThat(again.error()).isEqualTo("authorization_pending");
        assertThat(again.reference()).isEqualTo(last.reference());
    }

    @Test
    void what_waited_before_a_start_or_before_there_was_a_cap_counts() {
        asks(WRITE);
        asks(WRITE);
        asks(WRITE);
        cap();
        assertThat(asks(WRITE).status()).isEqualTo(503);
        gate.restart();
        heard();
        assertThat(asks(WRITE).status()).isEqualTo(503);

        gate.clock.advance(Duration.ofMinutes(15));
        heard();
        assertThat(gate.defer("other-bot", "scope", WRITE).error())
                .as("what ran out waits no more")
                .isEqualTo("authorization_pending");
    }

    @Test
    void without_a_cap_any_number_waits() {
        for (int i = 0; i < 10; i++) {
            assertThat(asks(WRITE).error()).isEqualTo("authorization_pending");
        }
    }

    private void bothDecideWrites() {
        gate.configure(
                "policies.yaml",
                REVIEW.replace(
                                "approve: { lifetime: 60s }",
                                "review: { stages: [ { group: payments-oncall } ], within: 15m }")
                        .replace(
                                "[ { group: payments-oncall, votes: 1 } ]",
                                "[ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ]"));
    }

    @Test
    void a_slow_second_group_does_not_close_the_first() {
        bothDecideWrites();
        cap();
        var first = asks(WRITE);
        var second = asks(WRITE);
        settle();
        assertThat(asks(READ).status()).as("payments-oncall has two").isEqualTo(503);
        for (var held : List.of(first, second)) {
            assertThat(gate.says("bo", Word.APPROVE, held.reference())).isInstanceOf(Ballot.Result.Counted.class);
        }
        settle();
        assertThat(asks(READ).error()).as("security alone has two").isEqualTo("authorization_pending");

        gate.restart();
        heard();
        assertThat(asks(READ).error()).as("as it is after a start").isEqualTo("authorization_pending");
        settle();
        assertThat(asks(READ).status()).as("payments-oncall has two of its own").isEqualTo(503);
    }

    @Test
    void a_publication_is_asked_whatever_waits() {
        gate.write("server.yaml", Governed.SERVER);
        gate.write("limits.yaml", TWO);
        gate.configure("policies.yaml", REVIEW.replace("payments-oncall", "security") + Governed.RULE);
        heard();
        asks(WRITE);
        asks(WRITE);
        settle();
        assertThat(asks(WRITE).status()).as("security is full").isEqualTo(503);

        var cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
        var asked = cy.apply(cy.files("policies.yaml", "60s", "30s"));
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
        assertThat(asked.text("outcome")).isEqualTo("pending");
    }

    @Test
    void what_is_asked_at_another_node_counts_once_it_is_heard_of() {
        if (!TestStores.onPostgres()) {
            return;
        }
        cap();
        try (var other = gate.anotherNode()) {
            asks(WRITE);
            asks(WRITE);
            other.parts().installation.ledger.settle();
            other.server().catchUp();
            TestGate.until(() -> other.defer("other-bot", "scope", WRITE).status() == 503);
        }
    }
}
