package dev.countersign.people;

import dev.countersign.http.Json;
import dev.countersign.people.OnCallCalendar.Heard;
import dev.countersign.people.OnCallCalendar.Planned;
import dev.countersign.people.OnCallCalendar.Trouble;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.StatementContext;

/// The on_call_calendar table: which groups have a calendar and whom it may name, as the publication in force has it,
/// and what it said last. Written with the publication, so that a node which has not heard of that yet goes by it, too.
final class OnCallCalendars {
    /// Makes the table what a configuration says. A calendar that is new, or names others now, is asked at once;
    /// what it said of those it may still name goes on to hold.
    void publish(Tx tx, Collection<Group> groups, Map<String, PersonId> ids) {
        var gone = new ArrayList<>(all(tx).stream().map(OnCallCalendar::group).toList());
        for (var group : groups) {
            group.onCall().ifPresent(it -> {
                gone.remove(group.name());
                put(tx, group.name(), it, ids);
            });
        }
        gone.forEach(it -> tx.sql()
                .createUpdate("DELETE FROM on_call_calendar WHERE group_name = :group")
                .bind("group", it)
                .execute());
    }

    private static void put(Tx tx, String group, OnCall it, Map<String, PersonId> ids) {
        var names = new TreeMap<String, String>();
        it.people()
                .forEach((name, user) ->
                        names.put(name, Objects.requireNonNull(ids.get(user)).value()));
        tx.sql()
                .createUpdate("""
                        INSERT INTO on_call_calendar (group_name, calendar, names, good_for, due_at, etag, digest, plan,
                                                      strangers, fault)
                        VALUES (:group, :calendar, :names, :goodFor, :now, '', '', '[]', '[]', '')
                        ON CONFLICT (group_name) DO UPDATE SET
                            due_at = CASE WHEN on_call_calendar.calendar = excluded.calendar
                                           AND on_call_calendar.names = excluded.names
                                          THEN on_call_calendar.due_at ELSE excluded.due_at END,
                            etag = CASE WHEN on_call_calendar.calendar = excluded.calendar
                                         AND on_call_calendar.names = excluded.names
                                        THEN on_call_calendar.etag ELSE '' END,
                            heard_at = CASE WHEN on_call_calendar.calendar = excluded.calendar
                                            THEN on_call_calendar.heard_at ELSE NULL END,
                            calendar = excluded.calendar, names = excluded.names, good_for = excluded.good_for
                        """)
                .bind("group", group)
                .bind("calendar", it.calendar())
                .bind("names", Json.write(names))
                .bind("goodFor", it.goodFor().toSeconds())
                .bind("now", tx.now())
                .execute();
    }

    List<OnCallCalendar> all(Tx tx) {
        return tx.sql()
                .createQuery("SELECT * FROM on_call_calendar ORDER BY group_name")
                .map(OnCallCalendars::calendar)
                .list();
    }

    /// One of them, which nobody else changes meanwhile.
    Optional<OnCallCalendar> hold(Tx tx, String group) {
        return tx.sql()
                .createQuery("SELECT * FROM on_call_calendar WHERE group_name = :group" + tx.forUpdate())
                .bind("group", group)
                .map(OnCallCalendars::calendar)
                .findOne();
    }

    /// Whether one is due to be asked.
    boolean isDue(Tx tx) {
        return tx.sql()
                        .createQuery("SELECT COUNT(*) FROM on_call_calendar WHERE due_at <= :now")
                        .bind("now", tx.now())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /// Takes those that are due, to be asked; the next is due then.
    List<OnCallCalendar> take(Tx tx, Duration again) {
        return all(tx).stream()
                .filter(it -> tx.sql()
                                .createUpdate("""
                                        UPDATE on_call_calendar SET due_at = :again
                                        WHERE group_name = :group AND due_at <= :now
                                        """)
                                .bind("again", tx.now().plus(again))
                                .bind("group", it.group())
                                .bind("now", tx.now())
                                .execute()
                        == 1)
                .toList();
    }

    /// It said this.
    void heard(Tx tx, String group, Heard heard, Collection<String> strangers) {
        tx.sql()
                .createUpdate("""
                        UPDATE on_call_calendar
                        SET etag = :etag, digest = :digest, read_at = :readAt, heard_at = :at, plan = :plan,
                            strangers = :strangers, failed_at = NULL, fault = ''
                        WHERE group_name = :group
                        """)
                .bind("etag", heard.etag())
                .bind("digest", heard.digest())
                .bind("readAt", heard.readAt())
                .bind("at", heard.at())
                .bind(
                        "plan",
                        Json.write(
                                heard.plan().stream().map(OnCallCalendars::json).toList()))
                .bind("strangers", Json.write(List.copyOf(strangers)))
                .bind("group", group)
                .execute();
    }

    /// It said that what it said holds.
    void heardAgain(Tx tx, String group) {
        tx.sql().createUpdate("""
                        UPDATE on_call_calendar SET heard_at = :now, failed_at = NULL, fault = ''
                        WHERE group_name = :group
                        """).bind("now", tx.now()).bind("group", group).execute();
    }

    /// It could not be heard; it is asked again then.
    void failed(Tx tx, String group, String fault, Duration again) {
        tx.sql()
                .createUpdate("""
                        UPDATE on_call_calendar
                        SET failed_at = COALESCE(failed_at, :now), fault = :fault, due_at = :again
                        WHERE group_name = :group
                        """)
                .bind("now", tx.now())
                .bind("fault", fault)
                .bind("again", tx.now().plus(again))
                .bind("group", group)
                .execute();
    }

    /// Who is on call by it has changed.
    ///
    /// @param joined whether somebody came on call
    void changed(Tx tx, String group, boolean joined) {
        tx.sql()
                .createUpdate("""
                        UPDATE on_call_calendar
                        SET changed_at = :now, joined_at = CASE WHEN :joined = 1 THEN :now ELSE joined_at END
                        WHERE group_name = :group
                        """)
                .bind("now", tx.now())
                .bind("joined", joined ? 1 : 0)
                .bind("group", group)
                .execute();
    }

    private static Map<String, Object> json(Planned it) {
        return Map.of("name", it.name(), "since", Micros.of(it.since()), "until", Micros.of(it.until()));
    }

    private static OnCallCalendar calendar(ResultSet row, StatementContext context) throws SQLException {
        var names = new HashMap<String, PersonId>();
        Json.read(row.getString("names"))
                .properties()
                .forEach(it -> names.put(it.getKey(), new PersonId(it.getValue().stringValue(""))));
        return new OnCallCalendar(
                row.getString("group_name"),
                row.getString("calendar"),
                Map.copyOf(names),
                Duration.ofSeconds(row.getLong("good_for")),
                heard(row),
                Json.read(row.getString("strangers"))
                        .valueStream()
                        .map(it -> it.stringValue(""))
                        .toList(),
                trouble(row),
                instant(row, "changed_at").orElse(Instant.EPOCH),
                instant(row, "joined_at").orElse(Instant.EPOCH));
    }

    private static Optional<Heard> heard(ResultSet row) throws SQLException {
        var at = instant(row, "heard_at");
        var read = instant(row, "read_at");
        return at.isEmpty() || read.isEmpty()
                ? Optional.empty()
                : Optional.of(new Heard(
                        row.getString("etag"),
                        row.getString("digest"),
                        read.get(),
                        at.get(),
                        Json.read(row.getString("plan"))
                                .valueStream()
                                .map(it -> new Planned(
                                        it.path("name").stringValue(""),
                                        Micros.instant(it.path("since").longValue()),
                                        Micros.instant(it.path("until").longValue())))
                                .toList()));
    }

    private static Optional<Trouble> trouble(ResultSet row) throws SQLException {
        var fault = row.getString("fault");
        return instant(row, "failed_at").map(since -> new Trouble(since, fault));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Micros.instant(micros));
    }
}
