package dev.countersign.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/// Where a store is.
public sealed interface StoreAddress {
    /// A file on a local disk.
    record Sqlite(Path file) implements StoreAddress {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /// A PostgreSQL database, as libpq writes it: `postgresql://user@host:port/database?sslmode=verify-full`. The
    /// password is never a part of it.
    record Postgres(URI uri) implements StoreAddress {
        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /// Reads an address that has no [#problem].
    ///
    /// @param folder where the path of a file starts
    static StoreAddress of(String text, Path folder) {
        return text.startsWith(SQLITE)
                ? new Sqlite(folder.resolve(text.substring(SQLITE.length())))
                : new Postgres(URI.create(text));
    }

    /// What is wrong with an address as it is written; empty when nothing is.
    static Optional<String> problem(String text) {
        if (text.startsWith(SQLITE) && text.length() > SQLITE.length()) {
            return Optional.empty();
        }
        if (!text.startsWith(POSTGRESQL)) {
            return Optional.of("write sqlite: and the path of a file, or postgresql://user@host/database");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.of("this is no URL: " + e.getReason());
        }
        if (uri.getUserInfo() == null || uri.getHost() == null || uri.getPath().length() < 2) {
            return Optional.of("write postgresql://user@host/database, with a port if need be");
        }
        return uri.getUserInfo().contains(":")
                ? Optional.of(
                        "a password does not belong here: give it in PGPASSWORD, or in the file that PGPASSFILE names")
                : Optional.empty();
    }

    String SQLITE = "sqlite:";
    String POSTGRESQL = "postgresql://";
}
