package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Where one node writes the ledger: each leaf gets the next place in the tree in the caller's transaction, so what is
/// committed is in order and in the tree.
///
/// What it remembers is touched by the store's writing thread alone. The head is what was read or written last;
/// another process may have appended between two groups of writes, so it is looked at again in each.
final class Sequencer implements Sequencing {
    private final Entries entries;
    private final Tiles tiles;
    private final DisclosureKeys keys;
    private final Listeners listeners = new Listeners();
    private Frontier head = Frontier.EMPTY;
    private long group;
    private long told;

    Sequencer(Entries entries, Tiles tiles, DisclosureKeys keys) {
        this.entries = entries;
        this.tiles = tiles;
        this.keys = keys;
    }

    @Override
    public void open(Tx tx) throws SQLException {
        look(tx, false);
    }

    @Override
    public boolean isEmpty(Tx tx) throws SQLException {
        return entries.size(tx) == 0;
    }

    @Override
    public void settle() {
        // Whatever is durable has its place.
    }

    @Override
    public void close() {
        // Nothing goes on by itself.
    }

    @Override
    public void listen(Consumer<List<EntryView>> listener) {
        listeners.add(listener);
    }

    @Override
    public void append(Tx tx, Leaf leaf) throws SQLException {
        look(tx, true);
        var disclosures = keys.keep(tx, leaf);
        rememberForRollback(tx);
        long index = head.size();
        entries.insert(tx, index, leaf, disclosures);
        head = head.append(leaf.hash().bytes());
        tiles.fill(tx, head.size());
        var view = leaf.at(index);
        tx.afterCommit(() -> tell(List.of(view)));
    }

    /// Tells of entries that another process wrote, too.
    @Override
    public void look(Tx tx) throws SQLException {
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
        listeners.tell(views);
    }
}
