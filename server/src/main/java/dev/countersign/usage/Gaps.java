package dev.countersign.usage;

import java.util.Arrays;
import java.util.List;

/// The last gaps between days of use, in days, the oldest first: a client's own rhythm.
public final class Gaps {
    /// As many are kept.
    public static final int KEPT = 64;

    /// None yet.
    static final Gaps NONE = new Gaps(new short[0]);

    private static final int PERCENT = 95;

    private final short[] days;
    private final int usual;

    private Gaps(short[] days) {
        this.days = days;
        var sorted = days.clone();
        Arrays.sort(sorted);
        usual = days.length == 0 ? 0 : sorted[Math.ceilDiv(PERCENT * days.length, 100) - 1];
    }

    /// One more.
    Gaps and(long gap) {
        var kept = Arrays.copyOfRange(days, Math.max(0, days.length + 1 - KEPT), days.length + 1);
        kept[kept.length - 1] = (short) Math.clamp(gap, 1, Short.MAX_VALUE);
        return new Gaps(kept);
    }

    /// How many there are.
    public int count() {
        return days.length;
    }

    /// 95 of 100 are as long as this or shorter; 0 while there are none.
    public long usual() {
        return usual;
    }

    List<Integer> form() {
        return Form.list(days);
    }

    static Gaps of(Form form) {
        return form.isEmpty() ? NONE : new Gaps(form.shorts());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Gaps gaps && Arrays.equals(gaps.days, days);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(days);
    }

    @Override
    public String toString() {
        return Arrays.toString(days);
    }
}
