package dev.countersign.usage;

import java.util.List;

/// When in the week somebody is used to have tokens: 168 counts that are forgotten by half every four weeks, in
/// steps of a week, in 256ths, so that equal entries give equal numbers. An hour counts once, however often in
/// it: what comes at once is one decision of somebody's and not many.
final class Hours {
    static final Hours NONE = new Hours(new short[Week.HOURS], 0, 0, -1, 0);

    static final int ONE = 256;

    /// How much a count that was expected from the peers weighs.
    static final double PRIOR = 4;

    private static final double MOST_BITS = 8;
    private static final double ROAMS = 0.2;

    private final short[] cells;
    private final long total;
    private final long week;
    private final long last;
    private final int count;

    private Hours(short[] cells, long total, long week, long last, int count) {
        this.cells = cells;
        this.total = total;
        this.week = week;
        this.last = last;
        this.count = count;
    }

    /// Whether that hour since 1970 counts: it is later than those that did.
    boolean learns(long hour) {
        return hour > last;
    }

    /// How many hours counted, ever.
    int count() {
        return count;
    }

    /// How usual an hour is.
    ///
    /// @param tail the share of use that is expected in hours as rare as this one or rarer
    /// @param bits how much rarer it is here than among the peers, in bits
    record Rarity(double tail, double bits) {}

    /// One more, in that hour since 1970.
    Hours trained(long hour) {
        if (!learns(hour)) {
            return this;
        }
        var kept = cells.clone();
        long weeks = Decay.weeks(week, hour);
        long sum = 0;
        for (int i = 0; i < kept.length; i++) {
            kept[i] = (short) Decay.weekly(kept[i], weeks);
            sum += kept[i];
        }
        int here = Week.hour(hour);
        if (kept[here] + ONE <= Short.MAX_VALUE) {
            kept[here] = (short) (kept[here] + ONE);
            sum += ONE;
        }
        return new Hours(kept, sum, Math.max(week, Decay.week(hour)), hour, count + 1);
    }

    /// How usual that hour since 1970 is. What is seldom here is judged by the peers' habit, and that by chance.
    Rarity rarity(long hour, PeerHours peers) {
        double left = StrictMath.pow(2, -Decay.weeks(week, hour) / 4.0);
        double all = left * total / ONE + PRIOR;
        int here = Week.hour(hour);
        var shares = peers.shares();
        double at = expected(here, left, shares);
        double rarer = 0;
        for (int i = 0; i < Week.HOURS; i++) {
            double expected = expected(i, left, shares);
            if (expected <= at) {
                rarer += expected;
            }
        }
        double alone = total == 0 ? 0 : alone() / total;
        double bits = StrictMath.log(shares[PeerHours.bin(here)] * all / at) / StrictMath.log(2);
        return new Rarity(
                Math.min(1, Math.max(rarer / all, alone)),
                Math.clamp(alone > ROAMS ? bits * (1 - alone) : bits, 0, MOST_BITS));
    }

    /// How often, smoothed by a quarter to each side, which takes up summer time and jitter, with what is
    /// expected from the peers.
    private double expected(int hour, double left, double[] peers) {
        int before = cells[hour == 0 ? Week.HOURS - 1 : hour - 1];
        int after = cells[hour == Week.HOURS - 1 ? 0 : hour + 1];
        return left * (before + 2 * cells[hour] + after) / (4 * ONE) + PRIOR * peers[PeerHours.bin(hour)];
    }

    /// How much of all stands in hours that were once, with no other near them but one: each came where nothing was
    /// before, and the next will with that chance (Good and Turing). Who asks at any time is not told for the next.
    private double alone() {
        double sum = 0;
        for (int i = 0; i < Week.HOURS; i++) {
            boolean begins = cells[i] > 0 && at(i - 1) == 0;
            if (begins && cells[i] <= ONE) {
                if (at(i + 1) == 0) {
                    sum += cells[i];
                } else if (at(i + 1) <= ONE && at(i + 2) == 0) {
                    sum += cells[i] + at(i + 1);
                }
            }
        }
        return sum;
    }

    private short at(int hour) {
        return cells[Math.floorMod(hour, Week.HOURS)];
    }

    List<Object> form() {
        return List.of(total, week, last, count, total == 0 ? List.of() : Form.list(cells));
    }

    static Hours of(Form form) {
        long total = form.number();
        long week = form.number();
        long last = form.number();
        int count = form.small();
        var cells = form.list();
        return cells.isEmpty() ? NONE : new Hours(cells.shorts(), total, week, last, count);
    }
}
