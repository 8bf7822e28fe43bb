package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Set;
import java.util.stream.Collectors;

/// What a configuration says of people, put into their tables as one.
public final class Directory {
    private final People people;
    private final Memberships memberships;
    private final Sessions sessions;
    private final Departures departures;
    private final Provisioned provisioned;
    private final OnCallCalendars calendars = new OnCallCalendars();

    public Directory(People people, Memberships memberships, Sessions sessions, Departures departures) {
        this.people = people;
        this.memberships = memberships;
        this.sessions = sessions;
        this.departures = departures;
        this.provisioned = new Provisioned(people, memberships, departures);
    }

    /// Makes people and groups what the configuration says. Whoever it no longer names is signed out, has no tokens
    /// and stands in for nobody any more, also after coming back. The changes belong into the publication's ledger
    /// entry.
    ///
    /// @param by who publishes
    /// @throws IllegalArgumentException when a group has a member whom the configuration does not name
    public MembershipChanges publish(Tx tx, Roster roster, Entry.Actor by) throws SQLException {
        var before = memberships.provisioned(tx);
        var published = people.publish(tx, Person.LOCAL, roster.people());
        var departed = new ArrayList<>(published.departed());
        departed.addAll(people.publishIssuers(tx, roster.issuers()));
        var aliases = new HashMap<Identity, PersonId>();
        roster.aliases().forEach((identity, user) -> aliases.put(identity, published.id(user)));
        var changes = MembershipChanges.NONE;
        for (var it : people.publishAliases(tx, aliases)) {
            changes = changes.and(memberships.join(tx, it.was(), it.is(), tx.now()));
            departed.add(it.was());
        }
        for (var it : departed) {
            departures.end(tx, it, by);
        }
        sessions.endStrangers(tx);
        onCall(tx, roster, published);
        return changes.and(memberships(tx, roster, published)).and(provisioned.publish(tx, roster, before, by));
    }

    private void onCall(Tx tx, Roster roster, People.Published published) {
        var named = new HashMap<String, Set<PersonId>>();
        var ids = new HashMap<String, PersonId>();
        for (var group : roster.groups()) {
            group.onCall().ifPresent(it -> {
                it.people().values().forEach(user -> ids.put(user, published.id(user)));
                named.put(
                        group.name(),
                        it.people().values().stream().map(published::id).collect(Collectors.toSet()));
            });
        }
        memberships.publishOnCall(tx, named, tx.now());
        calendars.publish(tx, roster.groups(), ids);
    }

    private MembershipChanges memberships(Tx tx, Roster roster, People.Published published) {
        var members = new HashMap<String, Set<PersonId>>();
        var from = new HashMap<String, Group.From>();
        for (var group : roster.groups()) {
            members.put(
                    group.name(), group.members().stream().map(published::id).collect(Collectors.toSet()));
            group.from().ifPresent(it -> from.put(group.name(), it));
        }
        return memberships.publish(tx, members, tx.now()).and(memberships.publishClaims(tx, from, tx.now()));
    }

    /// The same for a configuration without providers.
    public MembershipChanges publish(Tx tx, Collection<LocalPerson> locals, Collection<Group> groups, Entry.Actor by)
            throws SQLException {
        return publish(tx, new Roster(locals, groups), by);
    }
}
