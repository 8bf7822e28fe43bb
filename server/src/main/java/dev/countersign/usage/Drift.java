package dev.countersign.usage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Whether the last days are like the weeks before: what share of use fell in each hour of the day and on each API,
/// forgotten by half in three days and in 28.
///
/// @param day since 1970, when it was counted last
/// @param counts by `h05` for an hour and by the API's URL
/// @param frozenSince milliseconds since 1970 since when nothing is learned; 0 when it is
/// @param divergence of the two when it was counted last
record Drift(long day, Map<String, Count> counts, long frozenSince, double divergence) {
    static final Drift NONE = new Drift(0, Map.of(), 0, 0);

    private static final double FREEZES = 0.35;
    private static final double LEAST = 30;
    private static final int MOST = 64;
    private static final double GONE = 0.01;

    record Count(double lasting, double recent) {}

    boolean isFrozen() {
        return frozenSince > 0;
    }

    Drift trained(long now, int hour, String resource, long atMillis) {
        var all = new TreeMap<String, Count>();
        double days = Math.max(0, now - day) * 24.0 * 60;
        double lasting = Decay.left(days, Decay.LONG);
        double recent = Decay.left(days, Decay.SHORT);
        counts.forEach((key, it) -> {
            var left = new Count(it.lasting() * lasting, it.recent() * recent);
            if (left.lasting() > GONE) {
                all.put(key, left);
            }
        });
        one(all, (hour < 10 ? "h0" : "h") + hour);
        one(all, resource);
        double divergence = Math.max(divergence(all, true), divergence(all, false));
        double sample = all.entrySet().stream()
                .filter(it -> isHour(it.getKey()))
                .mapToDouble(it -> it.getValue().recent())
                .sum();
        boolean freezes = sample >= LEAST && divergence > FREEZES;
        return new Drift(Math.max(day, now), all, freezes ? atMillis : 0, divergence);
    }

    private static void one(Map<String, Count> all, String key) {
        if (all.containsKey(key) || all.size() < MOST) {
            all.merge(key, new Count(1, 1), (a, b) -> new Count(a.lasting() + 1, a.recent() + 1));
        }
    }

    private static boolean isHour(String key) {
        return key.length() == 3 && key.startsWith("h");
    }

    /// Jensen and Shannon's, in bits: 0 for the same, 1 for nothing in common.
    private static double divergence(Map<String, Count> all, boolean hours) {
        double lasting = 0;
        double recent = 0;
        for (var it : all.entrySet()) {
            if (isHour(it.getKey()) == hours) {
                lasting += it.getValue().lasting();
                recent += it.getValue().recent();
            }
        }
        double sum = 0;
        for (var it : all.entrySet()) {
            if (isHour(it.getKey()) == hours) {
                double p = it.getValue().lasting() / lasting;
                double q = it.getValue().recent() / recent;
                double middle = (p + q) / 2;
                sum += (part(p, middle) + part(q, middle)) / 2;
            }
        }
        return sum;
    }

    private static double part(double p, double middle) {
        return p <= 0 ? 0 : p * StrictMath.log(p / middle) / StrictMath.log(2);
    }

    List<Object> form() {
        return List.of(
                day,
                Form.list(counts, it -> ((Count) it).lasting()),
                counts.values().stream().map(Count::recent).toList(),
                frozenSince,
                divergence);
    }

    static Drift of(Form form) {
        long day = form.number();
        var lasting = form.map(Form::real);
        var recent = form.list();
        var all = new TreeMap<String, Count>();
        lasting.forEach((key, it) -> all.put(key, new Count(it, recent.real())));
        return new Drift(day, all, form.number(), form.real());
    }
}
