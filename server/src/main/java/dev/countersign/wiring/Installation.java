package dev.countersign.wiring;

import dev.countersign.config.Configuration;
import dev.countersign.config.NodeSettings;
import dev.countersign.ledger.Anchor;
import dev.countersign.ledger.Checkpoint;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Callers;
import dev.countersign.people.Departures;
import dev.countersign.people.Directory;
import dev.countersign.people.Memberships;
import dev.countersign.people.People;
import dev.countersign.people.ScimTokens;
import dev.countersign.people.Sessions;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.WrappedKeys;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An installation's store opened with its master key: what a server stands on, and what a command on the same host
/// works with while the server runs or does not.
public final class Installation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Installation.class);

    final Store store;
    final StoreAddress address;
    final WrappedKeys wrappedKeys;
    final Ledger ledger;
    final People people;
    final Memberships memberships;
    final Absences absences;
    final Sessions sessions;
    final ApiTokens apiTokens;
    final ScimTokens scimTokens;
    final Departures departures;
    final Directory directory;
    final Callers callers;
    final KeyedHash handleHashes;
    final MasterKey master;
    final KeyedHash peopleHashes;

    private Installation(
            Store store,
            StoreAddress address,
            MasterKey master,
            String issuer,
            String node,
            Optional<Anchor> anchor,
            InstantSource clock) {
        this.store = store;
        this.address = address;
        this.master = master;
        this.wrappedKeys = WrappedKeys.open(store, master);
        this.ledger = Ledger.open(store, master, wrappedKeys, origin(issuer), node, clock);
        try {
            anchor.ifPresent(ledger::holdTo);
        } catch (RuntimeException refused) {
            ledger.close();
            throw refused;
        }
        this.handleHashes = KeyedHash.open(store, wrappedKeys, "handle");
        this.peopleHashes = KeyedHash.open(store, wrappedKeys, "people");
        this.people = new People(store, clock);
        this.memberships = new Memberships(store, clock);
        this.absences = new Absences(store, ledger);
        this.sessions = new Sessions(store, peopleHashes, clock);
        this.apiTokens = new ApiTokens(store, ledger, peopleHashes, clock);
        this.scimTokens = new ScimTokens(store, ledger, peopleHashes, clock);
        this.departures = new Departures(sessions, apiTokens, absences);
        this.directory = new Directory(people, memberships, sessions, departures);
        this.callers = new Callers(people, memberships, sessions, apiTokens, clock);
    }

    /// Opens the store that a configuration names.
    ///
    /// @param address where the store is
    /// @throws dev.countersign.ledger.LedgerForked when it is behind the anchor that the configuration names
    /// @throws dev.countersign.store.StoreRefused with a sentence that says what is wrong and what to do
    public static Installation open(Configuration configuration, StoreAddress address, InstantSource clock) {
        return open(configuration.node(), address, anchor(configuration.node(), address), clock);
    }

    /// The same for whoever has just put the store back and will say so to the anchor.
    static Installation openRestored(Configuration configuration, StoreAddress address, InstantSource clock) {
        return open(configuration.node(), address, Optional.empty(), clock);
    }

    private static Installation open(
            NodeSettings node, StoreAddress address, Optional<Anchor> anchor, InstantSource clock) {
        var store = Store.open(address, clock);
        try {
            return new Installation(
                    store, address, MasterKey.read(node.masterKey()), node.issuer(), nodeName(), anchor, clock);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// The anchor of the store at an address; empty when it has none.
    static Optional<Anchor> anchor(NodeSettings node, StoreAddress address) {
        if (node.anchor().isPresent() && !address.equals(node.store())) {
            log.warn("{} is not held to the anchor, which is of {}", address, node.store());
            return Optional.empty();
        }
        return node.anchor().map(Anchor::new);
    }

    /// Begins a new epoch in a store that was put back from a backup, before anything else is done with it.
    ///
    /// @param anchored what this host last saw signed
    static void restored(
            Configuration configuration,
            StoreAddress address,
            Entry.Actor by,
            Optional<Checkpoint> anchored,
            InstantSource clock) {
        var node = configuration.node();
        try (var store = Store.open(address, clock)) {
            var master = MasterKey.read(node.masterKey());
            var keys = WrappedKeys.open(store, master);
            Ledger.restored(store, master, keys, origin(node.issuer()), nodeName(), by, anchored, clock);
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
