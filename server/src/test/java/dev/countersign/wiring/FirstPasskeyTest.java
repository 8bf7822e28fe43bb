package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Enrolling;
import dev.countersign.approval.Vote.Word;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The first passkey of an installation, to which nobody can agree by signature.
final class FirstPasskeyTest extends OverTheWire {
    private SignedVotes people;

    @BeforeEach
    void administrators() {
        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        people = new SignedVotes(gate);
    }

    @Test
    void it_is_that_of_somebody_who_agrees_to_the_others() {
        assertThat(people.asksFor("bo", SignedVotes.authenticator()))
                .isEqualTo(
                        new Enrolling.Result.Refused("The first passkey of all is that of somebody of administrators,"
                                + " who then agrees to those of others. Ask one of them to begin."));
        var id = people.asked("ana", SignedVotes.authenticator());
        SignedVotes.counted(gate.says("cy", Word.APPROVE, id));
        people.finish(id);
        assertThat(gate.entries("passkey.enrolled")).hasSize(1);
    }

    @Test
    void two_that_were_asked_for_before_there_was_any_are_not_both_agreed_to_unsigned() {
        var anas = people.asked("ana", SignedVotes.authenticator());
        var cys = people.asked("cy", SignedVotes.authenticator());
        SignedVotes.counted(gate.says("cy", Word.APPROVE, anas));
        SignedVotes.counted(gate.says("ana", Word.APPROVE, cys));
        people.finish(anas);
        people.finish(cys);
        assertThat(gate.entries("passkey.enrolled")).hasSize(1);
        assertThat(java.util.List.of(gate.approval(anas), gate.approval(cys)))
                .anyMatch(it -> it instanceof Approval.Revoked revoked
                        && revoked.because().contains("somebody has a passkey by now"));
    }

    @Test
    void a_freeze_of_all_keeps_it_from_being_enrolled() {
        var id = people.asked("ana", SignedVotes.authenticator());
        SignedVotes.counted(gate.says("cy", Word.APPROVE, id));
        gate.parts()
                .freezes
                .set(
                        dev.countersign.approval.Freezes.Kind.ALL,
                        "*",
                        "test",
                        new dev.countersign.ledger.Entry.Actor("operator", "test"));
        people.finish(id);
        assertThat(gate.entries("passkey.enrolled")).isEmpty();
    }
}
