package dev.countersign.inspect;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.usage.Profiles;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notes in the ledger that tokens are used: of those that a client was given of an API on one day (UTC), the first
/// that the API asks about. That is what profiles learn from, and no more is written, however many there are.
///
/// Nobody waits for it. What could not be written is noted when the API asks the next time.
public final class FirstUses implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FirstUses.class);
    private static final int TOGETHER = 256;

    private record Key(String client, String resource, long day) {}

    private record Use(Key key, String tokenId, long issuedAt, String seenBy) {}

    private final Store store;
    private final Ledger ledger;
    private final Profiles profiles;
    private final Set<Key> taken = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<Use> waiting = new LinkedBlockingQueue<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("first-uses").factory());

    public FirstUses(Store store, Ledger ledger, Profiles profiles) {
        this.store = store;
        this.ledger = ledger;
        this.profiles = profiles;
    }

    /// A token that is good was presented to an API, which asks about it.
    void seen(String api, Map<String, Object> claims) {
        var client = String.valueOf(claims.get("client_id"));
        var resource = String.valueOf(claims.get("aud"));
        if (!(claims.get("iat") instanceof Number issued)
                || !profiles.isNews(client, resource, Instant.ofEpochSecond(issued.longValue()))) {
            return;
        }
        var key = new Key(client, resource, Math.floorDiv(issued.longValue(), 86_400L));
        if (taken.add(key)) {
            waiting.add(new Use(key, String.valueOf(claims.get("jti")), issued.longValue(), api));
            try {
                worker.execute(this::note);
            } catch (RejectedExecutionException closed) {
                log.debug("the server stops before a use was noted", closed);
            }
        }
    }

    private void note() {
        var uses = new ArrayList<Use>();
        if (waiting.drainTo(uses, TOGETHER) == 0) {
            return;
        }
        try {
            store.write(tx -> write(tx, uses));
            long latest = uses.getLast().key().day();
            taken.removeIf(it -> it.day() < latest - 1);
        } catch (RuntimeException failed) {
            uses.forEach(it -> taken.remove(it.key()));
            log.warn("that tokens were used could not be noted; it is tried again when they are seen", failed);
        }
    }

    private boolean write(Tx tx, List<Use> uses) throws SQLException {
        for (var use : uses) {
            ledger.append(
                    tx,
                    new Entry(
                            Code.TOKEN_USED,
                            tx.now(),
                            new Entry.Actor("client", use.seenBy()),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Map.of(
                                    Member.CLIENT, use.key().client(),
                                    Member.RESOURCE, use.key().resource(),
                                    Member.JTI, use.tokenId(),
                                    Member.IAT, use.issuedAt()),
                            List.of()));
        }
        return true;
    }

    /// Returns when all that was seen so far is noted, or could not be.
    public void settle() {
        try {
            worker.submit(this::note).get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RejectedExecutionException failed) {
            throw new IllegalStateException("uses could not be noted", failed);
        }
    }

    /// Writes what waits, and takes no more.
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("the server stops while uses are being noted");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
