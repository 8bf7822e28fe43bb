package dev.countersign.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// The pools of connections to a database: few, because a database with two cores does not do more at once for having
/// more of them.
final class PostgresPools {
    /// How long a request waits for a connection before it is told to come again.
    private static final long PATIENCE_MILLIS = 3_000;

    static final int WRITERS = 16;
    static final int READERS = 8;

    /// What every connection says first: limits that no statement of ours comes near, so that one that hangs ends,
    /// and that an index is taken wherever there is one. Every query on the way of a request has one, and a plan
    /// that is made while a table is small, and then kept, would read all of it when it is large.
    private static final String FIRST = "SET statement_timeout = '15s'; SET lock_timeout = '5s';"
            + " SET idle_in_transaction_session_timeout = '20s'; SET timezone = 'UTC'; SET enable_seqscan = off";

    private PostgresPools() {}

    static HikariDataSource writers(DataSource source) {
        var config = config(source, "store-writers", WRITERS);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new HikariDataSource(config);
    }

    static HikariDataSource readers(DataSource source) {
        var config = config(source, "store-readers", READERS);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setReadOnly(true);
        return new HikariDataSource(config);
    }

    private static HikariConfig config(DataSource source, String name, int size) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(2);
        config.setAutoCommit(false);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(FIRST);
        // Else a look whether a connection is still there begins a transaction, which nobody ends but the database.
        config.setIsolateInternalQueries(true);
        return config;
    }

    /// The address as the driver wants it; what it says after `?` is the driver's.
    static String url(StoreAddress.Postgres address) {
        var uri = address.uri();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return "jdbc:postgresql://" + address.hosts() + uri.getRawPath() + query;
    }

    /// Connections for the pools.
    static PatientSource pooled(StoreAddress.Postgres address) {
        var source = new PatientSource();
        // Who only reads is held to it by the database, within a transaction and without one.
        set(
                source,
                address,
                Map.of(
                        PGProperty.CONNECT_TIMEOUT,
                        "3",
                        PGProperty.SOCKET_TIMEOUT,
                        "20",
                        PGProperty.READ_ONLY_MODE,
                        "always"));
        return source;
    }

    /// Connections for a moment, without a pool.
    static DataSource source(StoreAddress.Postgres address) {
        return set(new PGSimpleDataSource(), address, Map.of(PGProperty.CONNECT_TIMEOUT, "10"));
    }

    /// Connections that listen.
    static DataSource listening(StoreAddress.Postgres address) {
        return set(
                new PGSimpleDataSource(),
                address,
                Map.of(PGProperty.CONNECT_TIMEOUT, "3", PGProperty.SOCKET_TIMEOUT, "5"));
    }

    /// Connections that find out quickly whether a database is there.
    static DataSource asking(StoreAddress.Postgres address) {
        return set(
                new PGSimpleDataSource(),
                address,
                Map.of(PGProperty.CONNECT_TIMEOUT, "2", PGProperty.SOCKET_TIMEOUT, "3"));
    }

    /// @param ours how long the driver waits, unless the address says
    private static DataSource set(
            PGSimpleDataSource source, StoreAddress.Postgres address, Map<PGProperty, String> ours) {
        source.setUrl(url(address));
        source.setUser(address.user());
        password().ifPresent(source::setPassword);
        ours.forEach((property, value) -> usual(source, address, property, value));
        usual(source, address, PGProperty.TCP_KEEP_ALIVE, "true");
        usual(source, address, PGProperty.PREPARE_THRESHOLD, "2");
        usual(source, address, PGProperty.REWRITE_BATCHED_INSERTS, "true");
        usual(source, address, PGProperty.APPLICATION_NAME, "countersign");
        return source;
    }

    private static void usual(
            PGSimpleDataSource source, StoreAddress.Postgres address, PGProperty property, String value) {
        if (!address.says(property.getName())) {
            source.setProperty(property, value);
        }
    }

    /// From the environment. Where it is not, the driver looks into the file that PGPASSFILE names, or `~/.pgpass`.
    static Optional<String> password() {
        return Optional.ofNullable(System.getenv("PGPASSWORD"));
    }
}
