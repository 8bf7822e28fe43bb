package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives each leaf the next place in the tree, in the caller's transaction: what is committed is in order and in
/// the tree.
///
/// What it remembers is touched by the store's writing thread alone. The head is what was read or written last;
/// another process may have appended between two groups of writes, so it is looked at again in each.
final class Sequencer {
    private static final Logger log = LoggerFactory.getLogger(Sequencer.class);

    private final Entries entries;
    private final Tiles tiles;
    private final DisclosureKeys keys;
    private final List<Consumer<List<EntryView>>> listeners = new CopyOnWriteArrayList<>();
    private Frontier head = Frontier.EMPTY;
    private long group;
    private long told;

    Sequencer(Entries entries, Tiles tiles, DisclosureKeys keys) {
        this.entries = entries;
        this.tiles = tiles;
        this.keys = keys;
    }

    /// Reads where the ledger stands. What is there already is told to no listener.
    void open(Tx tx) throws SQLException {
        look(tx, false);
    }

    void listen(Consumer<List<EntryView>> listener) {
        listeners.add(listener);
    }

    Appended append(Tx tx, Leaf leaf) throws SQLException {
        look(tx, true);
        var disclosures = keys.keep(tx, leaf);
        rememberForRollback(tx);
        long index = head.size();
        entries.insert(tx, index, leaf, disclosures);
        head = head.append(leaf.hash().bytes());
        tiles.fill(tx, head.size());
        var view = leaf.at(index);
        tx.afterCommit(() -> tell(List.of(view)));
        return new Appended(index, view.hash(), view.code(), view.request(), view.at());
    }

    /// Makes sure that the head is the store's, and tells of entries that another process wrote.
    void look(Tx tx) throws SQLException {
        look(tx, true);
    }

    private void look(Tx tx, boolean tell) throws SQLException {
        if (group == tx.group()) {
            return;
        }
        long size = entries.size(tx);
        if (size < head.size()) {
            throw new IllegalStateException(
                    "the ledger has " + size + " entries where it had " + head.size() + ": it was put back under us");
        }
        rememberForRollback(tx);
        if (size > head.size()) {
            head = Frontier.of(size, tiles.nodes(tx, size));
        }
        group = tx.group();
        if (!tell) {
            tx.afterCommit(() -> told = size);
        } else if (size > told) {
            var views = new ArrayList<EntryView>();
            entries.rows(tx, told, size - told).forEach(row -> views.add(row.view()));
            tx.afterCommit(() -> tell(views));
        }
    }

    private void rememberForRollback(Tx tx) {
        var headBefore = head;
        long groupBefore = group;
        tx.onRollback(() -> {
            head = headBefore;
            group = groupBefore;
        });
    }

    private void tell(List<EntryView> views) {
        told = views.getLast().index() + 1;
        for (var listener : listeners) {
            try {
                listener.accept(views);
            } catch (RuntimeException failed) {
                // The entries are written: whoever wrote them must not hear otherwise, nor the other listeners nothing.
                log.error(
                        "a listener failed on entries from {} on",
                        views.getFirst().index(),
                        failed);
            }
        }
    }
}
