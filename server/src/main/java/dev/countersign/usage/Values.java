package dev.countersign.usage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where from, or by what, somebody is used to ask: each value with how often it was, and on which day last.
///
/// @param seen by value; those of the last 90 days, the oldest of more than 256 left out
/// @param total how often in all
/// @param days on how many days each was, added up
/// @param once how many values were there on one day only
record Values(Map<String, Value> seen, int total, int days, int once) {
    static final Values NONE = new Values(Map.of(), 0, 0, 0);

    private static final int MOST = 256;
    private static final int REMEMBERED = 90;
    private static final double PRIOR = 4;
    private static final double MOST_BITS = 8;
    private static final double ROAMS = 0.2;

    /// @param days how many
    /// @param day the last, since 1970
    record Value(int count, int days, long day) {
        static Value once(long day) {
            return new Value(1, 1, day);
        }

        Value again(long now) {
            return new Value(count + 1, now > day ? days + 1 : days, Math.max(day, now));
        }
    }

    Values trained(String value, long day) {
        var all = new LinkedHashMap<String, Value>();
        seen.forEach((known, it) -> {
            if (day - it.day() <= REMEMBERED) {
                all.put(known, it);
            }
        });
        var was = all.remove(value);
        all.put(value, was == null ? Value.once(day) : was.again(day));
        if (all.size() > MOST) {
            all.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.comparingLong(Value::day)))
                    .map(Map.Entry::getKey)
                    .ifPresent(all::remove);
        }
        int sum = 0;
        int daysOfAll = 0;
        int ones = 0;
        for (var it : all.values()) {
            sum += it.count();
            daysOfAll += it.days();
            ones += it.days() == 1 ? 1 : 0;
        }
        return new Values(all, sum, daysOfAll, ones);
    }

    /// How surprising that value is, in bits: none for one that was there in the last 90 days, and the more the oftener
    /// others were, but no more than a new one at all would be.
    double bits(String value, long day) {
        var known = seen.get(value);
        if (value.isEmpty() || (known != null && day - known.day() <= REMEMBERED)) {
            return 0;
        }
        double bits = Math.min(MOST_BITS, log2((total + PRIOR) / PRIOR));
        double mass = (once + 1.0) / (days + 2.0);
        return Math.min(mass > ROAMS ? bits * (1 - mass) : bits, -log2(mass));
    }

    private static double log2(double value) {
        return StrictMath.log(value) / StrictMath.log(2);
    }

    List<Object> form() {
        var all = new ArrayList<Object>();
        seen.forEach((value, it) -> all.add(List.of(value, it.count(), it.days(), it.day())));
        return List.of(total, days, once, all);
    }

    static Values of(Form form) {
        int total = form.small();
        int days = form.small();
        int once = form.small();
        return new Values(form.map(it -> new Value(it.small(), it.small(), it.number())), total, days, once);
    }
}
