package dev.countersign.notify;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The table of messages, and how far each notifier has read the ledger.
///
/// A message that is taken is due again when the lease is over: a node that dies with it keeps nobody from
/// hearing it. Whoever was slower than the lease changes nothing any more, by the number of its try.
final class Messages {
    /// How long one try may take with all that belongs to it.
    static final Duration LEASE = Duration.ofMinutes(1);

    /// How long what was told is kept: longer than a request can wait and an approval can be collected.
    private static final Duration KEPT = Duration.ofDays(60);

    private static final int PRUNED_AT_ONCE = 2_000;

    private static final String IN_ORDER = " AND NOT EXISTS (SELECT 1 FROM message AS earlier"
            + " WHERE earlier.request = it.request AND earlier.notifier = it.notifier"
            + " AND earlier.recipient = it.recipient AND earlier.entry < it.entry"
            + " AND earlier.event <> 'request.reminded' AND earlier.due_at IS NOT NULL)";

    /// How far a notifier has read the ledger: the index of the next entry. Empty before it has begun.
    OptionalLong next(Tx tx, String notifier) throws SQLException {
        var query = tx.prepare("SELECT next FROM notifier WHERE id = ?");
        query.setString(1, notifier);
        try (var row = query.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /// Lets a notifier that has not begun begin with that entry.
    void begin(Tx tx, String notifier, long next) throws SQLException {
        var insert = tx.prepare("INSERT INTO notifier (id, next) VALUES (?, ?) ON CONFLICT DO NOTHING");
        insert.setString(1, notifier);
        insert.setLong(2, next);
        insert.executeUpdate();
    }

    /// Moves a notifier on. False when another node did, or is at it.
    boolean advance(Tx tx, String notifier, long from, long to) throws SQLException {
        var update = tx.prepare("UPDATE notifier SET next = ? WHERE id = ? AND next = ?");
        update.setLong(1, to);
        update.setString(2, notifier);
        update.setLong(3, from);
        return update.executeUpdate() == 1;
    }

    /// Adds a message that is due then, unless it is there.
    void add(Tx tx, Message message, Instant due) throws SQLException {
        var insert = tx.prepare("""
                INSERT INTO message (notifier, id, recipient, entry, event, request, made_at, tries, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING""");
        insert.setString(1, message.notifier());
        insert.setString(2, message.id());
        insert.setString(3, message.recipient());
        insert.setLong(4, message.entry());
        insert.setString(5, message.event().word());
        insert.setString(6, message.request());
        insert.setLong(7, Micros.of(message.madeAt()));
        insert.setLong(8, Micros.of(due));
        insert.executeUpdate();
    }

    /// Whom that was made for, of a request.
    List<String> recipients(Tx tx, String notifier, String request, Event event) throws SQLException {
        var query = tx.prepare(
                "SELECT recipient FROM message WHERE request = ? AND notifier = ? AND event = ? ORDER BY recipient");
        query.setString(1, request);
        query.setString(2, notifier);
        query.setString(3, event.word());
        try (var rows = query.executeQuery()) {
            var recipients = new ArrayList<String>();
            while (rows.next()) {
                recipients.add(rows.getString(1));
            }
            return recipients;
        }
    }

    /// Where that stands what was told of a request, as the channel named it; empty when it was not told.
    Optional<String> reference(Tx tx, String notifier, String request, String recipient, Event event)
            throws SQLException {
        var query = tx.prepare("SELECT COALESCE(reference, '') FROM message"
                + " WHERE request = ? AND notifier = ? AND recipient = ? AND event = ? AND told_at IS NOT NULL");
        query.setString(1, request);
        query.setString(2, notifier);
        query.setString(3, recipient);
        query.setString(4, event.word());
        try (var row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /// What waits to be told.
    ///
    /// @param count how many are due, or were tried; those whose time has still to come are not among them
    /// @param due when the first of all is due
    record Waiting(long count, Instant due) {}

    /// What waits, by the notifier.
    Map<String, Waiting> waiting(Tx tx) throws SQLException {
        var query = tx.prepare("""
                SELECT notifier, SUM(CASE WHEN tries > 0 OR due_at <= ? THEN 1 ELSE 0 END), MIN(due_at)
                FROM message WHERE due_at IS NOT NULL GROUP BY notifier""");
        query.setLong(1, Micros.of(tx.now()));
        try (var rows = query.executeQuery()) {
            var waiting = new HashMap<String, Waiting>();
            while (rows.next()) {
                waiting.put(rows.getString(1), new Waiting(rows.getLong(2), Micros.instant(rows.getLong(3))));
            }
            return waiting;
        }
    }

    /// Takes messages of a notifier that are due, the oldest first, for a try each. Of those that other nodes
    /// are taking it takes none.
    ///
    /// @param inOrder whether one waits for those before it to the same recipient about the same request
    List<Message> take(Tx tx, String notifier, boolean inOrder, int most) throws SQLException {
        var query =
                tx.prepare("""
                SELECT notifier, id, recipient, entry, event, request, made_at, tries FROM message AS it
                WHERE notifier = ? AND due_at <= ?""" + (inOrder ? IN_ORDER : "") + " ORDER BY due_at, entry LIMIT ?" + tx.forUpdateOfFree());
        query.setString(1, notifier);
        query.setLong(2, Micros.of(tx.now()));
        query.setInt(3, most);
        var taken = new ArrayList<Message>();
        try (var rows = query.executeQuery()) {
            while (rows.next()) {
                message(rows).ifPresent(taken::add);
            }
        }
        for (var message : taken) {
            var update = tx.prepare(
                    "UPDATE message SET due_at = ?, tries = ? WHERE notifier = ? AND id = ? AND recipient = ?");
            update.setLong(1, Micros.of(tx.now().plus(LEASE)));
            update.setInt(2, message.tries());
            key(update, 3, message);
            update.executeUpdate();
        }
        return taken;
    }

    /// Empty for an event that a later release made.
    private static Optional<Message> message(ResultSet row) throws SQLException {
        var event = Event.of(row.getString(5));
        return event.isEmpty()
                ? Optional.empty()
                : Optional.of(new Message(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        event.get(),
                        row.getString(6),
                        Micros.instant(row.getLong(7)),
                        row.getInt(8) + 1));
    }

    /// It was told, whoever else is at it.
    ///
    /// @param reference where it stands now; empty when that says nothing
    void told(Tx tx, Message message, String reference) throws SQLException {
        var update = tx.prepare("UPDATE message SET due_at = NULL, told_at = COALESCE(told_at, ?), reference = ?"
                + " WHERE notifier = ? AND id = ? AND recipient = ?");
        update.setLong(1, Micros.of(tx.now()));
        update.setString(2, reference);
        key(update, 3, message);
        update.executeUpdate();
    }

    /// It is tried again then, or given up when empty; unless another try has begun since.
    void failed(Tx tx, Message message, Optional<Instant> again) throws SQLException {
        var update = tx.prepare("UPDATE message SET due_at = ?"
                + " WHERE notifier = ? AND id = ? AND recipient = ? AND tries = ? AND due_at IS NOT NULL");
        if (again.isPresent()) {
            update.setLong(1, Micros.of(again.get()));
        } else {
            update.setNull(1, Types.BIGINT);
        }
        key(update, 2, message);
        update.setInt(5, message.tries());
        update.executeUpdate();
    }

    /// It was not tried after all, and is then.
    void putOff(Tx tx, Message message, Instant to) throws SQLException {
        var update = tx.prepare("UPDATE message SET due_at = ?, tries = tries - 1"
                + " WHERE notifier = ? AND id = ? AND recipient = ? AND tries = ? AND due_at IS NOT NULL");
        update.setLong(1, Micros.of(to));
        key(update, 2, message);
        update.setInt(5, message.tries());
        update.executeUpdate();
    }

    private static void key(PreparedStatement statement, int first, Message message) throws SQLException {
        statement.setString(first, message.notifier());
        statement.setString(first + 1, message.id());
        statement.setString(first + 2, message.recipient());
    }

    /// Forgets what was made long ago, not all at once. True when there is more.
    boolean prune(Tx tx) throws SQLException {
        var delete = tx.prepare("""
                DELETE FROM message WHERE (notifier, id, recipient) IN
                  (SELECT notifier, id, recipient FROM message WHERE made_at < ? LIMIT ?)""");
        delete.setLong(1, Micros.of(tx.now().minus(KEPT)));
        delete.setInt(2, PRUNED_AT_ONCE);
        return delete.executeUpdate() == PRUNED_AT_ONCE;
    }
}
