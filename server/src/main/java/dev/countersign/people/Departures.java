package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.store.Tx;
import java.sql.SQLException;

/// What ends when somebody goes, also when they come back later: their sessions, their tokens, and the votes that they
/// lent to others or others to them.
public final class Departures {
    private final Sessions sessions;
    private final ApiTokens apiTokens;
    private final Absences absences;

    public Departures(Sessions sessions, ApiTokens apiTokens, Absences absences) {
        this.sessions = sessions;
        this.apiTokens = apiTokens;
        this.absences = absences;
    }

    /// Ends all of a person.
    void end(Tx tx, PersonId person, Entry.Actor by) throws SQLException {
        sessions.endAll(tx, person);
        apiTokens.revokeAll(tx, person, by);
        absences.endAll(tx, person, by);
    }
}
