package dev.countersign.approval;

import java.time.Duration;
import java.time.Instant;

/// What a request is looked for by in what is open and was decided, made before the transaction that looks.
///
/// @param againAfter how long a denial stands against it
record Sought(String joinKey, String client, String snapshot, String resource, Duration againAfter) {
    static Sought of(Judged judged) {
        var request = judged.request();
        var snapshot = request.snapshot();
        return new Sought(
                request.joinKey(snapshot),
                request.client(),
                snapshot,
                request.resource(),
                judged.limits().againAfter());
    }

    /// Since when a token that was given still counts as the same request's.
    static Instant redeemedSince(Instant now) {
        return now.minus(Gate.REDELIVERY);
    }

    /// Since when a denial counts.
    Instant deniedSince(Instant now) {
        return now.minus(againAfter);
    }
}
