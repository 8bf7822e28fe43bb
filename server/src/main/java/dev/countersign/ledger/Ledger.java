package dev.countersign.ledger;

import dev.countersign.store.Failpoint;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.Tx;
import dev.countersign.store.WrappedKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit log: every change is an entry in it, written in the change's own transaction, and the entries are the
/// leaves of one Merkle tree whose signed heads nobody can take back.
public final class Ledger implements AutoCloseable {
    /// How far back a leaf is looked for by its hash: no index has hashes, which would make every write slower.
    public static final long REMEMBERED = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(Ledger.class);
    private static final String HASH = "[A-Za-z0-9_-]{43}";

    private final Store store;
    private final String origin;
    private final String node;
    private final InstantSource clock;
    private final WrappedKeys wrapped;
    private final LedgerKeys keys;
    private final DisclosureKeys disclosureKeys;
    private final Entries entries = new Entries();
    private final Tiles tiles = new Tiles(entries);
    private final Checkpoints checkpoints = new Checkpoints();
    private final Sequencing sequencing;
    private volatile Optional<LedgerForked> forked = Optional.empty();
    private volatile Optional<RollbackGuard> guard = Optional.empty();

    private Ledger(
            Store store, MasterKey master, WrappedKeys wrapped, LedgerKeys keys, String node, InstantSource clock) {
        this.store = store;
        this.origin = keys.origin();
        this.node = node;
        this.clock = clock;
        this.wrapped = wrapped;
        this.keys = keys;
        this.disclosureKeys = new DisclosureKeys(store, master);
        this.sequencing = store.isShared()
                ? new Staging(store, entries, tiles, disclosureKeys)
                : new Sequencer(entries, tiles, disclosureKeys);
        sequencing.listen(disclosureKeys::heard);
    }

    /// Opens the ledger of a store, or begins it with an entry that names its public keys.
    ///
    /// @param origin what a ledger that begins is called in checkpoints: the issuer without its scheme
    /// @param node who writes the entries
    public static Ledger open(
            Store store, MasterKey master, WrappedKeys wrapped, String origin, String node, InstantSource clock) {
        var keys = LedgerKeys.open(store, wrapped, origin);
        var ledger = new Ledger(store, master, wrapped, keys, node, clock);
        store.write(tx -> {
            ledger.sequencing.open(tx);
            if (ledger.sequencing.isEmpty(tx)) {
                ledger.append(tx, ledger.opening());
            }
            return true;
        });
        return ledger;
    }

    /// Holds the ledger to what an anchor says was signed before, from now on; begins an anchor that is not there yet.
    ///
    /// @throws LedgerForked when the ledger is behind the anchor or does not continue it, or that is of no use
    public void holdTo(Anchor anchor) {
        var guard = new RollbackGuard(anchor, wrapped);
        guard.take();
        sequencing.settle();
        store.read(tx -> {
            long size = entries.size(tx);
            guard.check(tx, origin, size, tiles.nodes(tx, size));
            return true;
        });
        if (guard.isNew()) {
            try {
                guard.begin(checkpoint());
                log.warn("there was no anchor {}: it begins at what the store has now", anchor);
            } catch (IOException e) {
                throw LedgerForked.anchor(
                        anchor + " cannot be begun (" + e + "): see to it that its folder is there, is on"
                                + " the disk that is meant, and can be written");
            }
        }
        this.guard = Optional.of(guard);
    }

    /// Why the anchor is not up to date; empty when it is, or there is none.
    public Optional<String> anchorFault() {
        return guard.flatMap(RollbackGuard::fault);
    }

    /// Takes the anchor to what is signed now.
    void anchor(Checkpoint checkpoint) {
        guard.ifPresent(it -> it.advance(checkpoint));
    }

    /// Begins a new epoch in a store that was put back from a backup, under another name and another key.
    ///
    /// What was signed after the backup was made is true of a tree that this one does not continue, so it must
    /// not sign as the same ledger again. For whoever restores, before the ledger is opened for anything else.
    ///
    /// @param anchored what this host saw signed last: the new epoch's first entry says so, and how much is missing
    public static void restored(
            Store store,
            MasterKey master,
            WrappedKeys wrapped,
            String origin,
            String node,
            Entry.Actor by,
            Optional<Checkpoint> anchored,
            InstantSource clock) {
        try (var before = open(store, master, wrapped, origin, node, clock)) {
            before.restored(origin, by, anchored);
        }
    }

    private void restored(String origin, Entry.Actor by, Optional<Checkpoint> anchored) {
        sequencing.settle();
        store.write(tx -> {
            var name = origin + "/restored-" + tx.now().truncatedTo(ChronoUnit.SECONDS);
            var vkey = LedgerKeys.renew(tx, wrapped, name);
            Failpoint.pass("restored.renewed");
            var body = new HashMap<String, Object>(Map.of(Member.ORIGIN, name, Member.VKEY, List.of(vkey)));
            if (anchored.isPresent()) {
                body.put(Member.ANCHORED, anchored.get().note());
                if (anchored.get().origin().equals(this.origin)) {
                    body.put(Member.GAP, Math.max(0, anchored.get().size() - entries.size(tx)));
                }
            }
            return append(
                    tx,
                    new Entry(
                            Code.BACKUP_RESTORED,
                            tx.now(),
                            by,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            body,
                            List.of()));
        });
    }

    private Entry opening() {
        return new Entry(
                Code.LEDGER_OPENED,
                clock.instant(),
                new Entry.Actor("system", "ledger"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(
                        Member.ORIGIN,
                        origin,
                        Member.VKEY,
                        keys().stream().map(NoteKey::toString).toList()),
                List.of());
    }

    /// Makes an entry's leaf: its bytes, hash and encrypted disclosures. Not for use inside a transaction.
    ///
    /// @throws IllegalArgumentException when the entry cannot stand in a leaf
    public Leaf seal(Entry entry) {
        return Leaf.seal(entry, node, disclosureKeys::of);
    }

    /// The same inside a transaction, for what cannot be known before.
    ///
    /// @throws IllegalArgumentException when the entry cannot stand in a leaf
    public Leaf seal(Tx tx, Entry entry) {
        return Leaf.seal(entry, node, subject -> disclosureKeys.of(tx, subject));
    }

    /// Appends a leaf: it is in the ledger when the transaction commits, and was never there when it does not.
    ///
    /// @throws LedgerForked once the ledger was found not to continue what it signed
    /// @throws StoreFailed when the leaf was sealed too long ago to be told now
    public Leaf append(Tx tx, Leaf leaf) throws SQLException {
        admit(tx, List.of(leaf));
        sequencing.append(tx, leaf);
        return leaf;
    }

    /// Appends leaves in this order.
    public void appendAll(Tx tx, List<Leaf> leaves) throws SQLException {
        admit(tx, leaves);
        sequencing.appendAll(tx, leaves);
    }

    /// Appends leaves in this order, for a caller who is at it again and again and has many at once.
    ///
    /// Where several nodes write, they get their places in this transaction, unless another gives some out: that
    /// saves them half their cost.
    public void placeAll(Tx tx, List<Leaf> leaves) throws SQLException {
        admit(tx, leaves);
        sequencing.placeAll(tx, leaves);
    }

    private void admit(Tx tx, List<Leaf> leaves) {
        if (forked.isPresent()) {
            throw new LedgerForked(forked.get());
        }
        leaves.forEach(it -> tx.tellsOf(it.time()));
    }

    /// Seals an entry and appends it.
    public Leaf append(Tx tx, Entry entry) throws SQLException {
        return append(tx, seal(tx, entry));
    }

    /// Tells of entries from now on, whoever wrote them: each once, in the order of their indices, after they are
    /// durable.
    ///
    /// Where one node writes, a listener runs on the thread that writes, before whoever wrote has the answer; where
    /// several do, on a thread of the ledger's, a moment later. It must be quick and must not ask the store.
    public void listen(Consumer<List<EntryView>> listener) {
        sequencing.listen(listener);
    }

    /// A digest of a value that must be recognized but not be guessed from the ledger, such as a network prefix.
    ///
    /// @param purpose so that equal values of different kinds have different digests
    public String keyedHash(String purpose, String value) {
        var hash = Arrays.copyOf(keys.hashing().bytes(purpose, value), 16);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    /// Forgets all that is disclosed about a subject, and says so in an entry. The leaves and all proofs stay as
    /// they are.
    public Leaf erase(Tx tx, Entry.Actor by, String subject) throws SQLException {
        long erased = disclosureKeys.erase(tx, subject);
        return append(
                tx,
                new Entry(
                        Code.DISCLOSURES_ERASED,
                        tx.now(),
                        by,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(Member.SUBJECT, subject, Member.KEYS, erased),
                        List.of()));
    }

    /// The public keys that its checkpoints are signed with now.
    public List<NoteKey> keys() {
        return keys.publicKeys();
    }

    /// What it is called in checkpoints.
    public String origin() {
        return origin;
    }

    /// Sees to it that whatever is durable has its place. Where one node writes, it always has.
    public void settle() {
        sequencing.settle();
    }

    /// How many entries have their place.
    public long size() {
        return store.read(entries::size);
    }

    /// Entries from an index on, in order.
    public List<EntryView> entries(long from, int limit) {
        return views(store.read(tx -> entries.rows(tx, from, limit)));
    }

    /// Entries before an index, the newest first.
    public List<EntryView> entriesBefore(long before, int limit) {
        return views(store.read(tx -> entries.rowsBefore(tx, before, limit)));
    }

    /// The index of the first entry that is not older than that; the ledger's size when all are.
    ///
    /// Entries stand nearly in the order of their times: where several nodes write, some are a moment out of it.
    public long firstAt(Instant at) {
        return store.read(tx -> {
            long from = 0;
            long to = entries.size(tx);
            while (from < to) {
                long middle = (from + to) >>> 1;
                if (entries.rows(tx, middle, 1).getFirst().view().at().isBefore(at)) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        });
    }

    /// All entries of an access request, in order.
    public List<EntryView> entriesOf(String request) {
        return views(store.read(tx -> entries.ofRequest(tx, request)));
    }

    /// The same as a transaction sees them, those too that have no place yet.
    public List<EntryView> entriesOf(Tx tx, String request) {
        return views(store.isShared() ? entries.alsoStaged(tx, request) : entries.ofRequest(tx, request));
    }

    /// The entry at that index; empty when there is none yet.
    public Optional<EntryView> entry(long index) {
        return index < 0 ? Optional.empty() : entries(index, 1).stream().findFirst();
    }

    /// The entry that minted a token; empty when none did.
    public Optional<EntryView> mintOf(String jti) {
        return store.read(tx -> entries.mintOf(tx, jti)).map(Entries.Row::view);
    }

    /// Refusals before an index, the newest first.
    ///
    /// @param client whose they are; empty for all clients'
    public List<EntryView> refusalsBefore(String client, long before, int limit) {
        return views(store.read(tx -> entries.refusalsBefore(tx, client, before, limit)));
    }

    /// What somebody means who has a reference: all entries of a request by its id, or the one entry at an index,
    /// that minted a token of that `jti`, or of that leaf hash. Empty when there is none.
    ///
    /// A leaf hash is looked for among the last [#REMEMBERED] entries only.
    public List<EntryView> lookUp(String reference) {
        if (reference.matches("[0-9]{1,15}")) {
            return entry(Long.parseLong(reference)).stream().toList();
        }
        if (reference.matches(HASH)) {
            var hash = new LeafHash(reference).bytes();
            var found = store.read(tx -> tiles.find(tx, hash, entries.size(tx), REMEMBERED));
            return found.isPresent() ? entry(found.getAsLong()).stream().toList() : List.of();
        }
        var ofRequest = entriesOf(reference);
        return ofRequest.isEmpty() ? mintOf(reference).stream().toList() : ofRequest;
    }

    private static List<EntryView> views(List<Entries.Row> rows) {
        return rows.stream().map(Entries.Row::view).toList();
    }

    /// What an entry discloses beside its leaf. For those who may see it: the caller has asked.
    public List<Disclosed> disclosures(long index) {
        return store.read(tx -> {
            var hash = LeafHash.of(entries.hashes(tx, index, index + 1).getFirst());
            var opener = disclosureKeys.opener(tx);
            var all = new ArrayList<Disclosed>();
            for (var sealed : entries.disclosures(tx, index)) {
                opener.open(hash, sealed)
                        .ifPresentOrElse(
                                salted -> salted.forEach(it ->
                                        all.add(new Disclosed(sealed.subject(), it.name(), Optional.of(it.value())))),
                                () -> sealed.names()
                                        .forEach(name ->
                                                all.add(new Disclosed(sealed.subject(), name, Optional.empty()))));
            }
            return all;
        });
    }

    /// The latest checkpoint that was signed; empty when none was.
    public Optional<Checkpoint> latestCheckpoint() {
        return store.read(checkpoints::latest).map(Checkpoints.Signed::checkpoint);
    }

    /// Signs a checkpoint over all that is durable, or gives the latest when nothing came since.
    ///
    /// Committed first, signed after: a signature over a tree that is then rolled back would accuse us for ever.
    ///
    /// @throws LedgerForked when an earlier checkpoint is not about the beginning of this tree, or a restore has
    ///     retired the keys
    public Checkpoint checkpoint() {
        sequencing.settle();
        var latest = store.read(checkpoints::latest);
        var head = store.read(tx -> head(tx, latest));
        if (latest.isPresent() && latest.get().checkpoint().size() == head.size()) {
            return latest.get().checkpoint();
        }
        return sign(head);
    }

    /// Signs once more what was signed last, so that readers of an idle ledger see that it stands.
    Checkpoint refresh() {
        var latest = store.read(checkpoints::latest);
        return sign(store.read(tx -> head(tx, latest)));
    }

    private Checkpoint sign(Head head) {
        var checkpoint = Checkpoint.sign(origin, head.size(), head.root(), keys.signers());
        Failpoint.pass("checkpoint.signed");
        store.write(tx -> {
            refuseToGoOnAfterRestore(tx);
            sequencing.look(tx);
            checkpoints.keep(tx, checkpoint);
            Failpoint.pass("checkpoint.written");
            return checkpoint;
        });
        Failpoint.pass("checkpoint.kept");
        return checkpoint;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Head(long size, byte[] root) {}

    private Head head(Tx tx, Optional<Checkpoints.Signed> latest) throws SQLException {
        refuseToGoOnAfterRestore(tx);
        long size = entries.size(tx);
        var nodes = tiles.nodes(tx, size);
        if (latest.isPresent()) {
            var signed = latest.get().checkpoint();
            if (signed.size() > size || !Arrays.equals(nodes.root(signed.size()), signed.root())) {
                throw stopped(new LedgerForked(signed, size));
            }
        }
        if (guard.isPresent()) {
            try {
                guard.get().check(tx, origin, size, nodes);
            } catch (LedgerForked fork) {
                throw stopped(fork);
            }
        }
        return new Head(size, nodes.root(size));
    }

    /// A node that ran while the store was put back has the keys of before: two trees would go by one name.
    private void refuseToGoOnAfterRestore(Tx tx) {
        if (!keys.stand(tx, wrapped)) {
            throw stopped(LedgerForked.restored(origin));
        }
    }

    private LedgerForked stopped(LedgerForked fork) {
        forked = Optional.of(fork);
        return fork;
    }

    /// Looks a store's whole ledger through, leaf by leaf.
    ///
    /// @throws LedgerForked when something in it is not what its leaves make
    public static TreeHead check(Tx tx) throws SQLException {
        return TreeCheck.of(tx);
    }

    /// Lets a ledger whose entries, tiles and checkpoints were copied from another store go on from there, and looks it
    /// through.
    public static TreeHead checkArrived(Tx tx) throws SQLException {
        new Staged().beginAt(tx, new Entries().size(tx));
        return TreeCheck.of(tx);
    }

    /// True when a receipt that was made earlier, be it in another store, is of this ledger: under a checkpoint that is
    /// signed now, the same leaf stands in the same place of a tree that continues the receipt's.
    public boolean upholds(Receipt earlier) {
        refresh();
        return earlier.verifies(keys())
                && continues(earlier.checkpoint())
                && receipt(earlier.index())
                        .filter(now -> now.hash().equals(earlier.hash()) && now.verifies(keys()))
                        .isPresent();
    }

    /// True when that checkpoint is about the beginning of this ledger.
    boolean continues(Checkpoint earlier) {
        return store.read(tx -> {
            long size = entries.size(tx);
            return earlier.size() <= size && Arrays.equals(tiles.nodes(tx, size).root(earlier.size()), earlier.root());
        });
    }

    Checkpoints checkpoints() {
        return checkpoints;
    }

    Store store() {
        return store;
    }

    InstantSource clock() {
        return clock;
    }

    /// Proof that the entry at that index is in the ledger; empty when there is none.
    public Optional<Receipt> receipt(long index) {
        if (index < 0 || index >= size()) {
            return Optional.empty();
        }
        var checkpoint = latestCheckpoint().filter(it -> it.size() > index).orElseGet(this::checkpoint);
        return Optional.of(store.read(tx -> new Receipt(
                entries.rows(tx, index, 1).getFirst().leaf(),
                index,
                tiles.nodes(tx, checkpoint.size()).inclusion(index, checkpoint.size()),
                checkpoint)));
    }

    /// Proof of the entry that minted a token; empty when none did.
    public Optional<Receipt> receiptOf(String jti) {
        return mintOf(jti).flatMap(entry -> receipt(entry.index()));
    }

    /// A tile or a bundle of entries, as C2SP tlog-tiles has them served; empty when the ledger is not that large.
    public Optional<byte[]> tile(TilePath tile) {
        return store.read(tx -> {
            long size = entries.size(tx);
            long hashes = size >> (8 * Math.max(tile.level(), 0));
            if (tile.level() > 7 || tile.number() * TilePath.FULL + tile.width() > hashes) {
                return Optional.<byte[]>empty();
            }
            return Optional.of(tile.level() == TilePath.ENTRIES ? bundle(tx, tile) : tiles.hashes(tx, tile));
        });
    }

    private byte[] bundle(Tx tx, TilePath tile) {
        return Bundle.of(entries.rows(tx, tile.number() * TilePath.FULL, tile.width()).stream()
                .map(Entries.Row::leaf)
                .toList());
    }

    /// Texts of disclosures beside leaves `from` up to `to`, as an export holds them.
    List<String> exportedDisclosures(long from, long to) {
        return store.read(tx -> {
            var opener = disclosureKeys.opener(tx);
            var lines = new ArrayList<String>();
            var hashes = entries.hashes(tx, from, to);
            for (long index = from; index < to; index++) {
                var hash = LeafHash.of(hashes.get((int) (index - from)));
                for (var sealed : entries.disclosures(tx, index)) {
                    for (var salted : opener.open(hash, sealed).orElse(List.of())) {
                        lines.add(index + " " + salted.text());
                    }
                }
            }
            return lines;
        });
    }

    /// Writes the ledger to a folder, see [Export].
    ///
    /// @return the checkpoint that the folder now stands at
    public Checkpoint export(Path folder, boolean withDisclosures) {
        return new Export(this, folder).write(checkpoint(), withDisclosures);
    }

    /// Sees to it that whatever is durable has its place, as far as can be, and ends.
    @Override
    public void close() {
        sequencing.close();
    }
}
