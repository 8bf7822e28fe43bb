package dev.countersign.config;

import dev.countersign.policy.Calendar;
import dev.countersign.policy.Condition;
import dev.countersign.policy.FactSchema;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Looks at calendars: windows that are empty or overlap, holidays that end before they begin or overlap, and names of
/// calendars that there are not.
final class CalendarCheck {
    /// The days of the week as they are written.
    static final List<String> DAYS = Arrays.stream(DayOfWeek.values())
            .map(it -> it.name().toLowerCase(Locale.ROOT))
            .toList();

    private final Names names;
    private final Faults faults;

    CalendarCheck(Names names, Faults faults) {
        this.names = names;
        this.faults = faults;
    }

    void check(View root) {
        for (var calendar : root.views("calendars")) {
            var windows = calendar.views("windows");
            if (calendar.has("windows") && windows.isEmpty()) {
                faults.add(calendar.at("windows"), "a calendar without a window never opens; write one");
            }
            windows.forEach(this::window);
            overlapping(windows);
            holidays(calendar);
        }
        // What a test says is open, or has a holiday.
        root.views("tests").stream()
                .flatMap(it -> it.view("given").stream())
                .flatMap(it -> FactSchema.OF_CALENDARS.stream().flatMap(fact -> it.scalars(fact).stream()))
                .forEach(it -> Names.missing("calendar", it.text(), names.calendars())
                        .ifPresent(said -> faults.add(it.at(), said)));
        root.views("tests").stream()
                .flatMap(it -> it.view("given").stream())
                .flatMap(it -> it.scalars(FactSchema.NETWORKS).stream())
                .forEach(it -> Names.missing("network", it.text(), names.networks())
                        .ifPresent(said -> faults.add(it.at(), said)));
    }

    private void window(View window) {
        read(window)
                .filter(it -> it.until() == it.from())
                .ifPresent(_ -> faults.add(
                        window.at("hours"), "this window ends when it begins; write 00:00-24:00 for the whole day"));
    }

    private void overlapping(List<View> windows) {
        for (int i = 0; i < windows.size(); i++) {
            for (int j = 0; j < i; j++) {
                var earlier = windows.get(j);
                var both = read(windows.get(i)).flatMap(it -> read(earlier).flatMap(that -> shared(it, that)));
                if (both.isPresent()) {
                    faults.add(
                            windows.get(i).at(),
                            "this window and the one at " + earlier.at() + " are both open on "
                                    + both.get().name().toLowerCase(Locale.ROOT)
                                    + "; make them one, or change the hours");
                    break;
                }
            }
        }
    }

    /// The first day on which both are open at the same time.
    private static Optional<DayOfWeek> shared(Calendar.Window one, Calendar.Window other) {
        var both = minutes(one);
        both.and(minutes(other));
        return both.isEmpty() ? Optional.empty() : Optional.of(DayOfWeek.of(both.nextSetBit(0) / Calendar.DAY + 1));
    }

    /// The minutes of the week in which it is open, from the first of Monday; Sunday's night goes on there.
    private static BitSet minutes(Calendar.Window window) {
        int week = 7 * Calendar.DAY;
        var open = new BitSet(week);
        for (var day : window.days()) {
            int from = (day.getValue() - 1) * Calendar.DAY + window.from();
            int until = from + window.length();
            open.set(from, Math.min(until, week));
            open.set(0, Math.max(0, until - week));
        }
        return open;
    }

    private void holidays(View calendar) {
        var written = calendar.scalars("holidays");
        for (int i = 0; i < written.size(); i++) {
            var here = written.get(i);
            var days = days(here.text());
            if (days.filter(it -> it.last().isBefore(it.first())).isPresent()) {
                faults.add(here.at(), "these holidays end before they begin; write the first day first");
                continue;
            }
            for (var earlier : written.subList(0, i)) {
                if (!earlier.text().equals(here.text())
                        && days.flatMap(it -> days(earlier.text()).filter(that -> overlap(it, that)))
                                .isPresent()) {
                    faults.add(
                            here.at(),
                            "`" + here.text() + "` has days that `" + earlier.text() + "` at " + earlier.at()
                                    + " has; take them out of one");
                    break;
                }
            }
        }
    }

    private static boolean overlap(Calendar.Holidays one, Calendar.Holidays other) {
        return !one.first().isAfter(other.last()) && !other.first().isAfter(one.last());
    }

    /// The names of calendars and networks that a condition looks for and that there are not.
    static List<Condition.Fault> strange(Condition condition, Names names) {
        return Stream.concat(
                        FactSchema.OF_CALENDARS.stream()
                                .flatMap(it -> strange(condition, it, "calendar", names.calendars()).stream()),
                        strange(condition, FactSchema.NETWORKS, "network", names.networks()).stream())
                .toList();
    }

    private static List<Condition.Fault> strange(Condition condition, String fact, String kind, Set<String> known) {
        if (condition.facts().contains(fact) && known.isEmpty()) {
            return List.of(new Condition.Fault(
                    1, 1, "it speaks of " + fact + ", and there are no `" + kind + "s`; write one"));
        }
        return condition.soughtIn(fact).stream()
                .flatMap(it -> Names.missing(kind, it.text(), known).stream()
                        .map(said -> new Condition.Fault(it.line(), it.column(), said)))
                .toList();
    }

    static List<Calendar.Window> windows(View calendar) {
        return calendar.views("windows").stream()
                .flatMap(it -> read(it).stream())
                .toList();
    }

    static List<Calendar.Holidays> holidaysOf(View calendar) {
        return calendar.texts("holidays").stream()
                .flatMap(it -> days(it).stream())
                .toList();
    }

    /// Empty where it is not of its form, which is told already.
    private static Optional<Calendar.Window> read(View window) {
        var hours = window.text("hours");
        var days = window.texts("days");
        if (Form.HOURS.problem(hours).isPresent() || days.isEmpty() || !DAYS.containsAll(days)) {
            return Optional.empty();
        }
        var on = EnumSet.noneOf(DayOfWeek.class);
        days.forEach(it -> on.add(DayOfWeek.of(DAYS.indexOf(it) + 1)));
        return Optional.of(new Calendar.Window(on, minute(hours.substring(0, 5)), minute(hours.substring(6))));
    }

    private static int minute(String time) {
        return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
    }

    /// `2026-12-25`, or `2026-12-24/2027-01-01`.
    static Optional<Calendar.Holidays> days(String text) {
        try {
            var days = Stream.of(text.split("/", -1)).map(LocalDate::parse).toList();
            return days.size() <= 2
                    ? Optional.of(new Calendar.Holidays(days.getFirst(), days.getLast()))
                    : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
