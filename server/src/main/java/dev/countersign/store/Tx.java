package dev.countersign.store;

/// One transaction, as far as one piece of work sees it.
public final class Tx {
    Tx() {}
}
