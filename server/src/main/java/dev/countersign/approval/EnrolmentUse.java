package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Entry.Disclosure;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.people.Passkeys;
import dev.countersign.people.Passkeys.Passkey;
import dev.countersign.people.PersonId;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A permit to enrol or to remove one passkey, used in the transaction that makes it.
final class EnrolmentUse implements Use {
    private final Ledger ledger;
    private final Passkeys passkeys;
    private final Passkey passkey;
    private final boolean enrols;
    private final PersonId asker;
    private final boolean signed;

    /// @param enrols whether it enrols and does not remove
    /// @param asker whoever asked
    /// @param signed whether those who agreed had to sign
    EnrolmentUse(Ledger ledger, Passkeys passkeys, Passkey passkey, boolean enrols, PersonId asker, boolean signed) {
        this.ledger = ledger;
        this.passkeys = passkeys;
        this.passkey = passkey;
        this.enrols = enrols;
        this.asker = asker;
        this.signed = signed;
    }

    @Override
    public void asked(Tx tx, String id) {
        if (enrols) {
            passkeys.add(tx, of(id));
        } else {
            passkeys.asked(tx, passkey.credential(), id);
        }
    }

    private Passkey of(String request) {
        return new Passkey(
                passkey.credential(),
                passkey.person(),
                passkey.key(),
                passkey.origin(),
                passkey.name(),
                passkey.count(),
                request,
                Optional.empty(),
                passkey.created(),
                Optional.empty(),
                Optional.empty());
    }

    /// Two that were asked for before anybody had a passkey are not both agreed to unsigned.
    @Override
    public Optional<String> against(Tx tx, Allowance granted) throws SQLException {
        if (!tx.forUpdate().isEmpty()) {
            Approvals.takeTurn(tx, Enrolment.CLIENT);
        }
        return !signed && passkeys.anyBut(tx, asker)
                ? Optional.of("somebody has a passkey by now, and whoever agrees signs")
                : Optional.empty();
    }

    @Override
    public LeafHash used(Tx tx, Permit permit) throws SQLException {
        boolean done = enrols ? passkeys.enrol(tx, permit.request.id()) : passkeys.end(tx, passkey.credential());
        return done ? ledger.append(tx, entry(tx, permit)).hash() : permit.approved.entry();
    }

    private Entry entry(Tx tx, Permit permit) {
        var body = new HashMap<String, Object>(Map.of(
                Member.PERSON, passkey.person().value(),
                Member.CREDENTIAL, passkey.credential(),
                Member.ALGORITHM, passkey.key().algorithm().cose,
                Member.PUBLIC_KEY, passkey.key().spki(),
                Member.ORIGIN, passkey.origin()));
        if (enrols) {
            body.put(Member.COUNT, passkey.count());
        }
        return new Entry(
                enrols ? Code.PASSKEY_ENROLLED : Code.PASSKEY_REMOVED,
                tx.now(),
                new Entry.Actor("person", permit.request.subject()),
                Optional.of(permit.request.id()),
                Optional.of(permit.approved.entry()),
                Optional.empty(),
                body,
                List.of(new Disclosure(passkey.person().value(), Member.NAME, passkey.name())));
    }
}
