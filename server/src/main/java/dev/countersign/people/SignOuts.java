package dev.countersign.people;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The ways out: sessions that their person, an administrator or a provider ends, each with its ledger entry. Whoever
/// listens to events in one is let go within a second or two.
public final class SignOuts {
    private final Store store;
    private final Ledger ledger;
    private final Sessions sessions;

    /// Spends a value once, as a part of a transaction.
    @FunctionalInterface
    public interface Once {
        /// False when it was spent before.
        boolean spend(Tx tx) throws SQLException;
    }

    public SignOuts(Store store, Ledger ledger, Sessions sessions) {
        this.store = store;
        this.ledger = ledger;
        this.sessions = sessions;
    }

    /// A person's open sessions, the one that called last first. Not from inside a write.
    public List<OpenSession> of(PersonId person) {
        return store.read(tx -> sessions.open(tx, Optional.of(person)));
    }

    /// Everybody's open sessions, the one that called last first. Not from inside a write.
    public List<OpenSession> all() {
        return store.read(tx -> sessions.open(tx, Optional.empty()));
    }

    /// Ends a session; false when there is none of that id, or it is over.
    ///
    /// @param of whose it has to be; empty for anybody's
    public boolean end(String id, Optional<PersonId> of, Entry.Actor by) {
        return store.write(tx -> {
            var open = sessions.open(tx, of).stream()
                    .filter(it -> it.id().equals(id))
                    .toList();
            end(tx, open, by);
            return !open.isEmpty();
        });
    }

    /// Ends all sessions of a person but the one they are in; how many that were.
    public int endOthers(PersonId person, String but, Entry.Actor by) {
        return store.write(tx -> {
            var open = sessions.open(tx, Optional.of(person)).stream()
                    .filter(it -> !it.id().equals(but))
                    .toList();
            end(tx, open, by);
            return open.size();
        });
    }

    /// Ends what a provider says is over: of one identity, of one session of its own, or both.
    ///
    /// @param subject empty for any
    /// @param providerSession empty for any; not both are
    /// @param once what makes that a word said once
    /// @return how many that were; empty when it was said before
    public Optional<Integer> endProvided(
            String issuer, String subject, String providerSession, Once once, Entry.Actor by) {
        if (subject.isEmpty() && providerSession.isEmpty()) {
            throw new IllegalArgumentException("that would be everybody's");
        }
        return store.write(tx -> {
            if (!once.spend(tx)) {
                return Optional.empty();
            }
            var open = sessions.provided(tx, issuer, subject, providerSession);
            end(tx, open, by);
            return Optional.of(open.size());
        });
    }

    private void end(Tx tx, List<OpenSession> open, Entry.Actor by) throws SQLException {
        for (var it : open) {
            sessions.endOne(tx, it.id());
            Map<String, Object> body =
                    Map.of("session", it.id(), "person", it.person().value());
            ledger.append(
                    tx,
                    new Entry(
                            Code.SESSION_ENDED,
                            tx.now(),
                            by,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            body,
                            List.of()));
        }
    }
}
