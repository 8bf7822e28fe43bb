package dev.countersign.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.Base64;
import java.util.UUID;

/// New names for new rows, and new secrets.
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /// A UUIDv7 of now.
    public static String next() {
        return at(Instant.now());
    }

    /// A UUIDv7 of an instant, RFC 9562 §5.7. Twelve bits beside the millisecond hold the fraction of it (§6.2,
    /// method 3), so ids of one process sort as they were made, to a quarter of a microsecond, with no state to
    /// share.
    public static String at(Instant instant) {
        long millis = instant.toEpochMilli();
        long fraction = (long) (instant.get(ChronoField.NANO_OF_SECOND) % 1_000_000) * 4096 / 1_000_000;
        long high = millis << 16 | 0x7000 | fraction;
        long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /// An id that none of that instant or later is below.
    public static String first(Instant instant) {
        return new UUID(instant.toEpochMilli() << 16, 0).toString();
    }

    /// That many unguessable bytes, as base64url without padding.
    public static String secret(int bytes) {
        var secret = new byte[bytes];
        RANDOM.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
