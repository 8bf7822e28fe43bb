package dev.countersign.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// From an address to a database that may be worked with: does it wait for the disk, is it ours, is it current?
final class PostgresOpening {
    private static final int OLDEST = 140_000;

    /// What a commit that is on the disk hangs on.
    static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private final StoreAddress.Postgres address;

    PostgresOpening(StoreAddress.Postgres address) {
        this.address = address;
    }

    /// @throws StoreRefused with a sentence that says what is wrong and what to do
    void prepare() {
        try (var connection = PostgresPools.source(address).getConnection()) {
            checkVersion(connection);
            checkDurable(connection);
            checkWritable(connection);
            Migrations.of(Migrations.POSTGRESQL).bringUpToDate(connection, address);
        } catch (SQLException e) {
            throw new StoreRefused(address + " cannot be opened as a store: " + e.getMessage(), e);
        }
    }

    private void checkVersion(Connection connection) throws SQLException {
        refuseOld(
                address, Integer.parseInt(show(connection, "server_version_num")), show(connection, "server_version"));
        if (!show(connection, "server_encoding").equals("UTF8")) {
            throw new StoreRefused(address + " is not encoded in UTF-8: make the database with ENCODING 'UTF8'");
        }
    }

    static void refuseOld(StoreAddress address, int number, String version) {
        if (number < OLDEST) {
            throw new StoreRefused(address + " is PostgreSQL " + version + ": Countersign needs 14 or later");
        }
    }

    /// What an answer stands on: a commit that is on the disk.
    private void checkDurable(Connection connection) throws SQLException {
        for (var setting : DURABLE) {
            if (show(connection, setting).equals("off")) {
                throw new StoreRefused(address + " has " + setting
                        + " = off, so it could lose what was told done: set it to on, then start again");
            }
        }
    }

    private void checkWritable(Connection connection) throws SQLException {
        if (show(connection, "transaction_read_only").equals("on")) {
            throw new StoreRefused(
                    address + " only reads: it is a standby, or default_transaction_read_only is on; name the primary");
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }
}
