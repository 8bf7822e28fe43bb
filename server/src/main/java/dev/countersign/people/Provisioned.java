package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/// Makes people here of what providers provision: who comes, who goes, and what each belongs to. It looks at the
/// tables as they stand, so whatever changed there, asking it again puts things right.
final class Provisioned {
    private final Provisioners provisioners = new Provisioners();
    private final ProvisionedUsers users = new ProvisionedUsers();
    private final ProvisionedGroups groups = new ProvisionedGroups();
    private final People people;
    private final Memberships memberships;
    private final Departures departures;

    Provisioned(People people, Memberships memberships, Departures departures) {
        this.people = people;
        this.memberships = memberships;
        this.departures = departures;
    }

    /// What a provider that provisions says of an identity.
    enum Word {
        /// It does not provision: what it says at sign-ins counts.
        NONE,
        /// It has provisioned them, and they may come.
        COME,
        /// It has not, or they may not.
        STAY_AWAY
    }

    Word of(Tx tx, Identity identity) {
        return provisioners
                .find(tx, identity.issuer())
                .map(it -> users.ofSubject(tx, it.provisioner(), identity.subject())
                        .filter(user -> user.said().active())
                        .map(_ -> Word.COME)
                        .orElse(Word.STAY_AWAY))
                .orElse(Word.NONE);
    }

    /// What came of it.
    ///
    /// @param person who it was about; empty when they are nobody here, and never were
    /// @param ended whether they were signed out of what the configuration gives them
    record Settled(Optional<PersonId> person, MembershipChanges changes, boolean ended) {
        boolean isNothing() {
            return changes.isEmpty() && !ended;
        }
    }

    /// Makes of somebody here what their provider says now.
    ///
    /// @param ended whether it has just said that they may come no more
    Settled settle(Tx tx, Provisioners.Source source, Identity identity, boolean ended, Entry.Actor by)
            throws SQLException {
        var user = users.ofSubject(tx, source.provisioner(), identity.subject())
                .filter(it -> it.said().active());
        var ours = user.map(it -> source.ours(groups.of(tx, it.id()))).orElse(Map.of());
        return settle(tx, identity, user, ours, ended, by);
    }

    /// Whom the configuration names is still named when a provider lets them go: then they are signed out, lend no
    /// vote and have none lent, and what it gives them is for it to take. Anybody else is nobody once they are in
    /// no group.
    private Settled settle(
            Tx tx,
            Identity identity,
            Optional<ProvisionedUser> user,
            Map<String, String> ours,
            boolean ended,
            Entry.Actor by)
            throws SQLException {
        var found = people.provision(tx, identity, user.filter(_ -> !ours.isEmpty()));
        if (found.isEmpty()) {
            return new Settled(Optional.empty(), MembershipChanges.NONE, false);
        }
        var who = found.get();
        var said = new Memberships.Said(who.person(), who.source(), ours, Memberships.NEVER);
        var changes =
                user.isPresent() ? memberships.provision(tx, said, tx.now()) : memberships.say(tx, said, tx.now());
        boolean goes = who.isAlias()
                ? ended
                : memberships.groupsOf(tx, who.person(), tx.now()).isEmpty();
        if (goes) {
            if (!who.isAlias()) {
                people.leave(tx, who.person());
            }
            departures.end(tx, who.person(), by);
        }
        return new Settled(Optional.of(who.person()), changes, goes && who.isAlias());
    }

    /// Makes everybody what their providers say, by the groups that a configuration takes from there.
    ///
    /// @param before what they had by the configuration before this one
    MembershipChanges publish(Tx tx, Roster roster, Map<Identity, Map<String, String>> before, Entry.Actor by)
            throws SQLException {
        provisioners.publish(tx, roster);
        var held = memberships.provisioned(tx);
        var given = given(tx);
        var all = new HashSet<>(before.keySet());
        all.addAll(held.keySet());
        all.addAll(given.keySet());
        var changes = MembershipChanges.NONE;
        for (var identity : all) {
            var now = given.getOrDefault(identity, Given.NOTHING);
            if (!now.ours().equals(held.get(identity)) || !now.ours().equals(before.get(identity))) {
                var settled = settle(tx, identity, now.user(), now.ours(), false, by);
                changes = changes.and(settled.changes());
            }
        }
        return changes;
    }

    /// What a configuration gives somebody.
    private record Given(Optional<ProvisionedUser> user, Map<String, String> ours) {
        static final Given NOTHING = new Given(Optional.empty(), Map.of());
    }

    private Map<Identity, Given> given(Tx tx) {
        var given = new HashMap<Identity, Given>();
        for (var source : provisioners.all(tx)) {
            groups.active(tx, source.provisioner(), source.takes().values())
                    .forEach((user, names) -> user.identity(source.provisioner())
                            .ifPresent(identity -> {
                                var ours = new HashMap<>(source.takes());
                                ours.values().retainAll(names);
                                given.put(identity, new Given(Optional.of(user), ours));
                            }));
        }
        return given;
    }
}
