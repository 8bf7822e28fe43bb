package dev.countersign.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// What happens when. It is written in any order, and lived in the order of time; what would be in the last hour is
/// left out, so that whoever starts the demo comes after everybody.
final class Diary {
    /// How long ago it begins.
    static final Duration LENGTH = Duration.ofDays(182);

    private record Line(Instant at, Runnable happens) {}

    private final Instant now;
    private final Random random;
    private final List<Line> lines = new ArrayList<>();

    Diary(Instant now, Random random) {
        this.now = now;
        this.random = random;
    }

    /// That many whole days before now, and an hour more: so it is told as that many days ago for most of a day.
    void before(int days, Runnable happens) {
        at(now.minus(Duration.ofDays(days)).minus(Duration.ofHours(1)), happens);
    }

    void at(Instant time, Runnable happens) {
        lines.add(new Line(time, happens));
    }

    /// Some time within an hour (UTC) of the day that many days ago.
    void on(int ago, int hour, Runnable happens) {
        at(date(ago), LocalTime.of(hour, random.nextInt(60), random.nextInt(60)), happens);
    }

    /// The same on the last such day of the week that is so many days ago or more.
    void on(DayOfWeek day, int ago, int hour, Runnable happens) {
        at(
                date(ago).with(TemporalAdjusters.previousOrSame(day)),
                LocalTime.of(hour, random.nextInt(60), random.nextInt(60)),
                happens);
    }

    /// At a time of the day that many days ago.
    void at(int ago, LocalTime time, Runnable happens) {
        at(date(ago), time, happens);
    }

    private void at(LocalDate date, LocalTime time, Runnable happens) {
        at(date.atTime(time).toInstant(ZoneOffset.UTC), happens);
    }

    LocalDate date(int ago) {
        return now.atZone(ZoneOffset.UTC).toLocalDate().minusDays(ago);
    }

    boolean isWorkday(int ago) {
        return date(ago).getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0;
    }

    void live(MovingClock clock) {
        lines.stream()
                .sorted(Comparator.comparing(Line::at))
                .filter(it -> it.at().isBefore(now.minus(Duration.ofHours(1))))
                .forEach(it -> {
                    clock.moveTo(it.at());
                    it.happens().run();
                });
    }
}
