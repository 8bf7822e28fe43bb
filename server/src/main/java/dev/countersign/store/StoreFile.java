package dev.countersign.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of a store, before SQLite has it.
final class StoreFile {
    private static final Set<String> FAR_AWAY =
            Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs");

    private static final Logger log = LoggerFactory.getLogger(StoreFile.class);
    private static final String MAGIC = "SQLite format 3\0";
    private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rw-------");

    private StoreFile() {}

    /// Makes an empty file that only we may read where there is none, and refuses a place that cannot hold a store.
    static void prepare(Path file) {
        try {
            if (Files.exists(file)) {
                check(file);
                checkHeader(file);
            } else {
                createEmpty(file);
                check(file);
            }
        } catch (IOException e) {
            throw new StoreRefused(
                    "the store cannot be kept in " + file + " (" + e + "): give a path that can be written", e);
        }
    }

    /// Makes a file that only we may read, and fails where there is one.
    static void createEmpty(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OURS));
        sync(folder(file));
    }

    /// Forces a file, or the names in a folder, to the disk.
    static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static Path folder(Path file) {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static void check(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new StoreRefused(file + " is not a file: give the path of the store itself");
        }
        var kind = Files.getFileStore(file).type();
        if (FAR_AWAY.contains(kind)) {
            throw new StoreRefused(file + " is on a network file system (" + kind
                    + "), where SQLite's write-ahead log is not safe: put the store on a local disk");
        }
        var permissions = Files.getPosixFilePermissions(file);
        if (!permissions.contains(PosixFilePermission.OWNER_WRITE)
                || !Files.isWritable(file)
                || !Files.isWritable(folder(file))) {
            throw new StoreRefused(
                    file + " or its folder is read-only: make both writable for the user that runs Countersign");
        }
        if (!OURS.containsAll(permissions)) {
            log.warn("{} is open to other users of this machine: chmod 600 it", file);
        }
    }

    /// Whether this is a database of whatever program.
    static boolean hasHeader(Path file) throws IOException {
        var header = ByteBuffer.allocate(MAGIC.length());
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {}
        }
        return new String(header.array(), StandardCharsets.ISO_8859_1).equals(MAGIC);
    }

    /// Refuses a file that is no database at all.
    static void checkHeader(Path file) throws IOException {
        if (Files.size(file) == 0) {
            throw new StoreRefused(file + " is empty: restore a backup, or delete it if there never was a store in it");
        }
        if (!hasHeader(file)) {
            throw new StoreRefused(file + " is not a Countersign store, or its beginning is damaged: "
                    + "give another path, or restore a backup");
        }
    }
}
