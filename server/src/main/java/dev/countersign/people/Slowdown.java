package dev.countersign.people;

import dev.countersign.http.Prefix;
import dev.countersign.store.KeyedHash;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Who may try a password now. A stranger is slowed by the failures at this user from this network, and by all failures
/// from this network; a device that signed in before by its own alone. So guessing is slow from everywhere, and
/// whoever guesses at a reviewer slows only themselves and new devices beside them.
final class Slowdown {
    private final KeyedHash hash;
    private final Throttle users;
    private final Throttle networks;
    private final Throttle devices;

    Slowdown(KeyedHash hash, InstantSource clock) {
        this.hash = hash;
        this.users = new Throttle(5, Duration.ofMinutes(5), 20_000, clock);
        this.networks = new Throttle(30, Duration.ofSeconds(30), 20_000, clock);
        this.devices = new Throttle(10, Duration.ofMinutes(5), 20_000, clock);
    }

    /// Whose failures count against a try.
    sealed interface Who {
        record Stranger(String user, Prefix network) implements Who {}

        record Known(String device) implements Who {}
    }

    static Who who(Attempt attempt, Optional<String> device) {
        return device.<Who>map(Who.Known::new)
                .orElseGet(() -> new Who.Stranger(attempt.user(), Prefix.of(attempt.from())));
    }

    /// Counts a try; or says how long to wait, and counts nothing.
    Duration take(Who who) {
        return switch (who) {
            case Who.Known(var device) -> devices.take(device);
            case Who.Stranger it -> {
                var wait = networks.take(it.network().text());
                if (wait.isZero()) {
                    wait = users.take(key(it));
                    if (!wait.isZero()) {
                        networks.giveBack(it.network().text());
                    }
                }
                yield wait;
            }
        };
    }

    /// The password was not looked at after all.
    void giveBack(Who who) {
        switch (who) {
            case Who.Known(var device) -> devices.giveBack(device);
            case Who.Stranger it -> {
                networks.giveBack(it.network().text());
                users.giveBack(key(it));
            }
        }
    }

    /// The password was right: the failures at this user are forgiven. Those of the network are not, or an account of
    /// one's own would make guessing at others free.
    void forgive(Who who) {
        switch (who) {
            case Who.Known(var device) -> devices.forgive(device);
            case Who.Stranger it -> {
                networks.giveBack(it.network().text());
                users.forgive(key(it));
            }
        }
    }

    /// One length for all, whatever was typed.
    private String key(Who.Stranger it) {
        return hash.of("user", it.network().text() + " " + it.user());
    }
}
