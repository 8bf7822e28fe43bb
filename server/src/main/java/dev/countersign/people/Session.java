package dev.countersign.people;

import dev.countersign.store.KeyedHash;
import java.time.Instant;
import java.util.Optional;

/// A browser that is signed in.
///
/// @param id the keyed hash of its cookie
/// @param seen when it last called, to the minute
/// @param userAgent the family of the browser
/// @param authenticated when its person last proved who they are
/// @param source by which identity a provider signed it in; empty when a password did
/// @param csrf what a form or a script of our own pages sends along and no other site can know
public record Session(
        String id,
        PersonId person,
        Instant created,
        Instant seen,
        String userAgent,
        Instant authenticated,
        Optional<PersonId> source,
        String csrf) {
    /// Whether a request came from our own pages.
    public boolean sentBy(String csrf) {
        return KeyedHash.same(this.csrf, csrf);
    }

    /// Keeps the CSRF token out of logs.
    @Override
    public String toString() {
        return "Session[" + id + " of " + person + "]";
    }
}
