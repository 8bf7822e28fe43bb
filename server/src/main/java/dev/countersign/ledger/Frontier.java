package dev.countersign.ledger;

import java.util.ArrayList;
import java.util.List;

/// The right edge of a tree: all that is needed to add leaves to it and to know its root.
///
/// Never changed, so that going back to the tree before a rolled-back transaction is keeping the older value.
///
/// @param size the number of leaves
/// @param peaks the roots of the complete subtrees that `size` is the sum of, the largest and leftmost first
record Frontier(long size, List<byte[]> peaks) {
    static final Frontier EMPTY = new Frontier(0, List.of());

    Frontier {
        if (size < 0 || peaks.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException("a tree of " + size + " leaves has no " + peaks.size() + " peaks");
        }
        peaks = List.copyOf(peaks);
    }

    /// The right edge of a tree that is there already.
    static Frontier of(long size, Nodes nodes) {
        var peaks = new ArrayList<byte[]>();
        long from = 0;
        for (int level = 62; level >= 0; level--) {
            if (((size >> level) & 1) == 1) {
                peaks.add(nodes.node(level, from >> level));
                from += 1L << level;
            }
        }
        return new Frontier(size, peaks);
    }

    /// The tree with one leaf more. Each one bit at the end of `size` is a complete subtree that the new leaf
    /// completes to one twice as large.
    Frontier append(byte[] leafHash) {
        var grown = new ArrayList<>(peaks);
        var subtree = leafHash;
        for (long bits = size; (bits & 1) == 1; bits >>= 1) {
            subtree = Merkle.nodeHash(grown.removeLast(), subtree);
        }
        grown.add(subtree);
        return new Frontier(size + 1, grown);
    }

    /// The root hash, RFC 6962 §2.1: the peaks folded from the right.
    byte[] root() {
        if (peaks.isEmpty()) {
            return Merkle.EMPTY_ROOT.clone();
        }
        var root = peaks.getLast();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = Merkle.nodeHash(peaks.get(i), root);
        }
        return root;
    }
}
