package dev.countersign.usage;

import java.util.Arrays;
import java.util.List;

/// When clients of one owner are used to have tokens: each hour of a working day and of one at the weekend,
/// forgotten as [Hours] are.
final class PeerHours {
    static final PeerHours NONE = new PeerHours(new long[48], 0);

    private static final int WEEKDAY_HOURS = 5 * 24;

    private final long[] cells;
    private final long week;

    private PeerHours(long[] cells, long week) {
        this.cells = cells;
        this.week = week;
    }

    PeerHours trained(long hour) {
        long weeks = Decay.weeks(week, hour);
        var kept = Arrays.stream(cells).map(it -> Decay.weekly(it, weeks)).toArray();
        kept[bin(Week.hour(hour))] += Hours.ONE;
        return new PeerHours(kept, Math.max(week, Decay.week(hour)));
    }

    /// The share of each, for one hour of one day of the week.
    double[] shares() {
        double n = 0;
        for (long cell : cells) {
            n += (double) cell / Hours.ONE;
        }
        var shares = new double[cells.length];
        for (int i = 0; i < shares.length; i++) {
            double count = (double) cells[i] / Hours.ONE / (i < 24 ? 5 : 2);
            shares[i] = (count + Hours.PRIOR / Week.HOURS) / (n + Hours.PRIOR);
        }
        return shares;
    }

    static int bin(int hour) {
        return hour % 24 + (hour < WEEKDAY_HOURS ? 0 : 24);
    }

    List<Object> form() {
        return List.of(week, Arrays.stream(cells).boxed().toList());
    }

    static PeerHours of(Form form) {
        long week = form.number();
        return new PeerHours(form.list().longs(), week);
    }
}
