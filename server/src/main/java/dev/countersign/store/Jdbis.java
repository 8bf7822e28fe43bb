package dev.countersign.store;

import java.sql.Connection;
import java.sql.Types;
import java.time.Instant;
import java.util.Objects;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.statement.Cleanable;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;

/// Jdbi as this store wants it: on a connection that stays open, inside a transaction that is not Jdbi's to end,
/// with time as the store keeps it.
final class Jdbis {
    /// One for all connections, so that the SQL of a statement is read once and not with each of them.
    private static final Jdbi JDBI = jdbi();

    private static final ThreadLocal<Connection> GIVEN = new ThreadLocal<>();

    private Jdbis() {}

    /// A handle on that connection.
    static Handle on(Connection connection) {
        GIVEN.set(connection);
        try {
            return JDBI.open();
        } finally {
            GIVEN.remove();
        }
    }

    private static Jdbi jdbi() {
        var jdbi = Jdbi.create(new Kept());
        jdbi.setTransactionHandler(new NotYours());
        jdbi.registerArgument(new InstantArgument());
        jdbi.registerColumnMapper(Instant.class, InstantArgument.COLUMN);
        return jdbi;
    }

    /// The connection that was given, which stays open.
    private static final class Kept implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return Objects.requireNonNull(GIVEN.get());
        }

        @Override
        public void closeConnection(Connection connection) {}

        @Override
        public Cleanable getCleanableFor(Connection connection) {
            return () -> {};
        }
    }

    /// Whoever has a handle is inside a transaction already, and it ends with the work.
    private static final class NotYours extends LocalTransactionHandler {
        @Override
        public void begin(Handle handle) {
            throw new IllegalStateException("a work is a transaction of its own");
        }

        @Override
        public void commit(Handle handle) {
            begin(handle);
        }

        @Override
        public void rollback(Handle handle) {
            begin(handle);
        }

        @Override
        public boolean isInTransaction(Handle handle) {
            return true;
        }

        @Override
        public LocalTransactionHandler specialize(Handle handle) {
            return this;
        }
    }

    private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
        static final ColumnMapper<Instant> COLUMN = (rows, column, context) -> {
            long micros = rows.getLong(column);
            return rows.wasNull() ? null : Micros.instant(micros);
        };

        InstantArgument() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setLong(position, Micros.of(value));
        }
    }
}
