package dev.countersign.approval;

import dev.countersign.ledger.LeafHash;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.Optional;

/// What a permit is used for in the transaction that makes it, so that both come to be or neither. No token is signed
/// for it.
public interface Use {
    /// Its request waits for people now.
    ///
    /// @param id the request's
    void asked(Tx tx, String id) throws SQLException;

    /// The digest of what reviewers are shown beside its request; empty when that is nothing. A signed vote is over
    /// it, too: what is signed names the request's last entry.
    default Optional<String> briefing() {
        return Optional.empty();
    }

    /// Why it is of no use any more; empty when it is.
    ///
    /// @param granted as much of it as is left
    Optional<String> against(Tx tx, Allowance granted) throws SQLException;

    /// Uses it.
    ///
    /// @return the last entry of its request: the permit's own when it writes none that is of the request
    LeafHash used(Tx tx, Permit permit) throws SQLException;

    /// What stands against a use that may be none, against which nothing does.
    static Optional<String> against(Tx tx, Optional<Use> use, Allowance granted) throws SQLException {
        return use.isPresent() ? use.get().against(tx, granted) : Optional.empty();
    }
}
