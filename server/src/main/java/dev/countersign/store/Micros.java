package dev.countersign.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// How the store keeps time: microseconds since 1970, UTC, in a BIGINT.
public final class Micros {
    private Micros() {}

    /// The instant as the store keeps it; what is finer than a microsecond is cut off.
    public static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    /// The instant that the store kept.
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
