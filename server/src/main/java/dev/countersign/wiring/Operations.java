package dev.countersign.wiring;

import dev.countersign.approval.Approvals;
import dev.countersign.approval.Enrolling;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Live;
import dev.countersign.ledger.Anchor;
import dev.countersign.ledger.Checkpoint;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Receipt;
import dev.countersign.mint.Keys;
import dev.countersign.people.ApiToken;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Passkeys;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.people.ScimToken;
import dev.countersign.people.ScimTokens;
import dev.countersign.proof.Claims;
import dev.countersign.publish.Publishing;
import dev.countersign.store.Moving;
import dev.countersign.store.SqliteStore;
import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.WrappedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// What an operator does on the server's own host, with its configuration folder in hand: whether the server runs or
/// not, and all of it in the ledger.
public final class Operations implements AutoCloseable {
    /// Who publishes on the server's host.
    public static final Publishing.By BY = new Publishing.By.Operator(new Entry.Actor("operator", "command-line"));

    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "command-line");
    private static final int DUE_AT_ONCE = 500;

    private final Installation installation;
    private final InstantSource clock;

    private Operations(Installation installation, InstantSource clock) {
        this.installation = installation;
        this.clock = clock;
    }

    /// Opens the store of a configuration.
    ///
    /// @param store the store's file instead of the configuration's
    /// @throws dev.countersign.store.StoreRefused with a sentence that says what is wrong and what to do
    public static Operations open(Configuration configuration, Optional<Path> store, InstantSource clock) {
        return new Operations(Installation.open(configuration, address(configuration, store), clock), clock);
    }

    /// The ledger, to be read and exported.
    public Ledger ledger() {
        return installation.ledger;
    }

    /// Where configurations are published. A server that runs on the store takes what is within a second.
    ///
    /// @param configuration the one that it was opened with
    public Publishing publishing(Configuration configuration) {
        var live = live(configuration);
        live.refresh();
        return new Publishing(
                installation.store,
                new Configurations(installation.directory, installation.ledger),
                live,
                installation.people,
                configuration.node(),
                Claims.installed(),
                Optional.empty());
    }

    private Live live(Configuration configuration) {
        return new Live(
                installation.store,
                new Configurations(installation.directory, installation.ledger),
                configuration.node());
    }

    /// Makes a bearer token for a person who signs in here.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong
    public ApiTokens.Issued issueApiToken(String user, Set<String> scopes, String label, Duration lifetime) {
        var person = installation
                .people
                .find(Person.LOCAL, user)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "there is no user " + user
                                        + " in the store: people enter it when a server puts a configuration in force that names them"));
        return installation.store.write(
                tx -> installation.apiTokens.issue(tx, person.id(), scopes, label, lifetime, OPERATOR));
    }

    /// All bearer tokens there ever were, the newest first.
    public List<ApiToken> apiTokens() {
        return installation.apiTokens.list();
    }

    /// Ends a bearer token; false when there is none of that id, or it was ended before.
    public boolean revokeApiToken(String id) {
        return installation.store.write(tx -> installation.apiTokens.revoke(tx, id, OPERATOR));
    }

    /// Makes a token with which a provider provisions.
    ///
    /// @param login what the configuration calls the provider
    /// @throws IllegalArgumentException with a sentence that says what is wrong
    public ScimTokens.Issued issueScimToken(String login, String label, Duration lifetime) {
        return installation.store.write(tx -> installation.scimTokens.issue(tx, login, label, lifetime, OPERATOR));
    }

    /// All tokens with which providers provision that there ever were, the newest first.
    public List<ScimToken> scimTokens() {
        return installation.scimTokens.list();
    }

    /// Ends one; false when there is none of that id, or it was ended before.
    public boolean revokeScimToken(String id) {
        return installation.store.write(tx -> installation.scimTokens.revoke(tx, id, OPERATOR));
    }

    /// A passkey that signs now.
    ///
    /// @param fingerprint as much of its hash as two people compare
    public record SigningPasskey(String user, String name, String fingerprint, String credential, Instant since) {}

    /// The passkeys that sign now, by person.
    public List<SigningPasskey> passkeys() {
        return installation.store.read(new Passkeys()::all).stream()
                .map(it -> new SigningPasskey(
                        user(it.person()),
                        it.name(),
                        Enrolling.fingerprint(it),
                        it.credential(),
                        it.enrolled().orElse(it.created())))
                .toList();
    }

    /// Removes all passkeys of a person; how many there were.
    ///
    /// @param user the user name, or the pseudonym of one who was forgotten
    public int removePasskeys(String user) {
        var person =
                installation.people.find(Person.LOCAL, user).map(Person::id).orElseGet(() -> new PersonId(user));
        return installation.store.<Integer>write(tx -> Enrolling.removeAll(tx, installation.ledger, person, OPERATOR));
    }

    /// The user name of a person; the pseudonym of one who was forgotten.
    public String user(PersonId id) {
        return installation.people.user(id);
    }

    /// The keys that sign, will sign or have signed tokens.
    public List<WrappedKey> keys() {
        return openKeys().list();
    }

    /// Makes a new token signing key, shown at once and used [Keys#AHEAD] later; its id.
    public String rotateKeys() {
        return openKeys().rotate(Keys.AHEAD, OPERATOR);
    }

    private Keys openKeys() {
        return Keys.open(installation.store, installation.wrappedKeys, installation.ledger, clock, OPERATOR);
    }

    /// Writes a consistent copy of the store to a file that is not there yet.
    public void backup(Path file) {
        installation.store.backup(file);
    }

    /// Puts a backup in the store's place and takes back every request that was open in it: what came after the backup
    /// is not known, and may have used them.
    ///
    /// @param replace whether a store may stand there already; it is kept beside the new one
    /// @return how many requests were taken back
    /// @throws dev.countersign.store.StoreRefused with a sentence that says what is wrong and what to do
    public static int restore(
            Configuration configuration, Optional<Path> store, Path backup, boolean replace, InstantSource clock) {
        var address = address(configuration, store);
        if (!(address instanceof StoreAddress.Sqlite(var file))) {
            throw new Server.Refused("a PostgreSQL store is put back with PostgreSQL's own tools; then say"
                    + " `countersign restored --config DIR`, which opens a new ledger epoch");
        }
        try (var _ = Claim.on(address)) { // no server starts on it half way
            var anchor = Installation.anchor(configuration.node(), address);
            var anchored = anchor.flatMap(Anchor::read); // one that is of no use is found before anything changes
            var renewed = new AtomicReference<Renewed>();
            SqliteStore.restore(
                    backup,
                    file,
                    replace,
                    coming -> renewed.set(renew(configuration, new StoreAddress.Sqlite(coming), anchored, clock)),
                    clock);
            return tell(anchor, Objects.requireNonNull(renewed.get()));
        }
    }

    /// What came of a renewal.
    ///
    /// @param fenced how many requests were taken back
    private record Renewed(int fenced, Checkpoint signed) {}

    /// Begins a new epoch in a copy and takes back what was open, before it is the store: a server that starts on one
    /// where that was not done would go on as the ledger of before.
    private static Renewed renew(
            Configuration configuration, StoreAddress copy, Optional<Checkpoint> anchored, InstantSource clock) {
        Installation.restored(configuration, copy, OPERATOR, anchored, clock);
        try (var operations = new Operations(Installation.openRestored(configuration, copy, clock), clock)) {
            int fenced = operations.fence(configuration);
            return new Renewed(fenced, operations.ledger().checkpoint());
        }
    }

    /// Last, since an anchor of the new epoch would refuse the store of before.
    private static int tell(Optional<Anchor> anchor, Renewed renewed) {
        anchor.ifPresent(it -> it.moveTo(renewed.signed()));
        return renewed.fenced();
    }

    /// Takes a SQLite store to an empty PostgreSQL database, its ledger with name, keys and proofs, and marks the
    /// file as moved. Carries on a move that was cut off. No server runs meanwhile.
    ///
    /// @throws Server.Refused when the store is no SQLite file, or a server runs on it
    /// @throws dev.countersign.store.StoreRefused with a sentence that says what is wrong and what to do
    public static Moving.Done move(
            Configuration configuration,
            Optional<Path> store,
            StoreAddress.Postgres to,
            Moving.Told told,
            InstantSource clock) {
        var address = address(configuration, store);
        if (!(address instanceof StoreAddress.Sqlite(var file))) {
            throw new Server.Refused("the store is in PostgreSQL already: " + address);
        }
        if (!Files.exists(file)) {
            throw new Server.Refused("there is no store in " + file + ": say --data FILE if it is elsewhere");
        }
        try (var _ = Claim.on(address)) { // no server starts on it half way
            // Whatever would keep a node from working there is found before anything is copied.
            Store.open(to, clock).close();
            var before = Moving.to(file).isPresent()
                    ? Optional.<Receipt>empty()
                    : lastReceipt(configuration, address, clock);
            var done = new Moving<>(file, to, Ledger::check, Ledger::checkArrived, told, clock).run();
            try (var installation = Installation.open(configuration, to, clock)) {
                if (before.filter(it -> !installation.ledger.upholds(it)).isPresent()) {
                    throw new Server.Refused("a receipt from before the move does not hold in " + to
                            + ": start no server on it, and say `countersign store reopen` to go on with " + file);
                }
            }
            return done;
        }
    }

    private static Optional<Receipt> lastReceipt(
            Configuration configuration, StoreAddress address, InstantSource clock) {
        try (var installation = Installation.open(configuration, address, clock)) {
            var ledger = installation.ledger;
            return ledger.latestCheckpoint().flatMap(it -> ledger.receipt(it.size() - 1));
        }
    }

    /// After PostgreSQL's own tools have put a backup back and before a server starts on it: begins a new ledger epoch
    /// and takes back every request that was open in it.
    ///
    /// @return how many requests were taken back
    /// @throws Server.Refused when the store is one that [#restore] puts back
    public static int restored(Configuration configuration, InstantSource clock) {
        var address = configuration.node().store();
        if (address instanceof StoreAddress.Sqlite) {
            throw new Server.Refused("a SQLite store is put back with `countersign restore FILE`");
        }
        var anchor = Installation.anchor(configuration.node(), address);
        return tell(anchor, renew(configuration, address, anchor.flatMap(Anchor::read), clock));
    }

    private static StoreAddress address(Configuration configuration, Optional<Path> store) {
        return store.<StoreAddress>map(StoreAddress.Sqlite::new)
                .orElse(configuration.node().store());
    }

    private int fence(Configuration configuration) {
        var live = live(configuration);
        if (!live.refresh()) {
            return 0;
        }
        try (var wiring = new Wiring(installation, live, clock)) {
            wiring.counting.startOver();
            int fenced = 0;
            for (var open = open(wiring); !open.isEmpty(); open = open(wiring)) {
                for (var id : open) {
                    fenced += wiring.panel.cancel(id, OPERATOR) ? 1 : 0;
                }
            }
            return fenced;
        }
    }

    private static List<String> open(Wiring wiring) {
        while (wiring.panel.expireDue(DUE_AT_ONCE) == DUE_AT_ONCE) {
            // there is more
        }
        var filter = new Approvals.Filter(List.of("pending", "approved"), "", Optional.empty(), "", "");
        return wiring.installation.store.read(tx -> wiring.approvals.list(tx, filter, DUE_AT_ONCE)).stream()
                .map(it -> it.approval().id())
                .toList();
    }

    @Override
    public void close() {
        installation.close();
    }
}
