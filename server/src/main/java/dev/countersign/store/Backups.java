package dev.countersign.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of a store, made while it runs, and put back when it is lost.
final class Backups {
    private static final Logger log = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Backups() {}

    /// Writes one consistent copy, checks it and forces it to the disk. It has its name only when it is whole.
    static void backup(Path store, Path target) {
        var partial = sibling(target, ".partial");
        try {
            StoreFile.createEmpty(target);
        } catch (FileAlreadyExistsException e) {
            throw new StoreRefused(target + " exists already, and a backup overwrites nothing: give another name", e);
        } catch (IOException e) {
            throw new StoreRefused("the backup cannot be written to " + target + " (" + e + ")", e);
        }
        try {
            StoreFile.createEmpty(partial);
            try (var session = Connections.reader(store)) {
                session.copyInto(partial);
            }
            Failpoint.pass("backup.copied");
            checkBackup(partial);
            StoreFile.sync(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            Failpoint.pass("backup.moved");
            StoreFile.sync(StoreFile.folder(target));
        } catch (IOException | SQLException | RuntimeException e) {
            delete(partial, e);
            delete(target, e);
            throw e instanceof StoreRefused refused
                    ? refused
                    : new StoreFailed("no backup was made: " + e.getMessage(), e);
        }
    }

    /// Puts a backup where the store was. What stood there is kept beside it, under a name with the time.
    ///
    /// @param prepare what is done to the copy before it has the store's name
    static void restore(Path backup, Path store, boolean replace, Consumer<Path> prepare, Instant now) {
        if (Files.exists(store) && !replace) {
            throw new StoreRefused(store
                    + " exists already: stop the server and give --replace, which keeps what stands there beside it");
        }
        var coming = sibling(store, ".restoring");
        try {
            Files.deleteIfExists(coming);
            StoreFile.createEmpty(coming);
            try (var out = Files.newOutputStream(coming)) {
                Files.copy(backup, out);
            }
            checkBackup(coming);
            takeOffMark(coming);
            prepare.accept(coming);
            StoreFile.sync(coming);
            Failpoint.pass("restore.copied");
            if (Files.exists(store)) {
                putAside(store, now);
            }
            Failpoint.pass("restore.aside");
            Files.move(coming, store, StandardCopyOption.ATOMIC_MOVE);
            Failpoint.pass("restore.moved");
            StoreFile.sync(StoreFile.folder(store));
        } catch (IOException | SQLException | RuntimeException e) {
            delete(coming, e);
            throw e instanceof StoreRefused refused
                    ? refused
                    : new StoreRefused("nothing was restored to " + store + ": " + e.getMessage(), e);
        }
    }

    private static void checkBackup(Path file) throws IOException, SQLException {
        StoreFile.checkHeader(file);
        try (var session = Connections.plain(file)) {
            boolean ours = session.pragma("application_id").equals(String.valueOf(Connections.APPLICATION_ID))
                    || Moved.to(session).isPresent();
            if (!ours) {
                throw new StoreRefused("this is a database of another program, not a backup of Countersign");
            }
            Migrations.of(Migrations.SQLITE).refuseNewer(session, file);
            var found = session.pragma("integrity_check(1)");
            if (!found.equals("ok")) {
                throw new StoreRefused("the backup is damaged (" + found + "): take another");
            }
        } catch (SQLException e) {
            throw new StoreRefused("the backup is damaged (" + e.getMessage() + "): take another", e);
        }
    }

    /// A file whose store went to PostgreSQL is what the store was then: a backup like another.
    private static void takeOffMark(Path file) throws SQLException {
        try (var session = Connections.plain(file)) {
            if (Moved.to(session).isPresent()) {
                Moved.clear(session);
            }
        }
    }

    /// Gives the store a second name, so that at no moment there is none, and takes away the logs that belong to
    /// it: SQLite would play them over whatever has its name next.
    private static void putAside(Path store, Instant now) throws IOException {
        if (StoreFile.hasHeader(store)) {
            foldLogIn(store);
        }
        for (var part : new String[] {"", "-wal", "-shm"}) {
            var old = sibling(store, part);
            if (Files.exists(old)) {
                Files.createLink(sibling(store, ".replaced-" + STAMP.format(now) + part), old);
            }
        }
        Files.deleteIfExists(sibling(store, "-wal"));
        Files.deleteIfExists(sibling(store, "-shm"));
        StoreFile.sync(StoreFile.folder(store));
    }

    private static void foldLogIn(Path store) {
        try {
            Connections.refuseInUse(store, ": stop the server first");
            try (var session = Connections.plain(store)) {
                session.pragma("journal_mode = DELETE");
            }
        } catch (SQLException damaged) {
            // Which is when a backup is wanted. It goes aside as it is, with its log.
            log.warn("{} is damaged and is put aside as it is: {}", store, damaged.getMessage());
        }
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void delete(Path file, Exception because) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
