package dev.countersign.ledger;

/// How many leaves a tree has and what its root is: two trees of one head are the same.
///
/// @param root in base64url without padding
public record TreeHead(long size, String root) {
    @Override
    public String toString() {
        return "of " + size + " entries with root " + root;
    }
}
