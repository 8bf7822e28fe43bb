package dev.countersign.people;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What was read from the store, kept for a moment: at most so old, at most so many.
///
/// A change in this process forgets at once what it changed; one in another process is seen when the moment is over.
/// Its own lock guards its state and is never held while reading.
final class Remembered<K, V> {
    private final Duration moment;
    private final InstantSource clock;
    private final Map<K, Kept<V>> kept;
    private long changes;

    private record Kept<V>(V value, Instant readAt) {}

    Remembered(Duration moment, int most, InstantSource clock) {
        this.moment = moment;
        this.clock = clock;
        this.kept = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                return size() > most;
            }
        };
    }

    /// The value, from memory or by reading. That there is none is never remembered.
    Optional<V> get(K key, Supplier<Optional<V>> read) {
        var now = clock.instant();
        long seen;
        synchronized (this) {
            var found = kept.get(key);
            if (found != null && fresh(found, now)) {
                return Optional.of(found.value());
            }
            seen = changes;
        }
        var value = read.get();
        value.ifPresent(it -> keep(key, new Kept<>(it, now), seen));
        return value;
    }

    /// A change while it was being read may have been missed by the read: then it is used once and not kept.
    private synchronized void keep(K key, Kept<V> value, long seen) {
        if (changes == seen) {
            kept.put(key, value);
        }
    }

    /// A clock that was set back makes nothing fresh.
    private boolean fresh(Kept<V> it, Instant now) {
        return !now.isBefore(it.readAt()) && now.isBefore(it.readAt().plus(moment));
    }

    /// Forgets one value, which has just changed.
    synchronized void forget(K key) {
        changes++;
        kept.remove(key);
    }

    /// Forgets everything.
    synchronized void forget() {
        changes++;
        kept.clear();
    }
}
