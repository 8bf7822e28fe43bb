package dev.countersign.people;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.people.OnCallCalendar.Heard;
import dev.countersign.people.OnCallCalendar.Planned;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.StatementContext;

/// The on_call_shift table: who is on call, by what calendars said and the clock.
///
/// A shift ends by the clock, whoever looks. It begins when a node notes it, within a second, with its entry in the
/// ledger: nobody votes by a shift that does not stand there. What came to be is never taken back by a clock that is
/// behind. Not from inside a write.
public final class Shifts {
    private static final Entry.Actor CALENDAR = new Entry.Actor("system", "on-call-calendar");

    private final Store store;
    private final Ledger ledger;
    private final Memberships memberships;
    private final OnCallCalendars calendars = new OnCallCalendars();

    public Shifts(Store store, Ledger ledger, Memberships memberships) {
        this.store = store;
        this.ledger = ledger;
        this.memberships = memberships;
    }

    /// The calendars there are, as they were heard last.
    public List<OnCallCalendar> calendars() {
        return memberships.calendars();
    }

    /// Those that are due to be asked. Of several nodes one takes each; it is due again after that long.
    public List<OnCallCalendar> take(Duration again) {
        return store.read(calendars::isDue) ? store.write(tx -> calendars.take(tx, again)) : List.of();
    }

    /// It said this, and who is on call follows. Nothing when it is not asked any more, or another than was asked.
    ///
    /// @param asked as it was taken
    public void heard(
            OnCallCalendar asked, String etag, String digest, List<Planned> plan, Collection<String> strangers) {
        store.write(tx -> {
            if (isStill(tx, asked)) {
                calendars.heard(tx, asked.group(), new Heard(etag, digest, tx.now(), tx.now(), plan), strangers);
                settle(tx, asked.group());
            }
            return true;
        });
    }

    /// It said that what it said holds.
    public void heardAgain(OnCallCalendar asked) {
        store.write(tx -> {
            if (isStill(tx, asked)) {
                calendars.heardAgain(tx, asked.group());
                settle(tx, asked.group());
            }
            return true;
        });
    }

    /// It could not be heard or read. What it said holds for its time.
    public void failed(OnCallCalendar asked, String fault, Duration again) {
        store.write(tx -> {
            if (isStill(tx, asked)) {
                calendars.failed(tx, asked.group(), fault, again);
            }
            return true;
        });
    }

    private boolean isStill(Tx tx, OnCallCalendar asked) {
        return calendars
                .hold(tx, asked.group())
                .filter(it ->
                        it.calendar().equals(asked.calendar()) && it.names().equals(asked.names()))
                .isPresent();
    }

    /// Notes whose shifts began and ended since anybody looked. Returns how many groups changed hands.
    public int turn() {
        var due = store.read(this::due);
        return due.isEmpty()
                ? 0
                : store.write(tx -> {
                    int changed = 0;
                    for (var group : due) {
                        changed += settle(tx, group) ? 1 : 0;
                    }
                    return changed;
                });
    }

    /// The groups in which somebody's shift may begin or end now: few rows, whatever is past.
    private List<String> due(Tx tx) {
        var groups = new TreeSet<String>();
        for (var calendar : calendars.all(tx)) {
            var open = open(tx, calendar.group());
            if (!calendar.isPast(tx.now()) && !planned(open).equals(calendar.due(open.keySet(), tx.now()))) {
                groups.add(calendar.group());
            }
        }
        groups.addAll(tx.sql().createQuery("""
                        SELECT DISTINCT group_name FROM on_call_shift
                        WHERE ended_at IS NULL AND group_name NOT IN (SELECT group_name FROM on_call_calendar)
                        """).mapTo(String.class).list());
        return List.copyOf(groups);
    }

    private static Map<PersonId, Instant> planned(Map<PersonId, Open> open) {
        var planned = new HashMap<PersonId, Instant>();
        open.forEach((person, it) -> planned.put(person, it.planned()));
        return planned;
    }

    /// A shift that lasts, by what the ledger has.
    ///
    /// @param until by when it gives no right any more, unless the calendar is heard again
    /// @param planned when it ends by the calendar
    private record Open(Instant since, Instant until, Instant planned) {}

    /// Makes the shifts of a group what its calendar says now. True when that is another than the ledger has.
    /// Of two nodes at it, one begins again when the other is done, since writes are serializable: each change has
    /// one entry.
    private boolean settle(Tx tx, String group) throws SQLException {
        var calendar = calendars.hold(tx, group);
        if (calendar.filter(it -> it.isPast(tx.now())).isPresent()) {
            return false;
        }
        var open = open(tx, group);
        var wanted = calendar.map(it -> it.due(open.keySet(), tx.now())).orElse(Map.of());
        var good = calendar.flatMap(OnCallCalendar::good).orElse(tx.now());
        tx.afterCommit(memberships::forget);
        var joined = new TreeSet<String>();
        var left = new TreeSet<String>();
        open.forEach((person, it) -> {
            if (!wanted.containsKey(person)) {
                left.add(person.value());
                end(tx, group, person, it);
            }
        });
        wanted.forEach((person, planned) -> {
            var until = planned.isBefore(good) ? planned : good;
            var it = open.get(person);
            if (it == null) {
                joined.add(person.value());
            }
            if (it == null || !it.until().equals(until) || !it.planned().equals(planned)) {
                put(tx, group, person, new Open(it == null ? tx.now() : it.since(), until, planned));
            }
        });
        boolean changed = !left.isEmpty() || !planned(open).entrySet().containsAll(wanted.entrySet());
        if (changed) {
            calendars.changed(tx, group, !joined.isEmpty());
            ledger.append(tx, entry(tx, group, calendar, wanted, joined, left));
        }
        return changed;
    }

    private static Entry entry(
            Tx tx,
            String group,
            Optional<OnCallCalendar> calendar,
            Map<PersonId, Instant> wanted,
            Collection<String> joined,
            Collection<String> left) {
        var body = new TreeMap<String, Object>();
        var until = new TreeMap<String, Object>();
        wanted.forEach((person, planned) -> until.put(person.value(), planned.toEpochMilli()));
        body.put(Member.GROUP, group);
        body.put(Member.ON_CALL, until);
        body.put(Member.JOINED, List.copyOf(joined));
        body.put(Member.LEFT, List.copyOf(left));
        body.put(
                Member.CALENDAR,
                calendar.flatMap(OnCallCalendar::heard).map(Heard::digest).orElse(""));
        body.put(Member.BECAUSE, because(tx, calendar));
        return new Entry(
                Code.GROUP_ON_CALL,
                tx.now(),
                CALENDAR,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                body,
                List.of());
    }

    private static String because(Tx tx, Optional<OnCallCalendar> calendar) {
        return calendar.isEmpty()
                ? "configuration"
                : calendar.get().isLost(tx.now()) ? "the calendar is not heard" : "calendar";
    }

    private static Map<PersonId, Open> open(Tx tx, String group) {
        return tx.sql().createQuery("""
                        SELECT person, since, until, planned FROM on_call_shift
                        WHERE group_name = :group AND ended_at IS NULL
                        """).bind("group", group).map(Shifts::open).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map.Entry<PersonId, Open> open(ResultSet row, StatementContext context) throws SQLException {
        return Map.entry(
                new PersonId(row.getString("person")),
                new Open(
                        Micros.instant(row.getLong("since")),
                        Micros.instant(row.getLong("until")),
                        Micros.instant(row.getLong("planned"))));
    }

    private static void put(Tx tx, String group, PersonId person, Open it) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO on_call_shift (group_name, person, since, until, planned)
                        VALUES (:group, :person, :since, :until, :planned)
                        ON CONFLICT (group_name, person, since)
                        DO UPDATE SET until = excluded.until, planned = excluded.planned, ended_at = NULL
                        """)
                .bind("group", group)
                .bind("person", person.value())
                .bind("since", it.since())
                .bind("until", it.until())
                .bind("planned", it.planned())
                .execute();
    }

    /// Over since it lapsed, or now, and never before it began.
    private static void end(Tx tx, String group, PersonId person, Open it) {
        var until = it.until().isBefore(tx.now()) ? it.until() : tx.now();
        tx.sql()
                .createUpdate("""
                        UPDATE on_call_shift SET ended_at = :now, until = :until
                        WHERE group_name = :group AND person = :person AND ended_at IS NULL
                        """)
                .bind("now", tx.now())
                .bind("until", until.isBefore(it.since()) ? it.since() : until)
                .bind("group", group)
                .bind("person", person.value())
                .execute();
    }
}
