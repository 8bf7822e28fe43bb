package dev.countersign.ledger;

import java.util.Arrays;
import java.util.List;

/// Checks inclusion and consistency proofs, RFC 9162 §2.1.3.2 and §2.1.4.2, whose trees are those of RFC 6962.
/// Written from the sizes up, unlike the recursion in [Nodes] that makes proofs, so that neither repeats the
/// other's mistake.
final class Proofs {
    private Proofs() {}

    /// True when `path` leads from the leaf at `index` to `root`, §2.1.3.2.
    static boolean includes(byte[] leafHash, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        var hash = leafHash;
        for (var step : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = Merkle.nodeHash(step, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Merkle.nodeHash(hash, step);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /// True when the tree of `older` leaves is the beginning of the tree of `newer`, §2.1.4.2.
    static boolean consistent(long older, byte[] olderRoot, long newer, byte[] newerRoot, List<byte[]> proof) {
        if (older < 0 || older > newer) {
            return false;
        }
        if (older == 0) {
            return proof.isEmpty() && Arrays.equals(olderRoot, Merkle.EMPTY_ROOT);
        }
        if (older == newer) {
            return proof.isEmpty() && Arrays.equals(olderRoot, newerRoot);
        }
        // A complete older tree is a node of the newer one, so that its root is left out of the proof.
        boolean complete = Long.bitCount(older) == 1;
        if (!complete && proof.isEmpty()) {
            return false;
        }
        long node = older - 1;
        long last = newer - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        var first = complete ? olderRoot : proof.getFirst();
        var oldHash = first;
        var newHash = first;
        for (var step : proof.subList(complete ? 0 : 1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = Merkle.nodeHash(step, oldHash);
                newHash = Merkle.nodeHash(step, newHash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = Merkle.nodeHash(newHash, step);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(oldHash, olderRoot) && Arrays.equals(newHash, newerRoot);
    }
}
