package dev.countersign.people;

import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// What a browser keeps to show that its person has signed in with it before: pseudonym, time, nonce and a keyed hash
/// of the three. It opens nothing; it only lets a reviewer's own device try a password while a stranger guesses at it.
final class DeviceTokens {
    static final Duration GOOD_FOR = Duration.ofDays(365);

    private final KeyedHash hash;
    private final InstantSource clock;

    DeviceTokens(KeyedHash hash, InstantSource clock) {
        this.hash = hash;
        this.clock = clock;
    }

    String issue(PersonId person) {
        var claim = person + "." + clock.instant().getEpochSecond() + "." + Ids.secret(16);
        return claim + "." + hash.of("device", claim);
    }

    /// The device's nonce, when the token is ours, of this person and not too old.
    Optional<String> device(String token, PersonId person) {
        int end = token.lastIndexOf('.');
        if (end < 0 || !KeyedHash.same(token.substring(end + 1), hash.of("device", token.substring(0, end)))) {
            return Optional.empty();
        }
        var claim = token.substring(0, end).split("\\.", -1);
        var until = Instant.ofEpochSecond(Long.parseLong(claim[1])).plus(GOOD_FOR);
        return claim[0].equals(person.value()) && clock.instant().isBefore(until)
                ? Optional.of(claim[2])
                : Optional.empty();
    }
}
