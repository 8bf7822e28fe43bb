package dev.countersign.approval;

import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.store.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The steps that requests take, for whoever takes one: each a transaction, with its entry in the ledger.
final class Steps {
    /// How many connections to a shared store the steps of clients take at once: fewer than there are. Requests of one
    /// client take turns there, each with its connection, and votes must not wait for them.
    private static final int CONNECTIONS = 10;

    /// How long one waits for its turn there: whoever asked is about to give up.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Waiters waiters;
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);

    Steps(Store store, Ledger ledger, Approvals approvals, Waiters waiters) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.waiters = waiters;
    }

    /// Does what a client wants as one transaction, again from where the row then stands when it was overtaken.
    ///
    /// @throws Overloaded when too many want something at once
    <T> T take(Work<T> step) {
        if (!store.isShared()) {
            return Overtaken.retry(() -> store.writeGuarded(step));
        }
        acquire();
        try {
            return Overtaken.retry(() -> store.writeGuarded(step));
        } finally {
            connections.release();
        }
    }

    private void acquire() {
        try {
            if (!connections.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Overloaded(connections.getQueueLength());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new Overloaded(connections.getQueueLength());
        }
    }

    /// Writes the end of a request whose deadline has come.
    Approvals.Row expireIfLate(Tx tx, Approvals.Row row) throws SQLException {
        var now = tx.now();
        var then = row.approval().asOf(now);
        if (then.state().equals(row.approval().state())) {
            return row;
        }
        var leaf = ledger.append(tx, Entries.expired(row.approval(), now, row.lastLeaf()))
                .hash();
        move(tx, row, then, leaf);
        return new Approvals.Row(then, row.version() + 1, leaf);
    }

    /// The same, and of one that still waits that others may decide it as well, when it is time for that. Whether
    /// their votes count does not hang on the entry.
    Approvals.Row upToNow(Tx tx, Approvals.Row row) throws SQLException {
        var now = expireIfLate(tx, row);
        return now.approval() instanceof Approval.Pending it
                        && it.question().verdict().stages().stream()
                                .anyMatch(stage -> stage.escalates().isPresent())
                ? escalateIfDue(tx, now, it.question())
                : now;
    }

    private Approvals.Row escalateIfDue(Tx tx, Approvals.Row row, Question question) throws SQLException {
        var made = question.request().madeAt();
        var due = approvals.escalates(tx, row.approval().id());
        if (due.isEmpty()) {
            return row;
        }
        var stages = question.verdict().stages().stream()
                .filter(it -> it.standIn(made, tx.now()).isPresent())
                .filter(it -> !it.escalates().orElseThrow().due(made).isBefore(due.get()))
                .toList();
        if (stages.isEmpty()) {
            return row;
        }
        var leaf = ledger.append(tx, Entries.escalated(question, stages, tx.now(), row.lastLeaf()))
                .hash();
        move(tx, row, row.approval(), leaf);
        approvals.escalated(tx, row.approval().id(), question.escalates(tx.now()));
        return new Approvals.Row(row.approval(), row.version() + 1, leaf);
    }

    /// One step, or [Overtaken].
    void move(Tx tx, Approvals.Row from, Approval to, LeafHash leaf) throws SQLException {
        if (!approvals.step(tx, from, to, leaf, tx.now())) {
            throw new Overtaken();
        }
        if (!from.approval().state().equals(to.state())) {
            tx.afterCommit(() -> waiters.wake(to.id()));
        }
    }

    /// Writes down that a request was refused, and says so.
    Outcome refuse(Tx tx, Judged judged, Because because) throws SQLException {
        ledger.append(tx, Entries.refused(judged, because, tx.now()));
        return new Outcome.No(
                because.code, because.said + "; reference " + judged.request().id());
    }
}
