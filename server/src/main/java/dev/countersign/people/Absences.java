package dev.countersign.people;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.StatementContext;

/// The absence table: who is away when, and who stands in for them. A row is never changed but to end it, so that the
/// past can be asked; each word is in the ledger.
///
/// Who stands in for somebody may vote in their place, where policy lets them, and nothing else. It passes on to
/// nobody:
/// whoever stands in and is away themselves has nobody in their place for that.
public final class Absences {
    /// The longest somebody may be away at once.
    public static final Duration LONGEST = Duration.ofDays(60);

    /// How long beforehand it may be said.
    public static final Duration AHEAD = Duration.ofDays(365);

    /// How many a person may have said that are not over.
    public static final int MOST = 12;

    private static final String SELECT = "SELECT id, person, since, until, zone, substitute FROM absence ";
    private static final String OPEN = "WHERE ended_at IS NULL AND until > :now ";
    private static final String ORDER = "ORDER BY since, person, id";

    private final Store store;
    private final Ledger ledger;

    public Absences(Store store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /// What came of saying that one is away.
    public sealed interface Result {
        /// It stands.
        record Said(Absence absence) implements Result {}

        /// It does not; why, for the person to read.
        record Refused(String because) implements Result {}
    }

    /// The same as it is written: times by the clocks of a zone.
    ///
    /// @param from such as `2026-08-01T09:00`
    /// @param zone such as `Europe/Berlin`
    public Result say(PersonId person, String from, String until, String zone, Optional<PersonId> substitute) {
        try {
            var clocks = ZoneId.of(zone);
            return say(
                    person,
                    LocalDateTime.parse(from).atZone(clocks).toInstant(),
                    LocalDateTime.parse(until).atZone(clocks).toInstant(),
                    clocks,
                    substitute);
        } catch (DateTimeException _) {
            return new Result.Refused(
                    "write both times as 2026-08-01T09:00, and the zone whose clocks you mean as Europe/Berlin or UTC");
        }
    }

    /// Somebody says that they are away.
    public Result say(PersonId person, Instant from, Instant until, ZoneId zone, Optional<PersonId> substitute) {
        var absence = new Absence(Ids.next(), person, from, until, zone, substitute);
        return store.write(tx -> {
            var against = against(tx, absence);
            if (against.isPresent()) {
                return new Result.Refused(against.get());
            }
            tx.sql()
                    .createUpdate("""
                            INSERT INTO absence (id, person, since, until, zone, substitute, said_at)
                            VALUES (:id, :person, :since, :until, :zone, :substitute, :now)""")
                    .bind("id", absence.id())
                    .bind("person", person.value())
                    .bind("since", Micros.of(from))
                    .bind("until", Micros.of(until))
                    .bind("zone", zone.getId())
                    .bind("substitute", substitute.map(PersonId::value).orElse(null))
                    .bind("now", Micros.of(tx.now()))
                    .execute();
            ledger.append(tx, away(absence, tx.now()));
            return new Result.Said(absence);
        });
    }

    private Optional<String> against(Tx tx, Absence it) {
        var now = tx.now();
        if (!it.from().isBefore(it.until()) || !now.isBefore(it.until())) {
            return Optional.of("it has to end after it begins, and after now");
        }
        if (Duration.between(it.from(), it.until()).compareTo(LONGEST) > 0) {
            return Optional.of("nobody is away for more than " + LONGEST.toDays() + " days at once");
        }
        if (it.from().isAfter(now.plus(AHEAD))) {
            return Optional.of("it has to begin within a year from now");
        }
        if (it.substitute().filter(it.person()::equals).isPresent()) {
            return Optional.of("nobody stands in for themselves");
        }
        if (it.substitute().filter(who -> !People.isPresent(tx, who)).isPresent()) {
            return Optional.of("whoever stands in for you has to be somebody who is known here and has not left");
        }
        var open = of(tx, it.person());
        if (open.size() >= MOST) {
            return Optional.of("you have said " + MOST + " times already when you are away; take one back first");
        }
        return open.stream()
                        .anyMatch(other -> it.from().isBefore(other.until())
                                && other.from().isBefore(it.until()))
                ? Optional.of("you have said already that you are away in that time; take that back first")
                : Optional.empty();
    }

    /// Takes one back that has not begun, or ends it; false when there is none of that id, or it is over.
    ///
    /// @param of whose it has to be; empty for anybody's
    public boolean end(String id, Optional<PersonId> of, Entry.Actor by) {
        return store.write(tx -> {
            var open = open(tx).stream()
                    .filter(it -> it.id().equals(id)
                            && of.filter(who -> !who.equals(it.person())).isEmpty())
                    .findFirst();
            return open.isPresent() && end(tx, open.get(), by);
        });
    }

    private boolean end(Tx tx, Absence it, Entry.Actor by) throws SQLException {
        boolean ended = tx.sql()
                        .createUpdate("UPDATE absence SET ended_at = :now WHERE id = :id AND ended_at IS NULL")
                        .bind("now", Micros.of(tx.now()))
                        .bind("id", it.id())
                        .execute()
                == 1;
        if (ended) {
            ledger.append(tx, back(it, by, tx.now()));
        }
        return ended;
    }

    /// Ends all in which a person is away, or stands in for somebody: these are then away no more, until they say with
    /// whom else.
    void endAll(Tx tx, PersonId person, Entry.Actor by) throws SQLException {
        for (var it : open(tx)) {
            if (it.person().equals(person)
                    || it.substitute().filter(person::equals).isPresent()) {
                end(tx, it, by);
            }
        }
    }

    /// A person's that are not over, the next first. Not from inside a write.
    public List<Absence> of(PersonId person) {
        return store.read(tx -> of(tx, person));
    }

    /// Everybody's that are not over, the next first. Not from inside a write.
    public List<Absence> all() {
        return store.read(Absences::open);
    }

    /// Who is away now, by the person. Not from inside a write.
    public Map<PersonId, Absence> now() {
        return store.read(tx -> in(tx).away(tx.now()));
    }

    private static List<Absence> of(Tx tx, PersonId person) {
        return tx.sql()
                .createQuery(SELECT + OPEN + "AND person = :person " + ORDER)
                .bind("now", Micros.of(tx.now()))
                .bind("person", person.value())
                .map(Absences::absence)
                .list();
    }

    private static List<Absence> open(Tx tx) {
        return tx.sql()
                .createQuery(SELECT + OPEN + ORDER)
                .bind("now", Micros.of(tx.now()))
                .map(Absences::absence)
                .list();
    }

    /// Who is away and who stands in for whom, as a transaction sees it.
    public View in(Tx tx) {
        return new View(tx, "");
    }

    /// The same for whom a vote depends on it: nobody ends an absence until it is cast.
    public View held(Tx tx) {
        return new View(tx, tx.forUpdate());
    }

    /// What it saw once it does not look up again.
    public static final class View {
        private final Tx tx;
        private final String held;
        private final Map<PersonId, List<Absence>> standsIn = new HashMap<>();

        private View(Tx tx, String held) {
            this.tx = tx;
            this.held = held;
        }

        /// The absences in which somebody stands in for others now.
        public List<Absence> standsIn(PersonId substitute, Instant now) {
            return standsIn
                    .computeIfAbsent(
                            substitute,
                            who -> isPresent(who)
                                    ? tx.sql()
                                            .createQuery(SELECT + OPEN + "AND substitute = :substitute " + ORDER + held)
                                            .bind("now", Micros.of(tx.now()))
                                            .bind("substitute", who.value())
                                            .map(Absences::absence)
                                            .list()
                                    : List.of())
                    .stream()
                    .filter(it -> it.covers(now))
                    .toList();
        }

        /// Whether somebody is known here and has not left.
        public boolean isPresent(PersonId person) {
            return People.isPresent(tx, person);
        }

        /// Who is away now, by the person.
        public Map<PersonId, Absence> away(Instant now) {
            var away = new HashMap<PersonId, Absence>();
            open(tx).stream().filter(it -> it.covers(now)).forEach(it -> away.put(it.person(), it));
            return away;
        }
    }

    private static Absence absence(ResultSet row, StatementContext context) throws SQLException {
        return new Absence(
                row.getString("id"),
                new PersonId(row.getString("person")),
                Micros.instant(row.getLong("since")),
                Micros.instant(row.getLong("until")),
                ZoneId.of(row.getString("zone")),
                Optional.ofNullable(row.getString("substitute")).map(PersonId::new));
    }

    private static Entry away(Absence it, Instant at) {
        var body = new TreeMap<String, Object>(Map.of(
                Member.ABSENCE, it.id(),
                Member.PERSON, it.person().value(),
                Member.FROM, it.from().toEpochMilli(),
                Member.UNTIL, it.until().toEpochMilli()));
        it.substitute().ifPresent(who -> body.put(Member.SUBSTITUTE, who.value()));
        return entry(Code.PERSON_AWAY, new Entry.Actor("person", it.person().value()), body, at);
    }

    private static Entry back(Absence it, Entry.Actor by, Instant at) {
        var body = new TreeMap<String, Object>(
                Map.of(Member.ABSENCE, it.id(), Member.PERSON, it.person().value()));
        return entry(Code.PERSON_BACK, by, body, at);
    }

    private static Entry entry(Code code, Entry.Actor by, Map<String, Object> body, Instant at) {
        return new Entry(code, at, by, Optional.empty(), Optional.empty(), Optional.empty(), body, List.of());
    }
}
