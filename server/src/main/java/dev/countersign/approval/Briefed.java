package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.Sha256;
import dev.countersign.store.Tx;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What is kept of a publication for its reviewers, held to the digest that the ledger has of it.
public sealed interface Briefed {
    /// It is what the request was asked with, or as old as to have no digest.
    ///
    /// @param shown as JSON
    record Kept(String shown) implements Briefed {}

    /// It is not, and nobody is to read it or to vote on it.
    ///
    /// @param said why, for whoever would
    record Changed(String said) implements Briefed {
        private static final Changed IT =
                new Changed("what is shown of this publication was changed behind the server's back: the ledger has"
                        + " another digest of it. Nobody may vote on it: look who writes to the database, withdraw it"
                        + " and publish again");
    }

    /// That of a request; empty for requests of clients.
    static Optional<Briefed> of(Tx tx, Ledger ledger, Publications publications, Approval approval) {
        if (!approval.question().request().client().equals(Administration.CLIENT)) {
            return Optional.empty();
        }
        var shown = publications.shown(tx, approval.id());
        return holds(ledger.entriesOf(tx, approval.id()), shown) ? shown.map(Kept::new) : Optional.of(Changed.IT);
    }

    /// Whether what is shown is what the entries of its request have the digest of, if they have one.
    static boolean holds(List<EntryView> entries, Optional<String> shown) {
        var digest = shown.map(it -> HexFormat.of().formatHex(Sha256.of(it)));
        return entries.stream()
                .filter(it -> it.code() == Code.REQUEST_JUDGED)
                .map(it -> it.text(Member.BRIEFING))
                .allMatch(it -> it.isEmpty() || digest.filter(it::equals).isPresent());
    }
}
