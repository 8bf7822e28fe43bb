package dev.countersign.ledger;

import dev.countersign.ledger.Verification.Bad;
import dev.countersign.ledger.Verification.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks an export offline and believes nothing in it: every hash is made again from the entries, every tile and
/// the root are compared, the signature is checked, and then each entry is read for whether it should have been
/// written. Reads the folder once, a bundle at a time.
public final class Verifier {
    private final Path folder;
    private final Checkpoint checkpoint;
    private final Auditor auditor = new Auditor();
    private final List<ByteArrayOutputStream> levels = new ArrayList<>();
    private final List<Long> tilesDone = new ArrayList<>();
    private Frontier tree = Frontier.EMPTY;
    private long disclosed;
    private @Nullable Bad hashFault;
    private @Nullable Bad entryFault;
    private @Nullable Bad fork;

    private Verifier(Path folder, Checkpoint checkpoint) {
        this.folder = folder;
        this.checkpoint = checkpoint;
    }

    /// Checks an export.
    ///
    /// @param trusted the keys of the ledger; when there is none, those that the folder names are taken
    public static Verification verify(Path folder, List<NoteKey> trusted) {
        return verify(folder, trusted, Optional.empty());
    }

    /// Checks an export against a checkpoint that the auditor has kept from an earlier time, too.
    public static Verification verify(Path folder, List<NoteKey> trusted, Optional<Checkpoint> kept) {
        try {
            var checkpoint = Checkpoint.parse(Files.readAllBytes(folder.resolve(Export.CHECKPOINT)));
            var keys = trusted.isEmpty() ? keysIn(folder) : trusted;
            return new Verifier(folder, checkpoint).verify(keys, trusted.isEmpty(), kept);
        } catch (NoSuchFileException e) {
            return new Bad(-1, Fault.MISSING, "there is no " + e.getFile());
        } catch (IOException e) {
            return new Bad(-1, Fault.MISSING, "cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            return new Bad(-1, Fault.SIGNATURE, "no checkpoint or no key: " + e.getMessage());
        }
    }

    private static List<NoteKey> keysIn(Path folder) throws IOException {
        var text = Note.utf8(Files.readAllBytes(folder.resolve(Export.VKEY)));
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("the file of keys is cut short");
        }
        return text.lines().map(NoteKey::parse).toList();
    }

    private Verification verify(List<NoteKey> keys, boolean keyFromFolder, Optional<Checkpoint> kept)
            throws IOException {
        boolean whole = readEntries(kept);
        if (whole) {
            compareLast();
            blame();
            entryFault = first(entryFault, auditor.notOf(checkpoint.origin()).orElse(null));
        }
        var first = first(hashFault, entryFault);
        if (first != null) {
            return first;
        }
        if (!checkpoint.isSignedBy(keys)) {
            return new Bad(-1, Fault.SIGNATURE, "the checkpoint is not signed by " + keys);
        }
        if (fork == null && kept.isPresent()) {
            compareKept(kept.get(), true);
        }
        if (fork != null) {
            return fork;
        }
        var stray = Stray.in(folder, checkpoint.size());
        return stray.isPresent()
                ? new Bad(-1, Fault.STRAY, stray.get() + " does not belong to the export")
                : new Verification.Good(checkpoint, keyFromFolder, disclosed);
    }

    private static @Nullable Bad first(@Nullable Bad one, @Nullable Bad other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.index() < one.index() ? other : one;
    }

    /// False when the entries end early, and nothing can be said of those behind.
    private boolean readEntries(Optional<Checkpoint> kept) throws IOException {
        for (var path : TilePath.ofLevel(TilePath.ENTRIES, 0, checkpoint.size())) {
            long from = path.number() * TilePath.FULL;
            var file = folder.resolve(path.toString());
            if (!Files.isRegularFile(file)) {
                hashFault = first(hashFault, new Bad(from, Fault.MISSING, "there is no " + path));
                return false;
            }
            var leaves = Bundle.parse(Files.readAllBytes(file));
            if (leaves.isEmpty() || leaves.get().size() != path.width()) {
                long at = from + Math.min(leaves.map(List::size).orElse(0), path.width() - 1);
                hashFault = first(
                        hashFault, new Bad(at, Fault.MISSING, path + " does not hold " + path.width() + " entries"));
                return false;
            }
            readBundle(from, leaves.get(), kept);
        }
        return true;
    }

    private void readBundle(long from, List<byte[]> leaves, Optional<Checkpoint> kept) throws IOException {
        var digests = new ArrayList<List<String>>();
        for (int i = 0; i < leaves.size(); i++) {
            var hash = Merkle.leafHash(leaves.get(i));
            tree = tree.append(hash);
            add(0, hash);
            kept.filter(it -> it.size() == tree.size()).ifPresent(it -> compareKept(it, false));
            digests.add(readEntry(from + i, hash, leaves.get(i)));
        }
        if (entryFault == null) {
            entryFault = readDisclosures(from, digests).orElse(null);
        }
    }

    private List<String> readEntry(long index, byte[] hash, byte[] leaf) {
        if (entryFault != null) {
            return List.of();
        }
        try {
            var entry = EntryView.parse(index, LeafHash.of(hash), leaf);
            entryFault = auditor.read(entry).orElse(null);
            return entry.digests();
        } catch (IllegalArgumentException e) {
            entryFault = new Bad(index, Fault.MALFORMED, String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    /// Adds a hash to the tile of a level that is being made, and compares the tile once it is full.
    private void add(int level, byte[] hash) throws IOException {
        if (levels.size() == level) {
            levels.add(new ByteArrayOutputStream());
            tilesDone.add(0L);
        }
        var tile = levels.get(level);
        tile.writeBytes(hash);
        if (tile.size() == TilePath.FULL * Merkle.HASH_BYTES) {
            var hashes = tile.toByteArray();
            compare(new TilePath(level, tilesDone.get(level), TilePath.FULL), hashes);
            tile.reset();
            tilesDone.set(level, tilesDone.get(level) + 1);
            add(level + 1, Tiles.subtree(hashes, 0, TilePath.FULL));
        }
    }

    private void compareLast() throws IOException {
        for (int level = 0; level < levels.size(); level++) {
            var hashes = levels.get(level).toByteArray();
            if (hashes.length > 0) {
                compare(new TilePath(level, tilesDone.get(level), hashes.length / Merkle.HASH_BYTES), hashes);
            }
        }
    }

    private void compare(TilePath path, byte[] made) throws IOException {
        var file = folder.resolve(path.toString());
        var found = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
        int differs = Arrays.mismatch(made, found);
        if (differs < 0) {
            return;
        }
        long hash = path.number() * TilePath.FULL + Math.min(differs / Merkle.HASH_BYTES, path.width() - 1);
        long index = hash << (8 * path.level());
        long end = (hash + 1) << (8 * path.level());
        // A wrong hash below has made this one wrong.
        if (hashFault == null || hashFault.index() >= end) {
            var fault = found.length == 0 ? Fault.MISSING : Fault.TILE;
            hashFault = new Bad(index, fault, path + " is not the hashes of the entries");
        }
    }

    /// Says whether entries or tiles are to blame: the checkpoint knows the root.
    private void blame() {
        if (Arrays.equals(tree.root(), checkpoint.root())) {
            return;
        }
        hashFault = hashFault == null
                ? new Bad(-1, Fault.ROOT, "entries and tiles agree, but their root is not the checkpoint's")
                : new Bad(hashFault.index(), Fault.ALTERED, "it is not the entry that was signed");
    }

    private void compareKept(Checkpoint kept, boolean atTheEnd) {
        boolean same = auditor.knows(kept.origin())
                && kept.size() <= checkpoint.size()
                && (atTheEnd || Arrays.equals(kept.root(), tree.root()));
        if (!same) {
            fork = new Bad(-1, Fault.FORKED, "it does not continue the checkpoint kept of " + kept.size() + " entries");
        }
    }

    /// Each line is an index and a disclosure, in the order of the indices.
    private Optional<Bad> readDisclosures(long from, List<List<String>> digests) throws IOException {
        var file = folder.resolve(Export.disclosures(from / TilePath.FULL));
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        var seen = new HashSet<String>();
        long index = from;
        for (var line : (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text + " ").split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space < 0 || !line.substring(0, space).matches("0|[1-9][0-9]{0,17}")) {
                return Optional.of(new Bad(index, Fault.DISCLOSURE, "a line of disclosures cannot be read"));
            }
            long next = Long.parseLong(line.substring(0, space));
            if (next < index || next >= from + digests.size()) {
                return Optional.of(new Bad(index, Fault.DISCLOSURE, "a disclosure of another entry stands here"));
            }
            index = next;
            if (!matches(line.substring(space + 1), digests.get((int) (index - from))) || !seen.add(line)) {
                return Optional.of(new Bad(index, Fault.DISCLOSURE, "its entry has no such digest"));
            }
            disclosed++;
        }
        return Optional.empty();
    }

    private static boolean matches(String disclosure, List<String> digests) {
        try {
            return digests.contains(Salted.parse(disclosure).digest());
        } catch (IllegalArgumentException e) {
            return false; // not the form of a disclosure
        }
    }
}
