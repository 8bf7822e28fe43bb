package dev.countersign.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/// How often requests came to what, on each of the last [#KEPT] days, in UTC. One thread counts; any may read.
public final class Daily {
    /// How many days are kept, the last one among them.
    public static final int KEPT = 90;

    /// What came of a request.
    public enum Came {
        /// Policy let it pass.
        PASSED(0),
        /// People were asked.
        ASKED(1),
        /// It was refused at once.
        REFUSED(2),
        /// It passed since it was observed only.
        OBSERVED(3),
        /// It passed because its client broke the glass.
        BROKE_GLASS(4);

        private final int column;

        Came(int column) {
            this.column = column;
        }
    }

    /// One day.
    ///
    /// @param counts of what came at all
    public record Day(LocalDate date, Map<Came, Long> counts) {
        /// How often it came to that.
        public long count(Came came) {
            return counts.getOrDefault(came, 0L);
        }
    }

    private final ConcurrentSkipListMap<Long, AtomicLongArray> days = new ConcurrentSkipListMap<>();

    void count(Came came, Instant at) {
        long day = day(at);
        days.computeIfAbsent(day, _ -> new AtomicLongArray(Came.values().length))
                .incrementAndGet(came.column);
        if (days.firstKey() <= days.lastKey() - KEPT) {
            days.headMap(days.lastKey() - KEPT, true).clear();
        }
    }

    private static long day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC).toEpochDay();
    }

    /// So many days up to that one, the oldest first; those with nothing among them.
    public List<Day> last(int number, LocalDate until) {
        return LongStream.rangeClosed(until.toEpochDay() - number + 1, until.toEpochDay())
                .mapToObj(this::of)
                .toList();
    }

    private Day of(long day) {
        var counts = new EnumMap<Came, Long>(Came.class);
        var counted = days.get(day);
        if (counted != null) {
            for (var came : Came.values()) {
                long count = counted.get(came.column);
                if (count > 0) {
                    counts.put(came, count);
                }
            }
        }
        return new Day(LocalDate.ofEpochDay(day), counts);
    }

    /// A list for each day: which it is, since 1970, and its counts.
    List<Object> form() {
        var form = new ArrayList<>();
        days.forEach((day, counts) -> {
            var one = new ArrayList<Long>();
            one.add(day);
            for (int i = 0; i < counts.length(); i++) {
                one.add(counts.get(i));
            }
            form.add(one);
        });
        return form;
    }

    static Daily of(Form form) {
        var daily = new Daily();
        while (form.hasMore()) {
            var one = form.list();
            long day = one.number();
            var counts = new AtomicLongArray(Came.values().length);
            for (int i = 0; i < counts.length(); i++) {
                counts.set(i, one.number());
            }
            daily.days.put(day, counts);
        }
        return daily;
    }
}
