package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.approval.Vote.Word;
import dev.countersign.http.Json;
import dev.countersign.ledger.LeafHash;
import dev.countersign.passkey.TestAuthenticator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Somebody who writes the database makes a request approved. Where votes are signed they get no token for it.
final class ForgedRowsTest extends OverTheWire {
    private static final String SIGNED = REVIEW.replace("within: 15m", "within: 15m\n      signed: true");

    private SignedVotes people;
    private TestAuthenticator bos;

    @BeforeEach
    void enrolled() {
        gate.write("policies.yaml", SIGNED);
        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        people = new SignedVotes(gate);
        bos = people.enrol("bo", "ana", people.first("ana", "cy"));
    }

    /// What was planted is not well.
    @AfterEach
    void planted() {
        gate.broken();
    }

    private String asks() {
        return gate.ask("refund-bot", "scope", WRITE).reference();
    }

    private void write(Approval approval, boolean signed) {
        var node = (ObjectNode) Json.node(approval);
        node.put("state", "approved");
        ((ObjectNode) node.path("question").path("verdict")).put("signed", signed);
        gate.parts()
                .installation
                .store
                .write(tx -> tx.sql()
                        .createUpdate("UPDATE approval SET state = 'approved', body = :body WHERE id = :id")
                        .bind("body", Json.write(Map.of("approval", node)))
                        .bind("id", approval.id())
                        .execute());
    }

    private Approval.Approved approved(String id, LeafHash leaf) {
        var question = gate.approval(id).question();
        var now = gate.clock.instant();
        var vote = new Vote(
                people.person("bo"),
                Word.APPROVE,
                Optional.empty(),
                "",
                now,
                leaf,
                true,
                Optional.empty(),
                Optional.empty());
        return new Approval.Approved(question, List.of(vote), question.ask(), now, now.plusSeconds(600));
    }

    private void nothing(String because) {
        assertThat(gate.ask("refund-bot", "scope", WRITE).text("access_token")).isEmpty();
        gate.parts().installation.ledger.settle();
        assertThat(gate.entries("token.minted"))
                .noneMatch(it -> it.text("client").equals("refund-bot"));
        assertThat(gate.entries("request.ended").getLast().text("because")).contains(because);
    }

    @Test
    void a_request_that_a_row_says_is_approved_gives_no_token() {
        var id = asks();
        write(approved(id, new LeafHash("x".repeat(43))), true);
        nothing("something else was approved");
    }

    @Test
    void a_row_that_says_that_nobody_has_to_sign_helps_nobody() {
        var id = asks();
        write(approved(id, new LeafHash("x".repeat(43))), false);
        nothing("something else was approved");
    }

    @Test
    void a_row_that_grants_more_than_was_signed_gives_no_token() {
        var id = asks();
        var narrowed = Optional.of(people.ask(id).within(Optional.of(Duration.ofSeconds(30))));
        SignedVotes.counted(
                people.says(new Ballot(people.person("bo"), Word.APPROVE, narrowed, "", Via.DASHBOARD), id, bos));
        var leaf = gate.approval(id).heard().getFirst().leaf();
        write(approved(id, leaf), true);
        nothing("something else was approved");
    }

    @Test
    void a_passkey_that_only_a_row_knows_signs_nothing() {
        var id = asks();
        var forged = SignedVotes.authenticator();
        gate.parts()
                .installation
                .store
                .write(tx -> tx.sql()
                        .createUpdate("UPDATE passkey SET public_key = :key WHERE credential = :credential")
                        .bind("key", forged.key().spki())
                        .bind("credential", bos.credential())
                        .execute());
        forged.count = 7;
        var it = forged.sign(people.offer("bo", Word.APPROVE, id).challenge());
        SignedVotes.counted(people.votes(
                id,
                people.ballot("bo", Word.APPROVE),
                new dev.countersign.passkey.Assertion(
                        bos.credential(), it.clientData(), it.authenticatorData(), it.signature())));
        nothing("no passkey of its voter's");
    }
}
