package dev.countersign.wiring;

import dev.countersign.store.StoreAddress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server's claim on its SQLite store, held by the operating system and gone with the process.
///
/// Commands may work on the store beside a server. A second server may not: what one decides would not wake those whom
/// the other holds.
final class Claim implements AutoCloseable {
    /// Whoever else could open it could lock it, and so keep the server from starting.
    private static final FileAttribute<?> OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final @Nullable FileChannel file;

    private Claim(@Nullable FileChannel file) {
        this.file = file;
    }

    /// Claims a store. One that is made for several servers takes no claim.
    ///
    /// @throws Server.Refused when another server has it
    static Claim on(StoreAddress address) {
        return switch (address) {
            case StoreAddress.Sqlite(var store) -> on(store);
            case StoreAddress.Postgres _ -> new Claim(null);
        };
    }

    private static Claim on(Path store) {
        var path = Path.of(store + ".serving");
        try {
            var file = FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OURS);
            if (!isOurs(file)) {
                file.close();
                throw new Server.Refused("another server is running on " + store + ": stop it first, or give this one"
                        + " a store of its own");
            }
            return new Claim(file);
        } catch (IOException e) {
            throw new Server.Refused("cannot write " + path + ": " + e.getMessage());
        }
    }

    private static boolean isOurs(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException ourOwnProcess) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
