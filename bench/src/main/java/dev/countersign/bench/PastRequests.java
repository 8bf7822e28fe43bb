package dev.countersign.bench;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.Tx;
import dev.countersign.store.WrappedKeys;
import dev.countersign.usage.Profiles;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Half a year of requests, written into a store that no server has opened yet.
///
/// Each is the copy of one that was lived over the wire at a model of the server: its entries, sealed anew with other
/// ids and times and appended by the ledger itself, so that the tree is whole and `ledger verify` finds nothing; and
/// where people decided it, its rows. One in twenty is of that kind.
final class PastRequests {
    private static final String ORIGIN = "127.0.0.1:8080"; // the issuer, without its scheme
    private static final String NODE = "past";
    private static final Duration LENGTH = Duration.ofDays(182);
    private static final int ASKED_PEOPLE = 20; // one in so many
    private static final int BATCH = 2_000;
    private static final int AHEAD = 4;

    /// A request to be copied. The row is empty when policy approved it.
    private record Model(List<Past> entries, Optional<Map<String, Object>> row) {}

    private record Past(EntryView entry, List<Entry.Disclosure> disclosures) {}

    /// Some copies, ready to be written.
    private record Batch(List<Leaf> leaves, List<Waited> waited) {}

    /// The copy of a request that waited for people.
    private record Waited(Map<String, Object> model, String id, String tokenId, Instant at, LeafHash last) {}

    private PastRequests() {}

    /// Writes that many requests, and gives how many entries the ledger has for it.
    static long copy(Folder model, Folder to, int wanted) throws IOException {
        var models = new ArrayList<Model>();
        try (var store = open(model, InstantSource.system());
                var ledger = ledger(store, model, InstantSource.system())) {
            models.addAll(models(store, ledger));
        }
        var passed = models.stream().filter(it -> it.row().isEmpty()).toList();
        var waited = models.stream().filter(it -> it.row().isPresent()).toList();
        var begun = Instant.now().minus(LENGTH);
        InstantSource then = () -> begun;
        try (var store = open(to, then);
                var ledger = ledger(store, to, then);
                var _ = Profiles.open(store, ledger);
                var sealing = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var step = LENGTH.minusHours(1).dividedBy(wanted);
            write(store, ledger, sealing, wanted, n -> {
                var from = n % ASKED_PEOPLE == 0 ? waited : passed;
                return new Copy(ledger, from.get(n / ASKED_PEOPLE % from.size()), begun.plus(step.multipliedBy(n)));
            });
            ledger.settle();
            return ledger.size();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(e);
        }
    }

    private interface Copies {
        Copy of(int number);
    }

    /// Seals on all cores, a little ahead of what is written, and writes in order.
    private static void write(Store store, Ledger ledger, ExecutorService sealing, int wanted, Copies copies)
            throws InterruptedException, ExecutionException {
        var sealed = new ArrayDeque<Future<Batch>>();
        for (int from = 0; from < wanted || !sealed.isEmpty(); from += BATCH) {
            if (from < wanted) {
                int first = from;
                int end = Math.min(wanted, from + BATCH);
                sealed.add(sealing.submit((Callable<Batch>) () -> {
                    var batch = new Batch(new ArrayList<>(), new ArrayList<>());
                    for (int n = first; n < end; n++) {
                        copies.of(n).into(batch);
                    }
                    return batch;
                }));
            }
            if (sealed.size() >= AHEAD || from + BATCH >= wanted) {
                var batch = sealed.remove().get();
                store.writeGuarded(tx -> {
                    ledger.appendAll(tx, batch.leaves());
                    for (var one : batch.waited()) {
                        insert(tx, one);
                    }
                    return true;
                });
            }
        }
    }

    /// One request to be, at its time.
    private record Copy(Ledger ledger, Model model, Instant at) {
        void into(Batch batch) {
            var id = Ids.at(at);
            var tokenId = Ids.at(at);
            Optional<LeafHash> previous = Optional.empty();
            for (var past : model.entries()) {
                var entry = past.entry();
                var body = new HashMap<>(entry.body());
                body.computeIfPresent(Member.JTI, (_, _) -> tokenId);
                body.computeIfPresent(Member.IAT, (_, _) -> at.getEpochSecond());
                body.computeIfPresent(Member.EXP, (_, _) -> at.getEpochSecond() + 60);
                body.computeIfPresent(
                        Member.EXPIRES_AT, (_, _) -> at.plus(Duration.ofDays(1)).toEpochMilli());
                var leaf = ledger.seal(new Entry(
                        entry.code(),
                        at,
                        entry.actor(),
                        Optional.of(id),
                        previous,
                        entry.terms(),
                        body,
                        past.disclosures()));
                previous = Optional.of(leaf.hash());
                batch.leaves().add(leaf);
            }
            if (model.row().isPresent()) {
                batch.waited().add(new Waited(model.row().get(), id, tokenId, at, previous.orElseThrow()));
            }
        }
    }

    private static void insert(Tx tx, Waited it) throws SQLException {
        var row = it.model();
        long at = Micros.of(it.at());
        var approval = tx.prepare("""
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin,
                                      made_at, ended_at, last_leaf, words, body)
                VALUES (?, 3, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        approval.setString(1, it.id());
        int column = 2;
        for (var name : List.of("state", "client", "resource", "risk", "snapshot", "join_key", "origin")) {
            approval.setObject(column++, row.get(name));
        }
        approval.setLong(9, at);
        approval.setLong(10, at);
        approval.setString(11, it.last().text());
        approval.setObject(12, row.get("words"));
        approval.setString(13, String.valueOf(row.get("body")).replace(String.valueOf(row.get("id")), it.id()));
        approval.executeUpdate();
        var vote = tx.prepare("INSERT INTO vote (approval_id, person, word, cast_at) VALUES (?, 'past', 'APPROVE', ?)");
        vote.setString(1, it.id());
        vote.setLong(2, at);
        vote.executeUpdate();
        var mint = tx.prepare(
                "INSERT INTO mint (approval_id, token_id, minted_at, expires_at, redelivered) VALUES (?, ?, ?, ?, 0)");
        mint.setString(1, it.id());
        mint.setString(2, it.tokenId());
        mint.setLong(3, at);
        mint.setLong(4, at + Duration.ofMinutes(1).toNanos() / 1000);
        mint.executeUpdate();
    }

    private static List<Model> models(Store store, Ledger ledger) {
        var byRequest = new LinkedHashMap<String, List<EntryView>>();
        for (var entry : ledger.entries(0, 10_000)) {
            entry.request()
                    .ifPresent(it -> byRequest
                            .computeIfAbsent(it, _ -> new ArrayList<>())
                            .add(entry));
        }
        var models = new ArrayList<Model>();
        for (var request : byRequest.entrySet()) {
            var entries = request.getValue();
            if (entries.getLast().code() == Code.TOKEN_MINTED) {
                models.add(new Model(
                        entries.stream()
                                .map(it -> new Past(it, disclosures(ledger, it)))
                                .toList(),
                        row(store, request.getKey())));
            }
        }
        return models;
    }

    private static List<Entry.Disclosure> disclosures(Ledger ledger, EntryView entry) {
        return ledger.disclosures(entry.index()).stream()
                .map(it ->
                        new Entry.Disclosure(it.subject(), it.name(), it.value().orElseThrow()))
                .toList();
    }

    private static Optional<Map<String, Object>> row(Store store, String id) {
        return store.read(tx -> tx.sql()
                .createQuery("SELECT * FROM approval WHERE id = :id")
                .bind("id", id)
                .mapToMap()
                .findOne());
    }

    private static Store open(Folder folder, InstantSource clock) {
        return Store.open(StoreAddress.of(folder.store, folder.path), clock);
    }

    private static Ledger ledger(Store store, Folder folder, InstantSource clock) {
        var master = MasterKey.read(folder.path.resolve("master.key"));
        return Ledger.open(store, master, WrappedKeys.open(store, master), ORIGIN, NODE, clock);
    }
}
