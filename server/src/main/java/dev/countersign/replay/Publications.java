package dev.countersign.replay;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// The configurations that were published, read again as this release reads them.
final class Publications {
    private final Tx tx;
    private final Configuration now;

    /// @param now one that is read already
    Publications(Tx tx, Configuration now) {
        this.tx = tx;
        this.now = now;
    }

    Configuration now() {
        return now;
    }

    /// Empty when none of that version was published, or this release cannot read it.
    Optional<Configuration> configuration(String version) throws SQLException {
        if (version.equals(now.version())) {
            return Optional.of(now);
        }
        var query = tx.prepare("SELECT content FROM configuration_version WHERE version = ? LIMIT 1");
        query.setString(1, version);
        try (var row = query.executeQuery()) {
            return read(row);
        }
    }

    /// The one that was published last; empty when none was, or this release cannot read it.
    Optional<Configuration> inForce() throws SQLException {
        var query = tx.prepare("SELECT content FROM configuration_version ORDER BY number DESC LIMIT 1");
        try (var row = query.executeQuery()) {
            return read(row);
        }
    }

    private Optional<Configuration> read(ResultSet row) throws SQLException {
        return row.next()
                        && Configuration.read(row.getString(1), now.node())
                                instanceof Read.Good(var configuration, _, _)
                ? Optional.of(configuration)
                : Optional.empty();
    }
}
