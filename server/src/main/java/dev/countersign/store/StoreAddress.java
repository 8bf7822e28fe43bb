package dev.countersign.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a store is.
public sealed interface StoreAddress {
    /// A file on a local disk.
    record Sqlite(Path file) implements StoreAddress {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /// A PostgreSQL database, as libpq writes it: `postgresql://user@host:port/database?sslmode=verify-full`, or of
    /// several hosts `postgresql://user@host,host/database?targetServerType=primary`. The password is elsewhere.
    record Postgres(URI uri) implements StoreAddress {
        /// Who works with the database.
        String user() {
            return URI.create(POSTGRESQL + authority().group("user") + "@host").getUserInfo();
        }

        /// Where it is: hosts with their ports, as they are written.
        String hosts() {
            return authority().group("hosts");
        }

        /// Whether the address itself has this parameter of the driver.
        boolean says(String parameter) {
            return uri.getRawQuery() != null
                    && Stream.of(uri.getRawQuery().split("&")).anyMatch(it -> it.startsWith(parameter + "="));
        }

        private Matcher authority() {
            var authority = AUTHORITY.matcher(uri.getRawAuthority());
            if (!authority.matches()) {
                throw new IllegalStateException("an address that was not looked at: " + uri);
            }
            return authority;
        }

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
        var authority = AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
        if (!authority.matches() || uri.getRawPath().length() < 2) {
            return Optional.of("write postgresql://user@host/database, with a port if need be");
        }
        if (authority.group("user").contains(":")) {
            return Optional.of(
                    "a password does not belong here: give it in PGPASSWORD, or in the file that PGPASSFILE names");
        }
        // Otherwise the driver takes whichever answers first, and a standby answers.
        return authority.group("hosts").contains(",") && !says(uri, PRIMARY)
                ? Optional.of("of several hosts one is the primary: end the address with ?" + PRIMARY)
                : Optional.empty();
    }

    private static boolean says(URI uri, String parameter) {
        return uri.getRawQuery() != null
                && List.of(uri.getRawQuery().split("&")).contains(parameter);
    }

    String SQLITE = "sqlite:";
    String POSTGRESQL = "postgresql://";
    String PRIMARY = "targetServerType=primary";
    Pattern AUTHORITY = Pattern.compile("(?<user>[^@]+)@(?<hosts>HOST(?:,HOST)*)"
            .replace("HOST", "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?"));
}
