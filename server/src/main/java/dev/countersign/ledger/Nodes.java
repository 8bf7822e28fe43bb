package dev.countersign.ledger;

import java.util.ArrayList;
import java.util.List;

/// Where the hashes of complete subtrees come from: the tiles of a store or of an export.
@FunctionalInterface
interface Nodes {
    /// The root of the complete subtree over leaves `index * 2^level` up to `(index + 1) * 2^level`.
    byte[] node(int level, long index);

    /// The root of the tree of the first `size` leaves.
    default byte[] root(long size) {
        return size == 0 ? Merkle.EMPTY_ROOT.clone() : root(0, size);
    }

    /// `MTH(D[from:to])`, RFC 6962 §2.1. `from` is aligned as it is wherever a tree is split.
    private byte[] root(long from, long to) {
        long size = to - from;
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return node(level, from >> level);
        }
        long split = from + Merkle.split(size);
        return Merkle.nodeHash(root(from, split), root(split, to));
    }

    /// The path from leaf `index` to the root of the first `size` leaves, RFC 6962 §2.1.1, the leaf's sibling
    /// first.
    default List<byte[]> inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
        }
        var path = new ArrayList<byte[]>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long split = from + Merkle.split(to - from);
            if (index < split) {
                path.add(root(split, to));
                to = split;
            } else {
                path.add(root(from, split));
                from = split;
            }
        }
        return path.reversed();
    }

    /// The hashes that show the tree of `older` leaves to be the beginning of the tree of `newer`, RFC 6962 §2.1.2.
    default List<byte[]> consistency(long older, long newer) {
        if (older < 0 || older > newer) {
            throw new IllegalArgumentException("a tree of " + older + " is no beginning of one of " + newer);
        }
        if (older == 0 || older == newer) {
            return List.of();
        }
        var proof = new ArrayList<byte[]>();
        long from = 0;
        long to = newer;
        boolean known = true; // whether the verifier has the root of D[from:older]: §2.1.2's flag b
        while (older != to) {
            long split = from + Merkle.split(to - from);
            if (older <= split) {
                proof.add(root(split, to));
                to = split;
            } else {
                proof.add(root(from, split));
                from = split;
                known = false;
            }
        }
        if (!known) {
            proof.add(root(from, to));
        }
        return proof.reversed();
    }
}
