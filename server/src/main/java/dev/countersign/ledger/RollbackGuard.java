package dev.countersign.ledger;

import dev.countersign.store.Tx;
import dev.countersign.store.WrappedKey;
import dev.countersign.store.WrappedKeys;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares a ledger with the [Anchor] that lies elsewhere. A store that is behind it, or went another way, was
/// put back without anybody saying so: what was used up since could be used again.
final class RollbackGuard {
    private static final Logger log = LoggerFactory.getLogger(RollbackGuard.class);

    private final Anchor anchor;
    private final WrappedKeys wrapped;
    private volatile Optional<Checkpoint> held = Optional.empty();
    private volatile Optional<String> fault = Optional.empty();

    RollbackGuard(Anchor anchor, WrappedKeys wrapped) {
        this.anchor = anchor;
        this.wrapped = wrapped;
    }

    /// Reads the anchor, and holds the ledger to it from now on. For before the ledger is looked at: it only grows.
    ///
    /// @throws LedgerForked when it cannot be read
    void take() {
        held = anchor.read();
    }

    /// True when there is nothing yet that the ledger could be held to.
    boolean isNew() {
        return held.isEmpty();
    }

    /// @throws LedgerForked when the ledger is behind the anchor, or not its continuation
    void check(Tx tx, String origin, long size, Nodes nodes) throws SQLException {
        if (held.isEmpty()) {
            return;
        }
        var anchored = held.get();
        if (!anchored.isSignedBy(keysOf(tx, anchored.origin()))) {
            throw LedgerForked.anchor(
                    anchor + " is of " + anchored.size() + " entries of the ledger " + anchored.origin()
                            + ", signed by a key that this store does not know: it is another ledger's, or the store was put back"
                            + " from before that ledger began. Name the right file, or restore the store it belongs to");
        }
        if (!anchored.origin().equals(origin)) {
            return; // a restore that was said has ended that epoch, and the ledger goes on in another
        }
        if (anchored.size() > size) {
            throw LedgerForked.behind(anchor, anchored.size(), size);
        }
        if (!Arrays.equals(nodes.root(anchored.size()), anchored.root())) {
            throw LedgerForked.otherWay(anchor, anchored.size());
        }
    }

    private List<NoteKey> keysOf(Tx tx, String origin) {
        return LedgerKeys.all(tx, wrapped).stream()
                .map(WrappedKey::publicPart)
                .map(NoteKey::parse)
                .filter(it -> it.name().equals(origin))
                .toList();
    }

    /// Writes a checkpoint that is durable in the store to the anchor.
    ///
    /// @throws IOException when it cannot be written
    void begin(Checkpoint checkpoint) throws IOException {
        anchor.write(checkpoint);
        held = Optional.of(checkpoint);
    }

    /// The same while the server runs. What cannot be written is told and tried again with the next: the store is
    /// as safe as without an anchor, and clients wait for tokens.
    void advance(Checkpoint checkpoint) {
        if (fault.isEmpty()
                && held.filter(it -> it.note().equals(checkpoint.note())).isPresent()) {
            return;
        }
        try {
            begin(checkpoint);
            if (fault.isPresent()) {
                log.info("the anchor {} is written again", anchor);
            }
            fault = Optional.empty();
        } catch (IOException e) {
            if (fault.isEmpty()) {
                log.error("the anchor {} cannot be written; tokens are issued all the same", anchor, e);
            }
            fault = Optional.of("cannot be written: " + e);
        }
    }

    Optional<String> fault() {
        return fault;
    }
}
