package dev.countersign.usage;

import java.util.List;

/// On which days one client's tokens for one API were seen in use, by introspection. Only days on which it was given
/// some count, the last 64 of them (UTC).
///
/// @param last the last of these days, since 1970
/// @param before the one before it
/// @param used the last one of whose tokens one was seen
/// @param days how many are kept
/// @param bits whether one was seen of each of them, the last in the lowest
record Sightings(long last, long before, long used, int days, long bits) {
    static final Sightings NONE = new Sightings(0, 0, 0, 0, 0);

    private static final int KEPT = Long.SIZE;
    private static final int KNOWN_DAYS = 14;
    private static final int SEEN_DAYS = 7;
    private static final int SILENT_DAYS = 3;
    private static final double CHANCE = 0.001;

    /// How long nothing was seen, and how it was before.
    ///
    /// @param days the last days with tokens, of which none was seen; 0 when too little is known to say that
    /// @param seen on how many of the days before one was seen
    /// @param of how many those are
    record Silence(int days, int seen, int of) {
        static final Silence NONE = new Silence(0, 0, 0);
    }

    /// A token was minted then.
    Sightings minted(long day) {
        return days > 0 && day <= last ? this : new Sightings(day, last, used, Math.min(days + 1, KEPT), bits << 1);
    }

    /// One that was minted then was seen in use.
    Sightings seen(long day) {
        return isNews(day) ? new Sightings(last, before, Math.max(used, day), days, bits | bit(day)) : this;
    }

    /// Whether it would say more that a token which was minted then was seen in use.
    boolean isNews(long day) {
        return (bit(day) & ~bits) != 0;
    }

    private long bit(long day) {
        if (days > 0 && day == last) {
            return 1;
        }
        return days > 1 && day == before ? 2 : 0;
    }

    /// The silence at the end of the days that are over; that of today may still be used.
    ///
    /// Told when it is longer than what comes about once in a thousand times, were its tokens used as often as
    /// before.
    Silence silence(long today) {
        boolean open = days > 0 && last == today;
        if (open && (bits & 1) != 0) {
            return Silence.NONE;
        }
        long over = open ? bits >>> 1 : bits;
        int all = open ? days - 1 : days;
        int silent = Math.min(all, Long.numberOfTrailingZeros(over));
        int seen = Long.bitCount(over);
        int of = all - silent;
        double unused = 1 - (seen + 0.5) / (of + 1);
        return silent >= SILENT_DAYS && of >= KNOWN_DAYS && Math.pow(unused, silent) < CHANCE
                ? new Silence(silent, seen, of)
                : Silence.NONE;
    }

    /// Whether it tells of a time since then: it had tokens, and some were seen before at all.
    boolean tellsOfSince(long day) {
        return last > day && Long.bitCount(bits) >= SEEN_DAYS;
    }

    List<Object> form() {
        return List.of(last, before, used, days, bits);
    }

    static Sightings of(Form form) {
        return new Sightings(form.number(), form.number(), form.number(), form.small(), form.number());
    }
}
