package dev.countersign.people;

/// Ends what a provider wanted to provision: nothing of it is kept.
public final class NotProvisioned extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What is the matter.
    public enum Kind {
        /// The provider does not provision, by the configuration in force.
        NO_SOURCE,
        /// There is no such user or group.
        MISSING,
        /// Another has what only one may have.
        TAKEN,
        /// It was changed since the provider looked.
        CHANGED,
        /// It cannot be what it says.
        WRONG,
        /// It is more than is taken.
        TOO_MUCH
    }

    /// What is the matter.
    public final Kind kind;

    NotProvisioned(Kind kind, String said) {
        super(said, null, false, false);
        this.kind = kind;
    }
}
