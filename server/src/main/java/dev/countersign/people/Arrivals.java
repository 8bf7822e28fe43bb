package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The way in for those whom an OpenID provider has signed in: who they are here, what they belong to from now
/// on, their session and its ledger entry, all in one step.
public final class Arrivals {
    private final Store store;
    private final SignInEntries entries;
    private final People people;
    private final Memberships memberships;
    private final Sessions sessions;
    private final Departures departures;
    private final Provisioned provisioned;
    private final Allowance failures;

    /// What came of it.
    public sealed interface Came {
        /// The person is signed in.
        ///
        /// @param cookie the session's cookie
        record In(PersonId person, Session session, String cookie) implements Came {
            /// Keeps the cookie out of logs.
            @Override
            public String toString() {
                return "In[" + session + "]";
            }
        }

        /// The configuration does not name them, and no group takes them; or their provider provisions, and not them.
        /// They are nobody here.
        record Nobody() implements Came {}
    }

    public Arrivals(
            Store store,
            Ledger ledger,
            People people,
            Memberships memberships,
            Sessions sessions,
            Departures departures,
            InstantSource clock) {
        this.store = store;
        this.entries = new SignInEntries(ledger);
        this.people = people;
        this.memberships = memberships;
        this.sessions = sessions;
        this.departures = departures;
        this.provisioned = new Provisioned(people, memberships, departures);
        this.failures = new Allowance(30, Duration.ofSeconds(10), clock);
    }

    /// Takes somebody in. Not from inside a write.
    public Came arrive(Arrival arrival) {
        return store.write(tx -> {
            var who = people.arrive(tx, arrival.identity(), arrival.user(), arrival.name(), arrival.email());
            return switch (provisioned.of(tx, arrival.identity())) {
                case NONE -> arrive(tx, arrival, who, say(tx, arrival, who));
                // What it provisions is all that it says of groups.
                case COME -> arrive(tx, arrival.withoutGroups(), who, MembershipChanges.NONE);
                case STAY_AWAY -> stranger(tx, arrival.withoutGroups(), who);
            };
        });
    }

    private MembershipChanges say(Tx tx, Arrival arrival, People.Arrived who) {
        var said = new Memberships.Said(
                who.person(), who.source(), arrival.groups(), tx.now().plus(arrival.goodFor()));
        return memberships.say(tx, said, tx.now());
    }

    private Came arrive(Tx tx, Arrival arrival, People.Arrived who, MembershipChanges changes) throws SQLException {
        boolean known = who.isAlias()
                || !memberships.groupsOf(tx, who.person(), tx.now()).isEmpty();
        return known ? in(tx, arrival, who, changes) : nobody(tx, arrival, who, changes, "no-group");
    }

    /// Whom a provider that provisions has not provisioned. One whom the configuration names stays who they are, by
    /// other doors.
    private Came stranger(Tx tx, Arrival arrival, People.Arrived who) throws SQLException {
        var changes = say(tx, arrival, who);
        if (who.isAlias()) {
            refused(tx, arrival, who, changes, "not-provisioned");
            return new Came.Nobody();
        }
        return nobody(tx, arrival, who, changes, "not-provisioned");
    }

    private Came in(Tx tx, Arrival arrival, People.Arrived who, MembershipChanges changes) throws SQLException {
        var agent = UserAgent.family(arrival.userAgent());
        var id = who.person().value();
        var body = body(arrival, changes);
        body.put("user_agent", entries.userAgent(agent));
        if (!arrival.groups().isEmpty()) {
            body.put("groups", List.copyOf(new TreeSet<>(arrival.groups().keySet())));
            body.put("groups_until", tx.now().plus(arrival.goodFor()).getEpochSecond());
        }
        var subject = new Entry.Disclosure(id, "subject", arrival.identity().subject());
        entries.succeeded(tx, who.person(), arrival.from(), agent, body, List.of(subject));
        var provided = new Sessions.Provided(who.source(), arrival.providerSession(), arrival.authenticated());
        var started = sessions.start(tx, who.person(), agent, arrival.session(), Optional.of(provided));
        return new Came.In(who.person(), started.session(), started.cookie());
    }

    /// Whoever was somebody until now is signed out and has no tokens any more, as one whom the configuration no longer
    /// names. What changes is always written; that a stranger came is written as often as a wrong password is.
    private Came nobody(Tx tx, Arrival arrival, People.Arrived who, MembershipChanges changes, String because)
            throws SQLException {
        people.leave(tx, who.person());
        departures.end(tx, who.person(), SignInEntries.SERVER);
        refused(tx, arrival, who, changes, because);
        return new Came.Nobody();
    }

    private void refused(Tx tx, Arrival arrival, People.Arrived who, MembershipChanges changes, String because)
            throws SQLException {
        var missed = failures.take();
        if (!changes.isEmpty() || missed.isPresent()) {
            var body = body(arrival, changes);
            body.put("because", because);
            body.put("unwritten", missed.orElse(0));
            entries.failed(
                    tx,
                    body,
                    List.of(new Entry.Disclosure(
                            who.person().value(), "subject", arrival.identity().subject())));
        }
    }

    /// Tells of a sign-in that a provider's answer did not lead to, and why in a word of ours; no faster than a
    /// flood of them could do harm. Not from inside a write.
    public void failed(String login, String because, InetAddress from) {
        var missed = failures.take();
        if (missed.isPresent()) {
            Map<String, Object> body = Map.of(
                    "method",
                    "oidc",
                    "login",
                    login,
                    "network",
                    entries.network(from),
                    "because",
                    because,
                    "unwritten",
                    missed.getAsLong());
            store.write(tx -> {
                entries.failed(tx, body, List.of());
                return true;
            });
        }
    }

    private Map<String, Object> body(Arrival arrival, MembershipChanges changes) {
        var body = new HashMap<String, Object>();
        body.put("method", "oidc");
        body.put("login", arrival.login());
        body.put("network", entries.network(arrival.from()));
        if (!changes.isEmpty()) {
            body.put("members", changes.body());
        }
        return body;
    }
}
