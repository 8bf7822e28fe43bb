package dev.countersign.people;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Where passwords are checked: Argon2 takes 20 MiB and a good part of a tenth of a second, so as many at once as there
/// are threads, a bounded number waiting, and the rest is told at once that we are busy.
///
/// Half of the queue is kept for devices that have signed in before, so that a flood of strangers does not keep
/// reviewers out. The threads are the platform's: on virtual ones the work would hold up everybody else's requests.
final class PasswordChecks implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final int waiting;

    /// @param waiting how many may wait; of them half may be strangers
    PasswordChecks(int atOnce, int waiting) {
        this.waiting = waiting;
        this.threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().name("password-", 1).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// The check's answer; empty when we are busy.
    Optional<Boolean> run(boolean stranger, Callable<Boolean> check) {
        if (stranger && threads.getQueue().size() >= waiting / 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(threads.submit(check).get());
        } catch (RejectedExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a password was checked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a password could not be checked", e.getCause());
        }
    }

    /// How many wait for a thread.
    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
