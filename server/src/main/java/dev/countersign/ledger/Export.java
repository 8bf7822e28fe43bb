package dev.countersign.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Objects;

/// Writes the ledger to a folder as C2SP tlog-tiles has it served: `checkpoint`, `tile/…`, and beside them `vkey`
/// with the public keys and, if wanted, `disclosures/…`. One bundle is in memory at a time.
///
/// A folder that holds an earlier export is carried on: full tiles never change and are not written again.
/// Disclosures always are, since what was erased meanwhile must go.
final class Export {
    static final String CHECKPOINT = "checkpoint";
    static final String VKEY = "vkey";
    static final String DISCLOSURES = "disclosures";

    private static final FileAttribute<?> OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Ledger ledger;
    private final Path folder;

    Export(Ledger ledger, Path folder) {
        this.ledger = ledger;
        this.folder = folder;
    }

    Checkpoint write(Checkpoint checkpoint, boolean withDisclosures) {
        try {
            Files.createDirectories(folder);
            long done = sizeBefore(checkpoint);
            writeTree(done, checkpoint.size());
            deleteFolder(folder.resolve(DISCLOSURES));
            if (withDisclosures) {
                writeDisclosures(checkpoint.size());
            }
            var vkeys = new StringBuilder();
            ledger.keys().forEach(key -> vkeys.append(key).append('\n'));
            writeFile(VKEY, vkeys.toString().getBytes(StandardCharsets.UTF_8));
            // Last, so that whoever reads it finds the tree it is about.
            writeFile(CHECKPOINT, checkpoint.note().getBytes(StandardCharsets.UTF_8));
            deletePartials(done, checkpoint.size());
            return checkpoint;
        } catch (IOException | UncheckedIOException e) {
            throw new ExportRefused("cannot write to " + folder + ": " + e, e);
        }
    }

    /// How large the tree is that the folder already holds.
    private long sizeBefore(Checkpoint now) throws IOException {
        var file = folder.resolve(CHECKPOINT);
        if (!Files.exists(file)) {
            return 0;
        }
        var before = parse(Files.readAllBytes(file));
        boolean ours = before.origin().equals(now.origin()) && ledger.continues(before);
        if (!ours) {
            throw new ExportRefused(folder + " holds the export of another ledger, " + before.origin() + " of "
                    + before.size() + " entries: choose another folder");
        }
        return before.size();
    }

    private Checkpoint parse(byte[] note) {
        try {
            return Checkpoint.parse(note);
        } catch (IllegalArgumentException e) {
            throw new ExportRefused(folder + " holds a checkpoint that is none: choose another folder", e);
        }
    }

    private void writeTree(long done, long size) throws IOException {
        int level = 0;
        for (long hashes = size; hashes > 0; hashes /= TilePath.FULL) {
            writeLevel(level, done >> (8 * level), hashes);
            level++;
        }
        writeLevel(TilePath.ENTRIES, done, size);
    }

    private void writeLevel(int level, long done, long hashes) throws IOException {
        for (var tile : TilePath.ofLevel(level, done / TilePath.FULL, hashes)) {
            writeFile(tile.toString(), ledger.tile(tile).orElseThrow());
        }
    }

    private void writeDisclosures(long size) throws IOException {
        for (var bundle : TilePath.ofLevel(TilePath.ENTRIES, 0, size)) {
            long from = bundle.number() * TilePath.FULL;
            var lines = ledger.exportedDisclosures(from, from + bundle.width());
            if (!lines.isEmpty()) {
                if (!Files.exists(folder.resolve(DISCLOSURES))) {
                    Files.createDirectory(folder.resolve(DISCLOSURES), OURS); // it is of people
                }
                writeFile(
                        disclosures(bundle.number()),
                        (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /// Where the disclosures beside a bundle's entries stand.
    static String disclosures(long bundle) {
        var path = new TilePath(TilePath.ENTRIES, bundle, TilePath.FULL).toString();
        return DISCLOSURES + path.substring("tile/entries".length());
    }

    private void writeFile(String path, byte[] bytes) throws IOException {
        var file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        var unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.write(unfinished, bytes);
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The partial tiles of the smaller tree that the larger one has no use for.
    private void deletePartials(long before, long size) throws IOException {
        var needed = TilePath.partials(size);
        for (var tile : TilePath.partials(before)) {
            if (!needed.contains(tile)) {
                var file = folder.resolve(tile.toString());
                Files.deleteIfExists(file);
                deleteIfEmpty(Objects.requireNonNull(file.getParent()));
            }
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(folder);
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
