package dev.countersign.approval;

/// What is in force was published in a form that this release cannot read. Nothing is decided by what it replaced.
public final class Unread extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unread(String message) {
        super(message, null, false, false);
    }
}
