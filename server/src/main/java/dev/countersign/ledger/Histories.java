package dev.countersign.ledger;

import dev.countersign.store.MasterKey;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The entries of requests, those of each together and with what is disclosed beside them: of one request, or of all
/// since some time, in batches that several threads open at once. Nothing is kept of a batch once it was worked on.
public final class Histories {
    private static final int AT_ONCE = 1_000;
    private static final int BATCH = 500;

    /// Where entries begin that wait for their places.
    private static final long WAITING = 1L << 62;

    private static final String ROWS =
            "SELECT request, leaf_index AS n, hash, leaf, disclosures FROM ledger_entry WHERE ";
    private static final String STAGED_ROWS =
            " UNION ALL SELECT request, " + WAITING + " + n, hash, leaf, disclosures FROM ledger_staged WHERE ";

    private final Tx tx;
    private final boolean staged;
    private final Opener opener;

    /// @param tx reads the entries, on the thread that asks
    /// @param keys reads the keys they are encrypted with, by whichever thread needs one; another connection
    /// @param staged whether entries may be durable and have no place yet
    public Histories(Tx tx, Tx keys, MasterKey master, boolean staged) {
        this.tx = tx;
        this.staged = staged;
        this.opener = new Opener(keys, master);
    }

    /// What the ledger holds of one request, as its rows are.
    public final class History {
        private final String request;
        private final List<Row> rows;

        private History(String request, List<Row> rows) {
            this.request = request;
            this.rows = rows;
        }

        public String request() {
            return request;
        }

        /// Its entries, in their order.
        ///
        /// @throws IllegalArgumentException when one of them is no entry of it
        public List<Told> entries() {
            return rows.stream().map(this::told).toList();
        }

        private Told told(Row row) {
            var hash = Merkle.leafHash(row.leaf());
            var entry = EntryView.parse(row.index(), LeafHash.of(hash), row.leaf());
            if (!Arrays.equals(hash, row.hash())
                    || !entry.request().filter(request::equals).isPresent()) {
                throw new IllegalArgumentException("a row of request " + request + " is not what its leaf says");
            }
            return new Told(entry, row.disclosures(), opener);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(long index, byte[] hash, byte[] leaf, byte @Nullable [] disclosures) {}

    /// What a reference means: a request's id, the index of one of its entries, or the jti of its token. Empty when the
    /// ledger has no such thing, or it is of no request.
    public Optional<History> of(String reference) throws SQLException {
        var request = reference.matches("[0-9]{1,15}")
                ? request("SELECT request FROM ledger_entry WHERE leaf_index = ?", Long.parseLong(reference))
                : request("SELECT request FROM ledger_entry WHERE jti = ?", reference);
        if (request.isEmpty() && staged) {
            request = request("SELECT request FROM ledger_staged WHERE jti = ?", reference);
        }
        var found = new ArrayList<History>();
        try (var rows = rows("request = ?", request.orElse(reference))) {
            new Grouping(rows).forEach(found::add);
        }
        return found.stream().findFirst();
    }

    private Optional<String> request(String sql, Object of) throws SQLException {
        var query = tx.prepare(sql);
        query.setObject(1, of);
        try (var row = query.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }

    /// Goes through the requests that were made since a time, in their order.
    ///
    /// @param work done with each batch, on one of that many threads
    /// @param took hears of what came of each batch, in their order and on the thread that asks
    public <R> void since(Instant time, int threads, Function<List<History>, R> work, Consumer<R> took)
            throws SQLException {
        try (var pool = Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().factory());
                var rows = rows("request >= ?", first(time))) {
            var ahead = new ArrayDeque<Future<R>>();
            new Grouping(rows).batches(batch -> {
                ahead.add(pool.submit(() -> work.apply(batch)));
                if (ahead.size() > 2 * threads) {
                    took.accept(done(ahead.remove()));
                }
            });
            while (!ahead.isEmpty()) {
                took.accept(done(ahead.remove()));
            }
        }
    }

    private static <R> R done(Future<R> batch) {
        try {
            return batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// No UUIDv7 of that time or later is before it.
    private static String first(Instant time) {
        return new UUID(Math.max(0, time.toEpochMilli()) << 16, 0).toString();
    }

    private ResultSet rows(String where, String bind) throws SQLException {
        var sql = ROWS + where + (staged ? STAGED_ROWS + where : "") + " ORDER BY request, n";
        PreparedStatement query = tx.prepare(sql);
        query.setFetchSize(AT_ONCE);
        query.setString(1, bind);
        if (staged) {
            query.setString(2, bind);
        }
        return query.executeQuery();
    }

    /// Puts rows together that are of one request.
    private final class Grouping {
        private final ResultSet rows;

        Grouping(ResultSet rows) {
            this.rows = rows;
        }

        void batches(Consumer<List<History>> each) throws SQLException {
            var batch = new ArrayList<History>();
            forEach(history -> {
                batch.add(history);
                if (batch.size() == BATCH) {
                    each.accept(List.copyOf(batch));
                    batch.clear();
                }
            });
            if (!batch.isEmpty()) {
                each.accept(List.copyOf(batch));
            }
        }

        void forEach(Consumer<History> each) throws SQLException {
            var request = "";
            var own = new ArrayList<Row>();
            while (rows.next()) {
                var of = rows.getString(1);
                if (!of.equals(request)) {
                    give(request, own, each);
                    own.clear();
                    request = of;
                }
                own.add(new Row(rows.getLong(2), rows.getBytes(3), rows.getBytes(4), rows.getBytes(5)));
            }
            give(request, own, each);
        }

        private void give(String request, List<Row> own, Consumer<History> each) {
            if (!own.isEmpty()) {
                each.accept(new History(request, List.copyOf(own)));
            }
        }
    }
}
