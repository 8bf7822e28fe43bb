package dev.countersign.people;

import dev.countersign.TestClock;
import dev.countersign.TestPassword;
import dev.countersign.TestStores;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.WrappedKeys;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parts of this package on a real store and ledger, with a clock that tests move.
final class TestPeople implements AutoCloseable {
    static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    final TestClock clock = new TestClock();
    final Store store;
    final Ledger ledger;
    final KeyedHash hash;
    final People people;
    final Memberships memberships;
    final Sessions sessions;
    final ApiTokens apiTokens;
    final Directory directory;
    final Callers callers;
    final SignIns signIns;
    private volatile Map<String, LocalPerson> locals = Map.of();

    TestPeople(Path folder) {
        store = TestStores.open(folder.resolve("countersign.db"), clock);
        var master = MasterKey.of(MasterKey.generate());
        var keys = WrappedKeys.open(store, master);
        ledger = Ledger.open(store, master, keys, "auth.example.com", "test", clock);
        hash = KeyedHash.open(store, keys, "people");
        people = new People(store, clock);
        memberships = new Memberships(store, clock);
        sessions = new Sessions(store, hash, clock);
        apiTokens = new ApiTokens(store, ledger, hash, clock);
        directory = new Directory(
                people, memberships, sessions, new Departures(sessions, apiTokens, new Absences(store, ledger)));
        callers = new Callers(people, memberships, sessions, apiTokens, clock);
        signIns = new SignIns(store, ledger, people, sessions, hash, () -> locals, clock);
    }

    /// Another way in, with checks of its own.
    SignIns signIns(PasswordChecks checks) {
        return new SignIns(store, ledger, people, sessions, hash, () -> locals, clock, checks);
    }

    /// Publishes people, all of whom are in the groups named.
    MembershipChanges publish(List<LocalPerson> named, Group... groups) {
        var byUser = new LinkedHashMap<String, LocalPerson>();
        named.forEach(it -> byUser.put(it.user(), it));
        locals = byUser;
        return store.write(tx -> directory.publish(tx, named, List.of(groups), OPERATOR));
    }

    PersonId id(String user) {
        return people.find(Person.LOCAL, user).orElseThrow().id();
    }

    List<EntryView> entries(Code code) {
        ledger.settle();
        return ledger.entries(0, 1000).stream().filter(it -> it.code() == code).toList();
    }

    static Attempt attempt(String user, String password, String from) {
        return attempt(user, password, from, Optional.empty());
    }

    static Attempt attempt(String user, String password, String from, Optional<String> device) {
        try {
            return new Attempt(
                    user, password, InetAddress.getByName(from), Optional.of("Firefox/140"), device, Optional.empty());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// A person whose password is the user name.
    static LocalPerson person(String user, String name) {
        return new LocalPerson(user, name, user + "@example.com", TestPassword.hash(user));
    }

    @Override
    public void close() {
        signIns.close();
        ledger.close();
        store.close();
    }
}
