package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A permit to attest one client, used in the transaction that makes it.
final class AttestationUse implements Use {
    private final Ledger ledger;
    private final Freezes freezes;
    private final String client;

    AttestationUse(Ledger ledger, Freezes freezes, String client) {
        this.ledger = ledger;
        this.freezes = freezes;
        this.client = client;
    }

    @Override
    public void asked(Tx tx, String id) {
        // The request says it all.
    }

    @Override
    public Optional<String> against(Tx tx, Allowance granted) throws SQLException {
        return freezes.stops(tx, client, "") ? Optional.of("frozen") : Optional.empty();
    }

    @Override
    public LeafHash used(Tx tx, Permit permit) throws SQLException {
        var until = permit.expiresAt.toEpochMilli();
        return ledger.append(
                        tx,
                        new Entry(
                                Code.CLIENT_ATTESTED,
                                tx.now(),
                                new Entry.Actor("person", permit.request.subject()),
                                Optional.of(permit.request.id()),
                                Optional.of(permit.approved.entry()),
                                Optional.empty(),
                                new TreeMap<>(Map.of(Member.TARGET, client, Member.UNTIL, until)),
                                List.of()))
                .hash();
    }
}
