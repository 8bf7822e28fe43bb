package dev.countersign.people;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.NotProvisioned.Kind;
import dev.countersign.people.Provisioners.Source;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// What providers do with the people and groups that they provision: each change is kept, done to the people here and
/// written into the ledger in one step. What changes nobody's standing here is not in the ledger.
///
/// Not from inside a write.
public final class Provisioning {
    /// As many users as one provider may have here.
    public static final int MOST_USERS = 50_000;

    /// As many groups.
    public static final int MOST_GROUPS = 5_000;

    /// As many members as a group may have.
    public static final int MOST_MEMBERS = 10_000;

    /// As many people as may come and go with one change of a group that is one of ours.
    public static final int MOST_AT_ONCE = 1_000;

    /// What an ID token may have, OpenID Connect Core 1.0 §2.
    private static final Pattern SUBJECT = Pattern.compile("[!-~]{1,255}");

    private final Store store;
    private final Ledger ledger;
    private final Provisioners provisioners = new Provisioners();
    private final ProvisionedUsers users = new ProvisionedUsers();
    private final ProvisionedGroups groups = new ProvisionedGroups();
    private final Provisioned provisioned;

    /// Which version of something a change is meant for.
    @FunctionalInterface
    public interface Expected {
        /// Whether it is that one.
        boolean is(long version);
    }

    /// Some of a list.
    ///
    /// @param total how many there are on all pages
    public record Page<T>(List<T> items, int total) {}

    public Provisioning(Store store, Ledger ledger, People people, Memberships memberships, Departures departures) {
        this.store = store;
        this.ledger = ledger;
        this.provisioned = new Provisioned(people, memberships, departures);
    }

    /// Whether the configuration in force has the provider provision.
    public boolean isOn(String issuer) {
        return store.read(tx -> provisioners.find(tx, issuer)).isPresent();
    }

    /// One user of a provider.
    public Optional<ProvisionedUser> user(String issuer, String id) {
        return store.read(tx -> users.find(tx, issuer, id));
    }

    /// Those users that match all that is wanted.
    ///
    /// @param wanted values of `id`, `userName` and `externalId`
    public Page<ProvisionedUser> users(String issuer, Map<String, String> wanted, int from, int most) {
        return store.read(
                tx -> new Page<>(users.list(tx, issuer, wanted, from, most), users.count(tx, issuer, wanted)));
    }

    /// One group of a provider, with its members.
    public Optional<ProvisionedGroup> group(String issuer, String id) {
        return store.read(tx -> groups.find(tx, issuer, id));
    }

    /// Those groups that match all that is wanted.
    ///
    /// @param wanted values of `id`, `displayName`, `externalId` and `members.value`
    /// @param members whether their members are wanted, too
    public Page<ProvisionedGroup> groups(
            String issuer, Map<String, String> wanted, int from, int most, boolean members) {
        return store.read(tx -> {
            var found = groups.list(tx, issuer, wanted, from, most);
            var items = members
                    ? found.stream().map(it -> groups.withMembers(tx, it)).toList()
                    : found;
            return new Page<>(items, groups.count(tx, issuer, wanted));
        });
    }

    /// Takes in a user.
    ///
    /// @throws NotProvisioned when there is one, or it cannot be
    public ProvisionedUser add(ScimToken by, ProvisionedUser.Said said) {
        return store.write(tx -> {
            var source = source(tx, by);
            if (users.count(tx, by.issuer(), Map.of()) >= MOST_USERS) {
                throw new NotProvisioned(Kind.TOO_MUCH, "a provider has at most " + MOST_USERS + " users here");
            }
            var user = new ProvisionedUser(Ids.next(), by.issuer(), said, tx.now(), tx.now(), 1);
            check(tx, source, user);
            users.add(tx, user);
            settle(tx, source, by, user.identity(source.provisioner()), false, "created");
            return user;
        });
    }

    /// Changes a user.
    ///
    /// @param step what the provider says of them from what it said before; pure, since it may be taken again
    /// @throws NotProvisioned when there is none, or it cannot be
    public ProvisionedUser change(
            ScimToken by, String id, Expected expected, UnaryOperator<ProvisionedUser.Said> step) {
        return store.write(tx -> {
            var source = source(tx, by);
            var was = user(tx, by, id, expected);
            var said = step.apply(was.said());
            if (said.equals(was.said())) {
                return was;
            }
            var user = new ProvisionedUser(id, by.issuer(), said, was.created(), tx.now(), was.version() + 1);
            check(tx, source, user);
            users.change(tx, user);
            var before = was.identity(source.provisioner());
            var now = user.identity(source.provisioner());
            boolean ended = was.said().active() && !said.active();
            if (!before.equals(now)) { // another from now on, and nobody is the one from before
                settle(tx, source, by, before, was.said().active(), "renamed");
            }
            settle(tx, source, by, now, ended, change(was.said(), said));
            return user;
        });
    }

    private static String change(ProvisionedUser.Said was, ProvisionedUser.Said now) {
        return was.active() == now.active() ? "changed" : now.active() ? "activated" : "deactivated";
    }

    /// Lets a user go.
    ///
    /// @throws NotProvisioned when there is none
    public void deleteUser(ScimToken by, String id, Expected expected) {
        store.write(tx -> {
            var source = source(tx, by);
            var was = user(tx, by, id, expected);
            groups.leaveAll(tx, id);
            users.delete(tx, id);
            settle(
                    tx,
                    source,
                    by,
                    was.identity(source.provisioner()),
                    was.said().active(),
                    "deleted");
            return true;
        });
    }

    private ProvisionedUser user(Tx tx, ScimToken by, String id, Expected expected) {
        var found = users.find(tx, by.issuer(), id)
                .orElseThrow(() -> new NotProvisioned(Kind.MISSING, "there is no user " + id));
        expect(expected, found.version());
        return found;
    }

    private static void expect(Expected expected, long version) {
        if (!expected.is(version)) {
            throw new NotProvisioned(Kind.CHANGED, "it was changed since: get it, and change that");
        }
    }

    /// Nobody is two users: who shares a subject would be one person with the rights of both.
    private void check(Tx tx, Source source, ProvisionedUser it) {
        var identity = it.identity(source.provisioner())
                .orElseThrow(() -> new NotProvisioned(
                        Kind.WRONG,
                        "a user needs an externalId, which is what they sign in with; map it to what the ID token"
                                + " says"));
        if (!SUBJECT.matcher(identity.subject()).matches()) {
            throw new NotProvisioned(
                    Kind.WRONG,
                    source.provisioner().subject()
                            + " is what they sign in with, and has visible ASCII characters alone, at most 255");
        }
        users.other(tx, it.issuer(), it.id(), it.said()).ifPresent(other -> {
            throw new NotProvisioned(Kind.TAKEN, "user " + other.id() + " has this userName or externalId");
        });
    }

    private void settle(Tx tx, Source source, ScimToken by, Optional<Identity> identity, boolean ended, String change)
            throws SQLException {
        if (identity.isEmpty()) {
            return;
        }
        var settled = provisioned.settle(tx, source, identity.get(), ended, actor(source));
        if (!settled.isNothing()) {
            var person = settled.person().orElseThrow();
            var body = body(source, by, change, settled.changes());
            body.put("person", person.value());
            var subject = new Entry.Disclosure(
                    person.value(), "subject", identity.get().subject());
            append(tx, Code.PERSON_PROVISIONED, source, body, List.of(subject));
        }
    }

    /// Takes in a group.
    ///
    /// @throws NotProvisioned when it cannot be
    public ProvisionedGroup add(ScimToken by, ProvisionedGroup.Said said) {
        return store.write(tx -> {
            var source = source(tx, by);
            if (groups.count(tx, by.issuer(), Map.of()) >= MOST_GROUPS) {
                throw new NotProvisioned(Kind.TOO_MUCH, "a provider has at most " + MOST_GROUPS + " groups here");
            }
            var group = new ProvisionedGroup(Ids.next(), by.issuer(), said, tx.now(), tx.now(), 1);
            check(tx, source, group, said.members());
            groups.add(tx, group);
            settle(tx, source, by, group.id(), Set.of(name(source, said)), said.members(), "created");
            return group;
        });
    }

    /// Changes a group.
    ///
    /// @param step what the provider says of it from what it said before; pure, since it may be taken again
    /// @throws NotProvisioned when there is none, or it cannot be
    public ProvisionedGroup changeGroup(
            ScimToken by, String id, Expected expected, UnaryOperator<ProvisionedGroup.Said> step) {
        return store.write(tx -> {
            var source = source(tx, by);
            var was = group(tx, by, id, expected);
            var said = step.apply(was.said());
            if (said.equals(was.said())) {
                return was;
            }
            var group = new ProvisionedGroup(id, by.issuer(), said, was.created(), tx.now(), was.version() + 1);
            var joined = without(said.members(), was.said().members());
            check(tx, source, group, joined);
            groups.change(tx, was, group);
            var names = new HashSet<>(List.of(name(source, was.said())));
            boolean renamed = names.add(name(source, said));
            var moved = new HashSet<>(renamed ? said.members() : joined);
            moved.addAll(without(was.said().members(), said.members()));
            settle(tx, source, by, id, names, moved, renamed ? "renamed" : "changed");
            return group;
        });
    }

    private static String name(Source source, ProvisionedGroup.Said said) {
        return said.name(source.provisioner());
    }

    /// Lets a group go, and nobody of it.
    ///
    /// @throws NotProvisioned when there is none
    public void deleteGroup(ScimToken by, String id, Expected expected) {
        store.write(tx -> {
            var source = source(tx, by);
            var was = group(tx, by, id, expected);
            groups.delete(tx, id);
            settle(
                    tx,
                    source,
                    by,
                    id,
                    Set.of(name(source, was.said())),
                    was.said().members(),
                    "deleted");
            return true;
        });
    }

    private ProvisionedGroup group(Tx tx, ScimToken by, String id, Expected expected) {
        var found = groups.find(tx, by.issuer(), id)
                .orElseThrow(() -> new NotProvisioned(Kind.MISSING, "there is no group " + id));
        expect(expected, found.version());
        return found;
    }

    /// Two groups of one name would be told apart by nobody: `from` would take the members of both.
    private void check(Tx tx, Source source, ProvisionedGroup it, Set<String> joined) {
        if (name(source, it.said()).isEmpty()) {
            throw new NotProvisioned(Kind.WRONG, "a group needs an externalId, by which the configuration names it");
        }
        if (it.said().members().size() > MOST_MEMBERS) {
            throw new NotProvisioned(Kind.TOO_MUCH, "a group has at most " + MOST_MEMBERS + " members");
        }
        groups.other(tx, source.provisioner(), it.id(), it.said()).ifPresent(other -> {
            throw new NotProvisioned(
                    Kind.TAKEN,
                    "group " + other.id() + " has this " + source.provisioner().named());
        });
        users.missing(tx, it.issuer(), joined).ifPresent(missing -> {
            throw new NotProvisioned(Kind.WRONG, "there is no user " + missing + ", who should be a member");
        });
    }

    /// @param names what `from` would call the group, before and now
    private void settle(
            Tx tx, Source source, ScimToken by, String group, Set<String> names, Set<String> moved, String change)
            throws SQLException {
        if (Collections.disjoint(source.takes().values(), names)) {
            return;
        }
        if (moved.size() > MOST_AT_ONCE) {
            throw new NotProvisioned(
                    Kind.TOO_MUCH,
                    "with one change of a group that is one here at most " + MOST_AT_ONCE
                            + " people come and go; send it in pieces");
        }
        var changes = MembershipChanges.NONE;
        for (var id : moved) {
            var identity = users.find(tx, source.issuer(), id).flatMap(it -> it.identity(source.provisioner()));
            if (identity.isPresent()) {
                changes = changes.and(provisioned
                        .settle(tx, source, identity.get(), false, actor(source))
                        .changes());
            }
        }
        if (!changes.isEmpty()) {
            var body = body(source, by, change, changes);
            body.put("group", group);
            append(tx, Code.GROUP_PROVISIONED, source, body, List.of());
        }
    }

    private static Set<String> without(Set<String> all, Set<String> these) {
        var left = new HashSet<>(all);
        left.removeAll(these);
        return left;
    }

    private Source source(Tx tx, ScimToken by) {
        return provisioners
                .find(tx, by.issuer())
                .orElseThrow(() -> new NotProvisioned(
                        Kind.NO_SOURCE, "the configuration in force has nobody provision with this token"));
    }

    private static Entry.Actor actor(Source source) {
        return new Entry.Actor("system", "provider " + source.provisioner().login());
    }

    private static Map<String, Object> body(Source source, ScimToken by, String change, MembershipChanges changes) {
        var body = new HashMap<String, Object>();
        body.put("login", source.provisioner().login());
        body.put("api_token", by.id());
        body.put("change", change);
        if (!changes.isEmpty()) {
            body.put("members", changes.body());
        }
        return body;
    }

    private void append(Tx tx, Code code, Source source, Map<String, Object> body, List<Entry.Disclosure> disclosures)
            throws SQLException {
        ledger.append(
                tx,
                new Entry(
                        code,
                        tx.now(),
                        actor(source),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        body,
                        disclosures));
    }
}
