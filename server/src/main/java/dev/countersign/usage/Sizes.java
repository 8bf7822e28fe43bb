package dev.countersign.usage;

import java.util.List;

/// How large something usually is, in steps: numbers that have 95 of 100 at or below them.
record Sizes(List<Integer> counts, int total) {
    static final Sizes NONE = new Sizes(List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);

    private static final int LIKELY = 30;

    Sizes trained(int step) {
        var more = new java.util.ArrayList<>(counts);
        int at = Math.clamp(step, 0, more.size() - 1);
        more.set(at, more.get(at) + 1);
        return new Sizes(List.copyOf(more), total + 1);
    }

    /// The step that 95 of 100 do not exceed; 0 while there are none.
    int usual() {
        long wanted = Math.ceilDiv(95L * total, 100);
        long sum = 0;
        for (int i = 0; i < counts.size(); i++) {
            sum += counts.get(i);
            if (sum >= wanted && sum > 0) {
                return i;
            }
        }
        return 0;
    }

    boolean isAbove(int step) {
        return total >= LIKELY && Math.min(step, counts.size() - 1) > usual();
    }

    /// The step of a time: each is twice as long as the one before it, the first up to a second.
    static int step(long seconds) {
        return seconds <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(seconds - 1);
    }

    /// The longest time of a step, in seconds.
    static long seconds(int step) {
        return 1L << step;
    }

    List<Object> form() {
        return List.of(total, counts);
    }

    static Sizes of(Form form) {
        int total = form.small();
        var counts = form.list();
        return new Sizes(
                java.util.Arrays.stream(counts.longs()).mapToObj(it -> (int) it).toList(), total);
    }
}
