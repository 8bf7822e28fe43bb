package dev.countersign.replay;

import dev.countersign.approval.Judged;
import dev.countersign.config.Configuration;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Loosening;
import dev.countersign.policy.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A candidate beside the policy in force: what was just decided is judged by its rules, too, over the same
/// facts, and the difference is counted. It decides nothing and is in nobody's way: whoever decides leaves the
/// decision here and goes on, and one thread judges; what it cannot keep up with is dropped and counted.
///
/// What is counted of a candidate is kept as long as it is the candidate, in memory. Counts are read and written under
/// its own lock, which is never held while it judges.
public final class Shadow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Shadow.class);

    /// How many decisions wait to be judged: some seconds of them, in some megabytes.
    static final int WAITING = 4_096;

    private static final int NAMED = 20;

    private final InstantSource clock;
    private final BlockingQueue<Judged> queue = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Watch watch;
    private @Nullable Thread thread;

    /// Watches nothing until a candidate is given.
    public Shadow(InstantSource clock) {
        this.clock = clock;
    }

    /// What is counted of one candidate.
    private static final class Watch {
        private final String version;
        private final BiFunction<Facts, Instant, Verdict> candidate;
        private final Instant since;
        private final Flips flips = Flips.latest(NAMED);
        private String inForce = "";
        private long failed;

        Watch(String version, BiFunction<Facts, Instant, Verdict> candidate, Instant since) {
            this.version = version;
            this.candidate = candidate;
            this.since = since;
        }

        void judge(Judged judged) {
            try {
                var facts = Facts.fromJson(judged.facts());
                var now = candidate.apply(facts, judged.request().begins());
                count(judged, now, Loosening.between(judged.verdict(), now, facts));
            } catch (RuntimeException | StackOverflowError e) { // whatever a candidate's rules do to it
                failed(e);
            }
        }

        private synchronized void count(Judged judged, Verdict now, Loosening loosening) {
            var request = judged.request();
            inForce = judged.verdict().version();
            flips.add(
                    new Flips.Asked(
                            request.id(),
                            request.madeAt(),
                            request.client(),
                            request.resource(),
                            request.scopes().names(),
                            judged.verdict().rules()),
                    Word.of(judged.verdict()),
                    now,
                    loosening);
        }

        private void failed(Throwable e) {
            long all;
            synchronized (this) {
                all = ++failed;
            }
            if (Long.bitCount(all) == 1) {
                log.warn("the candidate {} failed to judge a request, number {} so far", version, all, e);
            }
        }

        synchronized long failed() {
            return failed;
        }

        synchronized long count(Word was, Word now) {
            return flips.count(was, now);
        }

        synchronized long loosened() {
            return flips.loosened();
        }

        synchronized Map<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("candidate", version);
            json.put("since", since.toString());
            json.put("in_force", inForce);
            json.putAll(flips.json());
            json.put("failed", failed);
            return json;
        }
    }

    /// Watches by this candidate from now on. The same as before goes on where it is; another begins anew.
    public void watch(Configuration candidate) {
        var policy = candidate.policy();
        var surroundings = candidate.surroundings();
        watch(
                policy.version(),
                (facts, at) -> policy.judge(facts.by(surroundings, at)).verdict());
    }

    synchronized void watch(String version, BiFunction<Facts, Instant, Verdict> candidate) {
        var before = watch;
        if (before == null || !before.version.equals(version)) {
            watch = new Watch(version, candidate, clock.instant());
        }
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("shadow").start(this::loop);
        }
    }

    /// Takes what was decided, or lets it go when too much waits. Never waits and never fails.
    public void decided(Judged judged) {
        if (watch != null && !queue.offer(judged)) {
            dropped.incrementAndGet();
        }
    }

    private void loop() {
        while (true) {
            try {
                var judged = queue.take();
                var now = watch;
                if (now != null) {
                    now.judge(judged);
                }
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    /// What has come of it so far, as the API writes it; empty when nothing is watched.
    public Optional<Map<String, Object>> json() {
        return Optional.ofNullable(watch).map(it -> {
            var json = it.json();
            json.put("dropped", dropped.get());
            json.put("waiting", queue.size());
            return json;
        });
    }

    /// How many had the one verdict and would have the other.
    public long count(Word was, Word now) {
        var it = watch;
        return it == null ? 0 : it.count(was, now);
    }

    /// How many the candidate treats more loosely.
    public long loosened() {
        var it = watch;
        return it == null ? 0 : it.loosened();
    }

    /// How many it could not judge.
    public long failed() {
        var it = watch;
        return it == null ? 0 : it.failed();
    }

    /// How many were decided faster than they could be judged.
    public long dropped() {
        return dropped.get();
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
