package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What happened to a client of late: the reasons it gave today, what people denied it, what it was granted and
/// never fetched. All of it is bounded: the oldest is left out.
///
/// @param day since 1970 that the reasons are of (UTC)
/// @param reasons how often it gave each, by the ledger's digest of it
/// @param denied the digests of questions that people denied, each with when
/// @param uncollected when approvals ran out that nobody had collected
record Recent(long day, Map<String, Integer> reasons, List<Denied> denied, List<Instant> uncollected) {
    static final Recent NONE = new Recent(0, Map.of(), List.of(), List.of());

    private static final int MOST = 16;
    private static final Duration DENIED_FOR = Duration.ofDays(1);
    private static final Duration UNCOLLECTED_FOR = Duration.ofDays(30);

    record Denied(String question, Instant at) {}

    Recent reason(String reason, Instant at) {
        if (reason.isEmpty()) {
            return this;
        }
        long today = day(at);
        var all = new LinkedHashMap<String, Integer>(today == day ? reasons : Map.of());
        if (all.containsKey(reason) || all.size() < MOST) {
            all.merge(reason, 1, Integer::sum);
        }
        return new Recent(today, all, denied, uncollected);
    }

    Recent denied(String question, Instant at) {
        return new Recent(day, reasons, last(denied, new Denied(question, at)), uncollected);
    }

    Recent uncollected(Instant at) {
        return new Recent(day, reasons, denied, last(uncollected, at));
    }

    private static <T> List<T> last(List<T> list, T next) {
        return Stream.concat(list.stream().skip(Math.max(0, list.size() + 1 - MOST)), Stream.of(next))
                .toList();
    }

    /// How often the reason was given today, with now.
    int given(String reason, Instant now) {
        return reason.isEmpty() ? 0 : 1 + (day(now) == day ? reasons.getOrDefault(reason, 0) : 0);
    }

    /// How often the question was denied in the last 24 hours.
    long denials(String question, Instant now) {
        return denied.stream()
                .filter(it -> it.question().equals(question)
                        && it.at().plus(DENIED_FOR).isAfter(now))
                .count();
    }

    /// How many approvals of the last 30 days were never collected.
    long neverCollected(Instant now) {
        return uncollected.stream()
                .filter(it -> it.plus(UNCOLLECTED_FOR).isAfter(now))
                .count();
    }

    private static long day(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 86_400L);
    }

    List<Object> form() {
        var refused = new ArrayList<Object>();
        denied.forEach(it -> refused.add(List.of(it.question(), it.at().toEpochMilli())));
        return List.of(
                day,
                Form.list(reasons, it -> it),
                refused,
                uncollected.stream().map(Instant::toEpochMilli).toList());
    }

    static Recent of(Form form) {
        long day = form.number();
        var reasons = form.map(Form::small);
        var denied = form.lists().stream()
                .map(it -> new Denied(it.text(), it.instant()))
                .toList();
        var uncollected = java.util.Arrays.stream(form.list().longs())
                .mapToObj(Instant::ofEpochMilli)
                .toList();
        return new Recent(day, reasons, denied, uncollected);
    }
}
