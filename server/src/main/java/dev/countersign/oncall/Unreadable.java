package dev.countersign.oncall;

/// A calendar cannot be read; the message says where and why, in words for whoever set it up, and has nothing of what
/// stands there.
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    private final String said;

    Unreadable(String said) {
        super(said, null, false, false);
        this.said = said;
    }

    Unreadable(ContentLine at, String said) {
        this("line " + at.number() + ": " + said);
    }

    String said() {
        return said;
    }
}
