package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The freeze table: one switch stops a client, a resource or all minting. It is read inside the transaction that would
/// mint, and where others write at the same time, that holds one of the ways past the switch until its end and whoever
/// freezes holds them all. So whichever is committed first holds.
public final class Freezes {
    private static final Logger log = LoggerFactory.getLogger(Freezes.class);

    /// How many ways there are, as the table was made.
    private static final int PASSAGES = 64;

    /// Of how many a transaction takes one that is free.
    private static final int CHOICE = 4;

    /// What a freeze stops.
    public enum Kind {
        CLIENT,
        RESOURCE,
        ALL;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// A freeze that stands.
    ///
    /// @param target the client's id or the resource's URL; `*` for all
    /// @param setBy whose word it was, as the ledger names them
    public record Freeze(Kind kind, String target, String reason, String setBy, Instant setAt) {}

    /// The freezes that stop a client and a resource, its two parameters.
    static final String STOPPING = """
            SELECT 1 FROM frozen WHERE lifted_at IS NULL
              AND (kind = 'all' OR (kind = 'client' AND target = ?) OR (kind = 'resource' AND target = ?))""";

    private final Store store;
    private final Ledger ledger;

    public Freezes(Store store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /// Stops what it names. False when that is frozen already, and then nothing changes.
    ///
    /// It waits for transactions that give out tokens, which takes milliseconds. For one that hangs, on a node that
    /// was stopped in its midst, nobody waits for long: a freeze for everything else is better than none.
    public boolean set(Kind kind, String target, String reason, Entry.Actor by) {
        try {
            return set(kind, target, reason, by, true);
        } catch (StoreFailed held) {
            log.warn("a freeze does not wait for a transaction that hangs and may still give out a token", held);
            return set(kind, target, reason, by, false);
        }
    }

    private boolean set(Kind kind, String target, String reason, Entry.Actor by, boolean waits) {
        return store.write(tx -> {
            if (waits) {
                closePassages(tx);
            }
            if (standing(tx).stream()
                    .anyMatch(it -> it.kind() == kind && it.target().equals(target))) {
                return false;
            }
            var now = tx.now();
            tx.sql()
                    .createUpdate("""
                            INSERT INTO frozen (id, kind, target, reason, set_by, set_at)
                            VALUES (:id, :kind, :target, :reason, :by, :at)""")
                    .bind("id", Ids.next())
                    .bind("kind", kind.word())
                    .bind("target", target)
                    .bind("reason", reason)
                    .bind("by", by.kind() + ":" + by.id())
                    .bind("at", Micros.of(now))
                    .execute();
            ledger.append(tx, entry(Code.FREEZE_SET, kind, target, by, now, Optional.of(reason)));
            return true;
        });
    }

    /// Lets nobody past until the transaction ends, and waits for those who are.
    static void closePassages(Tx tx) throws SQLException {
        if (tx.forUpdate().isEmpty()) {
            return; // who writes is alone
        }
        tx.sql().execute("SET LOCAL lock_timeout = '1s'");
        try (var all =
                tx.prepare("SELECT n FROM passage ORDER BY n" + tx.forUpdate()).executeQuery()) {
            all.next();
        }
    }

    /// Takes a way past the switch until the transaction ends. Whoever may give out a token does that after it has the
    /// row of its request, and before it looks whether something is frozen.
    ///
    /// Ways that others hold are passed over, since one of them may be a node that was stopped in its midst. Only
    /// where all it may choose from are held, as by a freeze, does it wait for one.
    static void takePassage(Tx tx) throws SQLException {
        if (tx.forUpdate().isEmpty()) {
            return;
        }
        int first = ThreadLocalRandom.current().nextInt(PASSAGES / CHOICE);
        var free = tx.prepare("SELECT n FROM passage WHERE n % ? = ? LIMIT 1" + tx.forUpdate() + " SKIP LOCKED");
        free.setInt(1, PASSAGES / CHOICE);
        free.setInt(2, first);
        try (var row = free.executeQuery()) {
            if (row.next()) {
                return;
            }
        }
        var any = tx.prepare("SELECT n FROM passage WHERE n = ?" + tx.forUpdate());
        any.setInt(1, first + ThreadLocalRandom.current().nextInt(CHOICE) * (PASSAGES / CHOICE));
        try (var row = any.executeQuery()) {
            row.next();
        }
    }

    /// Lets it go on. False when it is not frozen.
    public boolean lift(Kind kind, String target, Entry.Actor by) {
        return store.write(tx -> {
            var now = tx.now();
            int lifted = tx.sql()
                    .createUpdate("""
                            UPDATE frozen SET lifted_by = :by, lifted_at = :at
                            WHERE kind = :kind AND target = :target AND lifted_at IS NULL""")
                    .bind("by", by.kind() + ":" + by.id())
                    .bind("at", Micros.of(now))
                    .bind("kind", kind.word())
                    .bind("target", target)
                    .execute();
            if (lifted == 1) {
                ledger.append(tx, entry(Code.FREEZE_LIFTED, kind, target, by, now, Optional.empty()));
            }
            return lifted == 1;
        });
    }

    /// The freezes that stand, the oldest first.
    public List<Freeze> standing(Tx tx) {
        return tx.sql()
                .createQuery("""
                        SELECT kind, target, reason, set_by, set_at FROM frozen WHERE lifted_at IS NULL
                        ORDER BY set_at""")
                .map((row, _) -> new Freeze(
                        Kind.valueOf(row.getString(1).toUpperCase(java.util.Locale.ROOT)),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Micros.instant(row.getLong(5))))
                .list();
    }

    /// True when minting for this client and resource is stopped. On the path of every token, so it is one prepared
    /// statement on a table that is all but empty.
    boolean stops(Tx tx, String client, String resource) throws SQLException {
        var query = tx.prepare(STOPPING + " LIMIT 1");
        query.setString(1, client);
        query.setString(2, resource);
        try (var found = query.executeQuery()) {
            return found.next();
        }
    }

    private static Entry entry(
            Code code, Kind kind, String target, Entry.Actor by, Instant now, Optional<String> reason) {
        return new Entry(
                code,
                now,
                by,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(Member.KIND, kind.word(), Member.TARGET, target),
                reason.map(it -> new Entry.Disclosure(by.id(), "reason", it)).stream()
                        .toList());
    }
}
