package dev.countersign.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Questions of one kind that are asked at the same time, answered by one work for all of them.
///
/// For a store that is a way to the database and back for each statement: there one statement about sixty takes little
/// longer than one about one. Whoever comes alone is answered at once; those who come while the store is at it wait for
/// the next turn, so that they are the more the longer it takes. What an answer is read from was committed no earlier
/// than the question was asked.
///
/// @param <Q> what is asked
/// @param <A> what is answered
public final class Together<Q, A> {
    private static final int WAITING = 8_192;

    private record Asked<Q, A>(Q question, long since, CompletableFuture<A> answer) {
        boolean isLate(Duration patience) {
            return System.nanoTime() - since > patience.toNanos();
        }
    }

    private final int most;
    private final Duration patience;
    private final Function<List<Q>, List<A>> answering;
    private final Queue<Asked<Q, A>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();

    /// @param most how many are answered at once at most
    /// @param answering gives as many answers as it is asked questions, in their order; never runs twice at a time
    public Together(int most, Function<List<Q>, List<A>> answering) {
        this(most, PostgresThreads.PATIENCE, answering);
    }

    /// @param patience how long a question may wait for its turn
    Together(int most, Duration patience, Function<List<Q>, List<A>> answering) {
        this.most = most;
        this.patience = patience;
        this.answering = answering;
    }

    /// The answer. What the work throws is thrown to everybody whom it was for.
    ///
    /// @throws Overloaded when too much waits already, or it waited so long that whoever asked is about to give up
    public A ask(Q question) {
        if (waiting.incrementAndGet() > WAITING) {
            waiting.decrementAndGet();
            throw new Overloaded(WAITING);
        }
        try {
            var asked = new Asked<Q, A>(question, System.nanoTime(), new CompletableFuture<>());
            queue.add(asked);
            if (busy.compareAndSet(false, true)) {
                answerSome();
            }
            return asked.answer().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException thrown ? thrown : failed;
        } finally {
            waiting.decrementAndGet();
        }
    }

    /// How many wait, those that are being answered among them.
    public int waiting() {
        return waiting.get();
    }

    private void answerSome() {
        var turn = new ArrayList<Asked<Q, A>>();
        try {
            for (var next = queue.poll(); next != null; next = turn.size() < most ? queue.poll() : null) {
                if (next.isLate(patience)) {
                    next.answer().completeExceptionally(new Overloaded(waiting()));
                } else {
                    turn.add(next);
                }
            }
            answer(turn);
        } finally {
            goOn();
        }
    }

    private void answer(List<Asked<Q, A>> turn) {
        if (turn.isEmpty()) {
            return;
        }
        try {
            var answers = answering.apply(turn.stream().map(Asked::question).toList());
            for (int i = 0; i < turn.size(); i++) {
                turn.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error failed) {
            turn.forEach(it -> it.answer().completeExceptionally(failed));
        }
    }

    /// Nobody is kept to answer others: those who came meanwhile get a thread of their own.
    private void goOn() {
        if (queue.isEmpty()) {
            busy.set(false);
            if (queue.isEmpty() || !busy.compareAndSet(false, true)) {
                return;
            }
        }
        try {
            Thread.startVirtualThread(this::answerSome);
        } catch (Error none) {
            busy.set(false); // whoever comes next takes the turn
            throw none;
        }
    }
}
