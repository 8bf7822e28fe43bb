package dev.countersign.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// The pools of connections to a database: few, because a database with two cores does not do more at once for having
/// more of them.
final class PostgresPools {
    /// How long a request waits for a connection before it is told to come again.
    private static final long PATIENCE_MILLIS = 3_000;

    private static final int WRITERS = 16;
    private static final int READERS = 8;

    /// What every connection says first: limits that no statement of ours comes near, so that one that hangs ends,
    /// and that an index is taken wherever there is one. Every query on the way of a request has one, and a plan
    /// that is made while a table is small, and then kept, would read all of it when it is large.
    private static final String FIRST = "SET statement_timeout = '15s'; SET lock_timeout = '5s';"
            + " SET idle_in_transaction_session_timeout = '20s'; SET timezone = 'UTC'; SET enable_seqscan = off";

    private PostgresPools() {}

    static HikariDataSource writers(StoreAddress.Postgres address) {
        var config = config(address, "store-writers", WRITERS);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new HikariDataSource(config);
    }

    static HikariDataSource readers(StoreAddress.Postgres address) {
        var config = config(address, "store-readers", READERS);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setReadOnly(true);
        return new HikariDataSource(config);
    }

    private static HikariConfig config(StoreAddress.Postgres address, String name, int size) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url(address));
        config.setUsername(address.user());
        password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(2);
        config.setAutoCommit(false);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(FIRST);
        config.addDataSourceProperty(PGProperty.CONNECT_TIMEOUT.getName(), "3");
        config.addDataSourceProperty(PGProperty.SOCKET_TIMEOUT.getName(), "20");
        config.addDataSourceProperty(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        config.addDataSourceProperty(PGProperty.PREPARE_THRESHOLD.getName(), "2");
        config.addDataSourceProperty(PGProperty.REWRITE_BATCHED_INSERTS.getName(), "true");
        config.addDataSourceProperty(PGProperty.APPLICATION_NAME.getName(), "countersign");
        return config;
    }

    /// The address as the driver wants it; what it says after `?` is the driver's.
    static String url(StoreAddress.Postgres address) {
        var uri = address.uri();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return "jdbc:postgresql://" + address.hosts() + uri.getRawPath() + query;
    }

    /// Connections for a moment, without a pool.
    static DataSource source(StoreAddress.Postgres address) {
        var source = new PGSimpleDataSource();
        source.setUrl(url(address));
        source.setUser(address.user());
        password().ifPresent(source::setPassword);
        source.setConnectTimeout(10);
        return source;
    }

    /// From the environment. Where it is not, the driver looks into the file that PGPASSFILE names, or `~/.pgpass`.
    static Optional<String> password() {
        return Optional.ofNullable(System.getenv("PGPASSWORD"));
    }
}
