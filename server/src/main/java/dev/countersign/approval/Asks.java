package dev.countersign.approval;

import dev.countersign.issued.Handles;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.Together;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What people are to decide on its way into a store that several nodes write, as [Passes] are: nearly all are new, and
/// go together in a few statements. Whatever is not, or may not be, is left to who looks at it alone.
final class Asks {
    private static final int TOGETHER = 128;

    /// For how long, and after what pauses, one comes again whose client's turn another has just then. Who looks at
    /// it alone waits for the turn, and many who do would keep it from all that come after them.
    private static final long COMES_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private enum Answer {
        WRITTEN,
        TURN_TAKEN,
        NOT_WITH_OTHERS
    }

    /// A request that nothing is known to stand against.
    ///
    /// @param leaves the entries that say it was made, and judged
    /// @param mostPending how many of its client may wait
    /// @param code the deferral code that the client is given
    record Ask(Sought sought, List<Leaf> leaves, Approvals.Draft draft, int mostPending, Optional<Handles.Kept> code) {}

    /// How many requests of a client troubled people at most after one of its turns.
    ///
    /// @param asked how many it had asked with until then
    /// @param againAfter how long a cancelled one counts
    private record Known(long asked, int pending, Duration againAfter) {}

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Handles handles;
    private final Standing standing;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Together<Ask, Answer> together = new Together<>(TOGETHER, this::write);

    Asks(Store store, Ledger ledger, Approvals approvals, Handles handles, Standing standing) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.handles = handles;
        this.standing = standing;
    }

    /// Makes it pending and returns true when that is durable; false when nothing was written.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it was not made durable, or nobody can say whether it was
    boolean write(Ask ask) {
        long end = System.nanoTime() + COMES_AGAIN_NANOS;
        while (store.health().writable()) {
            switch (together.ask(ask)) {
                case WRITTEN -> {
                    return true;
                }
                case NOT_WITH_OTHERS -> {
                    return false;
                }
                case TURN_TAKEN -> {
                    // A client that never had one here may have none at all, and gets it alone.
                    if (!known.containsKey(ask.sought().client()) || System.nanoTime() > end) {
                        return false;
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        return false;
    }

    int waiting() {
        return together.waiting();
    }

    private List<Answer> write(List<Ask> asks) {
        return store.writeGuarded(tx -> {
            var answers = answers(tx, asks);
            var written = new ArrayList<Ask>(asks.size());
            for (int i = 0; i < asks.size(); i++) {
                if (answers.get(i) == Answer.WRITTEN) {
                    written.add(asks.get(i));
                }
            }
            ledger.placeAll(
                    tx, written.stream().flatMap(it -> it.leaves().stream()).toList());
            approvals.insertAll(tx, written.stream().map(Ask::draft).toList());
            handles.keepAll(
                    tx, written.stream().flatMap(it -> it.code().stream()).toList());
            Failpoint.pass("ask.written");
            tx.afterCommit(() -> written.forEach(it -> {
                var request = it.draft().request();
                standing.opened(request.id(), request.client());
            }));
            return answers;
        });
    }

    /// Which of these are written: the first of their kind, within what their clients may have waiting.
    private List<Answer> answers(Tx tx, List<Ask> asks) throws SQLException {
        var sought = asks.stream().map(Ask::sought).toList();
        var asking = new TreeMap<String, Integer>(); // in one order, whoever takes several turns
        sought.forEach(it -> asking.merge(it.client(), 1, Integer::sum));
        var turns = Approvals.takeTurns(tx, asking);
        var free = approvals.free(tx, sought);
        var pending = pending(tx, asks, asking, turns);
        var same = new HashSet<String>();
        var answers = new ArrayList<Answer>(asks.size());
        for (int i = 0; i < asks.size(); i++) {
            var ask = asks.get(i);
            if (!turns.containsKey(ask.sought().client())) {
                answers.add(Answer.TURN_TAKEN);
                continue;
            }
            boolean fits = free.get(i)
                    && tx.mayTellOf(ask.leaves().getFirst().time())
                    && pending.getOrDefault(ask.sought().client(), 0) < ask.mostPending()
                    && same.add(ask.sought().joinKey());
            if (fits) {
                pending.merge(ask.sought().client(), 1, Integer::sum);
            }
            answers.add(fits ? Answer.WRITTEN : Answer.NOT_WITH_OTHERS);
        }
        var again = new HashMap<String, Duration>();
        sought.forEach(it -> again.merge(it.client(), it.againAfter(), (a, b) -> a.compareTo(b) < 0 ? b : a));
        tx.afterCommit(() -> turns.forEach((client, turn) -> known.put(
                client, new Known(turn, pending.getOrDefault(client, 0), again.getOrDefault(client, Duration.ZERO)))));
        return answers;
    }

    /// How many requests of each client trouble people, at most: approved ones count, which may be cancelled
    /// yet, and so does whatever it asked with at other nodes since this one knew. Who may have too many by
    /// that is counted.
    private Map<String, Integer> pending(Tx tx, List<Ask> asks, Map<String, Integer> asking, Map<String, Long> turns)
            throws SQLException {
        var pending = new HashMap<String, Integer>();
        var unknown = new ArrayList<Sought>();
        for (var ask : asks) {
            var it = ask.sought();
            var asked = turns.get(it.client());
            if (asked == null) {
                continue; // another has its turn, and this one comes again
            }
            var before = known.get(it.client());
            long most = before != null && before.againAfter().equals(it.againAfter())
                    ? before.pending() + asked - asking.getOrDefault(it.client(), 0) - before.asked()
                    : Long.MAX_VALUE;
            if (most < ask.mostPending()) {
                pending.put(it.client(), (int) most);
            } else {
                unknown.add(it);
            }
        }
        pending.putAll(approvals.pending(tx, unknown));
        return pending;
    }
}
