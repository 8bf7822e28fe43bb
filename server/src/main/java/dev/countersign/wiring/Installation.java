package dev.countersign.wiring;

import dev.countersign.config.Configuration;
import dev.countersign.config.NodeSettings;
import dev.countersign.ledger.Anchor;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Callers;
import dev.countersign.people.Directory;
import dev.countersign.people.Memberships;
import dev.countersign.people.People;
import dev.countersign.people.Sessions;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.WrappedKeys;
import java.net.URI;
import java.time.InstantSource;

/// An installation's store opened with its master key: what a server stands on, and what a command on the same host
/// works with while the server runs or does not.
public final class Installation implements AutoCloseable {
    final Store store;
    final WrappedKeys wrappedKeys;
    final Ledger ledger;
    final People people;
    final Memberships memberships;
    final Sessions sessions;
    final ApiTokens apiTokens;
    final Directory directory;
    final Callers callers;
    final KeyedHash handleHashes;
    final KeyedHash peopleHashes;

    private Installation(Store store, MasterKey master, NodeSettings settings, String node, InstantSource clock) {
        this.store = store;
        this.wrappedKeys = WrappedKeys.open(store, master);
        this.ledger = Ledger.open(store, master, wrappedKeys, origin(settings.issuer()), node, clock);
        try {
            settings.anchor().map(Anchor::new).ifPresent(ledger::holdTo);
        } catch (RuntimeException refused) {
            ledger.close();
            throw refused;
        }
        this.handleHashes = KeyedHash.open(store, wrappedKeys, "handle");
        this.peopleHashes = KeyedHash.open(store, wrappedKeys, "people");
        this.people = new People(store, clock);
        this.memberships = new Memberships(store, clock);
        this.sessions = new Sessions(store, peopleHashes, clock);
        this.apiTokens = new ApiTokens(store, ledger, peopleHashes, clock);
        this.directory = new Directory(people, memberships, sessions, apiTokens);
        this.callers = new Callers(people, memberships, sessions, apiTokens, clock);
    }

    /// Opens the store that a configuration names.
    ///
    /// @param address where the store is
    /// @throws dev.countersign.ledger.LedgerForked when it is behind the anchor that the configuration names
    /// @throws dev.countersign.store.StoreRefused with a sentence that says what is wrong and what to do
    public static Installation open(Configuration configuration, StoreAddress address, InstantSource clock) {
        var node = configuration.node();
        var store = Store.open(address, clock);
        try {
            return new Installation(store, MasterKey.read(node.masterKey()), node, nodeName(), clock);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// Begins a new epoch in a store that was put back from a backup, before anything else is done with it.
    static void restored(Configuration configuration, StoreAddress address, Entry.Actor by, InstantSource clock) {
        var node = configuration.node();
        try (var store = Store.open(address, clock)) {
            var master = MasterKey.read(node.masterKey());
            var keys = WrappedKeys.open(store, master);
            Ledger.restored(
                    store,
                    master,
                    keys,
                    origin(node.issuer()),
                    nodeName(),
                    by,
                    node.anchor().map(Anchor::new),
                    clock);
        }
    }

    /// What the ledger is called in checkpoints: the issuer without its scheme.
    private static String origin(String issuer) {
        var uri = URI.create(issuer);
        return uri.getRawAuthority() + uri.getRawPath();
    }

    private static String nodeName() {
        try {
            return java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            return "node";
        }
    }

    @Override
    public void close() {
        ledger.close();
        store.close();
    }
}
