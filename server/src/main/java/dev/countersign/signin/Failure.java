package dev.countersign.signin;

import java.util.Locale;

/// Why somebody was not signed in, as far as they are told.
public enum Failure {
    /// This browser began no such sign-in, or too long ago, or has finished it.
    LOST,
    /// The provider did not answer.
    AWAY,
    /// Too many sign-ins with this provider are on their way.
    BUSY,
    /// The provider said no.
    REFUSED,
    /// The provider does not let this server ask: that is for whoever runs both.
    MISCONFIGURED,
    /// What came back is not to be believed.
    UNTRUSTED,
    /// The provider's clock and ours are too far apart.
    CLOCK,
    /// The proof is older than is asked for.
    STALE,
    /// They are in no group of ours.
    NOBODY;

    /// The word in the ledger and the log.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
