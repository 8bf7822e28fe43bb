package dev.countersign.client;

import java.time.Duration;

/// How people attest that a client which was not used for long is still needed.
///
/// @param by the group of which somebody agrees with whoever of the client's owner proposes it
/// @param lasts how long that holds at most; it is over with the client's next token
/// @param within how long that group has to agree
public record Attest(String by, Duration lasts, Duration within) {
    /// How long it holds when the registration does not say.
    public static final Duration LASTS = Duration.ofDays(7);

    /// How long people have to agree when it does not say.
    public static final Duration WITHIN = Duration.ofDays(1);

    /// As it is when nothing is registered: another member of the owner agrees.
    public static Attest by(String owner) {
        return new Attest(owner, LASTS, WITHIN);
    }
}
