package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;

/// For how long privilege was granted, on each of the last [Daily#KEPT] days in UTC, and for how long it was taken:
/// what people approve and nobody collects, or not as often as it may be, is granted and not taken. And how many tokens
/// live.
/// One thread counts; any may read. Nothing is judged by it: it is what pages draw.
public final class Privilege {
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;

    /// One day.
    ///
    /// @param granted seconds that tokens could live, of what policy let pass or people approved on it
    /// @param taken seconds that the tokens of that day could live
    public record Day(LocalDate date, long granted, long taken) {}

    private record Seconds(long granted, long taken) {
        private static final Seconds NONE = new Seconds(0, 0);

        Seconds plus(long granted, long taken) {
            return new Seconds(this.granted + granted, this.taken + taken);
        }
    }

    private final ConcurrentSkipListMap<Long, Seconds> days = new ConcurrentSkipListMap<>();

    /// How many tokens end then, in seconds since 1970; rounded up, so that there are some hundreds of times at most.
    private final ConcurrentSkipListMap<Long, Long> ends = new ConcurrentSkipListMap<>();

    /// Takes one entry in. False when it says nothing of this, as what the server is asked for itself does not.
    boolean take(EntryView entry) {
        if (Member.SERVER.contains(entry.text(Member.CLIENT))) {
            return false;
        }
        return switch (entry.code()) {
            case TOKEN_MINTED -> {
                minted(entry);
                yield true;
            }
            case REQUEST_DECIDED -> {
                boolean approved = entry.text(Member.OUTCOME).equals(Member.APPROVED);
                if (approved) {
                    count(entry.at(), entry.number(Member.LIFETIME) * Math.max(1, entry.number(Member.USES)), 0);
                }
                yield approved;
            }
            // Nothing was granted.
            default -> false;
        };
    }

    private void minted(EntryView entry) {
        long end = entry.number(Member.EXP);
        long life = Math.max(0, end - entry.number(Member.IAT));
        var by = entry.text(Member.BY);
        boolean before = by.equals(Member.BY_PEOPLE) || by.equals(Member.BY_APPROVAL);
        count(entry.at(), before ? 0 : life, life);
        ends.merge(rounded(end, life), 1L, Long::sum);
        ends.headMap(entry.at().getEpochSecond(), true).clear();
    }

    /// A token counts as alive for an eighth of its life too long at most, or five seconds.
    private static long rounded(long end, long life) {
        long step = life < 8 * MINUTE ? 5 : life < 8 * HOUR ? MINUTE : HOUR;
        return Math.ceilDiv(end, step) * step;
    }

    private void count(Instant at, long granted, long taken) {
        long day = LocalDate.ofInstant(at, ZoneOffset.UTC).toEpochDay();
        days.merge(day, Seconds.NONE.plus(granted, taken), (was, more) -> was.plus(more.granted(), more.taken()));
        if (days.firstKey() <= days.lastKey() - Daily.KEPT) {
            days.headMap(days.lastKey() - Daily.KEPT, true).clear();
        }
    }

    /// So many days up to that one, the oldest first; those with nothing among them.
    public List<Day> last(int number, LocalDate until) {
        return LongStream.rangeClosed(until.toEpochDay() - number + 1, until.toEpochDay())
                .mapToObj(day -> {
                    var seconds = days.getOrDefault(day, Seconds.NONE);
                    return new Day(LocalDate.ofEpochDay(day), seconds.granted(), seconds.taken());
                })
                .toList();
    }

    /// How many tokens have not expired, those among them that were revoked.
    public long unexpired(Instant now) {
        return sum(ends.tailMap(now.getEpochSecond(), false).values());
    }

    /// How many of them expire until then.
    public long endingBy(Instant now, Instant until) {
        return sum(ends.subMap(now.getEpochSecond(), false, until.getEpochSecond(), true)
                .values());
    }

    private static long sum(Iterable<Long> counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /// Whether anything was granted or taken.
    boolean any() {
        return !days.isEmpty();
    }

    /// A list of the days and one of the ends.
    List<Object> form() {
        var ofDays = new ArrayList<>();
        days.forEach((day, it) -> ofDays.add(List.of(day, it.granted(), it.taken())));
        var ofEnds = new ArrayList<>();
        ends.forEach((end, count) -> ofEnds.add(List.of(end, count)));
        return List.of(ofDays, ofEnds);
    }

    /// Puts back what was kept.
    void restore(Form form) {
        form.lists().forEach(it -> days.put(it.number(), new Seconds(it.number(), it.number())));
        form.lists().forEach(it -> ends.put(it.number(), it.number()));
    }
}
