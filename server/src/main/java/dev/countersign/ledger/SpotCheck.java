package dev.countersign.ledger;

import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;

/// A check of a running ledger that takes a bounded time: the signature of the newest checkpoint, and of some entries
/// whether they hash to its root. Those are the newest, and others spread evenly over all.
///
/// It is no proof to anybody but who runs it: an auditor verifies an export, with the key they kept.
public final class SpotCheck {
    /// How many of the newest entries are looked at, and how many of all.
    static final int NEWEST = 1_000;

    static final int SPREAD = 1_000;

    private static final int AT_ONCE = 100;

    private final Ledger ledger;
    private final Store store;
    private final Entries entries = new Entries();
    private final Tiles tiles = new Tiles(entries);

    private SpotCheck(Ledger ledger) {
        this.ledger = ledger;
        this.store = ledger.store();
    }

    /// What came of it.
    ///
    /// @param checkpoint which it was about; empty when none was signed yet
    /// @param signed whether one of the ledger's keys signed that
    /// @param checked how many entries were looked at
    /// @param bad the first that is not led to the root: it, or what its proof needs, is missing or was changed
    /// @param at when it ended
    public record Result(
            Optional<Checkpoint> checkpoint,
            boolean signed,
            int checked,
            Optional<Long> bad,
            Instant at,
            Duration took) {
        /// Whether nothing is wrong.
        public boolean good() {
            return checkpoint.isPresent() && signed && bad.isEmpty();
        }
    }

    /// Looks a ledger over. Not for whoever waits for an answer.
    public static Result of(Ledger ledger) {
        return new SpotCheck(ledger).run(NEWEST, SPREAD);
    }

    private Result run(int newest, int spread) {
        long begun = System.nanoTime();
        var checkpoint = ledger.latestCheckpoint();
        var indices = checkpoint.map(it -> indices(it.size(), newest, spread)).orElse(List.of());
        var bad = checkpoint.flatMap(it -> firstBad(it, indices));
        return new Result(
                checkpoint,
                checkpoint.filter(it -> it.isSignedBy(ledger.keys())).isPresent(),
                indices.size(),
                bad,
                ledger.clock().instant(),
                Duration.ofNanos(System.nanoTime() - begun));
    }

    /// Which entries of so many are looked at, in order: each once.
    static List<Long> indices(long size, int newest, int spread) {
        var all = new TreeSet<Long>();
        LongStream.range(Math.max(0, size - newest), size).forEach(all::add);
        LongStream.range(0, Math.min(spread, size))
                .map(n -> size / spread * n + size % spread * n / spread)
                .forEach(all::add);
        return List.copyOf(all);
    }

    /// Some at a time, each in a transaction of its own, so that none is held for long.
    private Optional<Long> firstBad(Checkpoint checkpoint, List<Long> indices) {
        for (int from = 0; from < indices.size(); from += AT_ONCE) {
            var some = indices.subList(from, Math.min(indices.size(), from + AT_ONCE));
            var bad = store.<Optional<Long>>read(tx -> {
                var nodes = tiles.nodes(tx, checkpoint.size());
                return some.stream()
                        .filter(index -> !isIncluded(tx, nodes, index, checkpoint))
                        .findFirst();
            });
            if (bad.isPresent()) {
                return bad;
            }
        }
        return Optional.empty();
    }

    private boolean isIncluded(Tx tx, Nodes nodes, long index, Checkpoint checkpoint) {
        try {
            var leaf = entries.rows(tx, index, 1).getFirst().leaf();
            return Proofs.includes(
                    Merkle.leafHash(leaf),
                    index,
                    checkpoint.size(),
                    nodes.inclusion(index, checkpoint.size()),
                    checkpoint.root());
        } catch (NoSuchElementException | IllegalStateException missing) {
            return false; // it is not there, or a hash that its proof needs is not
        }
    }
}
