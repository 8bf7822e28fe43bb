package dev.countersign.doctor;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.VoteSignatures;

/// That votes which are signed are signed by their voters, with passkeys that the ledger enrols, over just what it says
/// of them.
final class VotesSigned implements Check {
    private final VoteSignatures signatures = new VoteSignatures();

    @Override
    public Invariant of() {
        return Invariant.QUORUM;
    }

    @Override
    public void entry(EntryView entry, Faults found) {
        signatures.read(entry);
    }

    @Override
    public void life(Life life, Faults found) {
        signatures
                .against(life.entries())
                .ifPresent(it -> found.add(
                        life.where(),
                        "the vote of person " + it.vote().actor().id() + " at entry "
                                + it.vote().index() + ": " + it.said()));
    }
}
