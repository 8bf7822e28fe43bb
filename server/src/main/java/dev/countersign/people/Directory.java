package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Set;
import java.util.stream.Collectors;

/// What a configuration says of people, put into their tables as one.
public final class Directory {
    private final People people;
    private final Memberships memberships;
    private final Sessions sessions;
    private final ApiTokens apiTokens;

    public Directory(People people, Memberships memberships, Sessions sessions, ApiTokens apiTokens) {
        this.people = people;
        this.memberships = memberships;
        this.sessions = sessions;
        this.apiTokens = apiTokens;
    }

    /// Makes people and groups what the configuration says. Whoever it no longer names is signed out and has no tokens
    /// any more, also after coming back. The changes belong into the ledger entry of the publication.
    ///
    /// @param by who publishes
    /// @throws IllegalArgumentException when a group has a member whom the configuration does not name
    public MembershipChanges publish(Tx tx, Collection<LocalPerson> locals, Collection<Group> groups, Entry.Actor by)
            throws SQLException {
        var published = people.publish(tx, Person.LOCAL, locals);
        for (var departed : published.departed()) {
            sessions.endAll(tx, departed);
            apiTokens.revokeAll(tx, departed, by);
        }
        var members = new HashMap<String, Set<PersonId>>();
        for (var group : groups) {
            members.put(
                    group.name(), group.members().stream().map(published::id).collect(Collectors.toSet()));
        }
        return memberships.publish(tx, members, tx.now());
    }
}
