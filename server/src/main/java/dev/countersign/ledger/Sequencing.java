package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/// How leaves get their places in the tree, and who hears of it.
sealed interface Sequencing extends AutoCloseable permits Sequencer, Staging {
    /// Reads where the ledger stands. What is there already is told to no listener.
    void open(Tx tx) throws SQLException;

    /// Writes a leaf: it is in the ledger when the transaction commits, and was never there when it does not.
    void append(Tx tx, Leaf leaf) throws SQLException;

    /// Writes leaves in this order.
    default void appendAll(Tx tx, List<Leaf> leaves) throws SQLException {
        for (var leaf : leaves) {
            append(tx, leaf);
        }
    }

    /// Writes leaves in this order and gives them their places in the same transaction where it can, without waiting
    /// for
    /// anybody.
    default void placeAll(Tx tx, List<Leaf> leaves) throws SQLException {
        appendAll(tx, leaves);
    }

    /// True when nothing was ever appended.
    boolean isEmpty(Tx tx) throws SQLException;

    /// Sees to it that all that is durable has its place.
    void settle();

    /// Makes sure that what this remembers is what the store has.
    void look(Tx tx) throws SQLException;

    void listen(Consumer<List<EntryView>> listener);

    @Override
    void close();
}
