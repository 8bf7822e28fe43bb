package dev.countersign;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// PostgreSQL's driver with pause points: before each statement, which is named by what it does to which tables and
/// whether it is the first of its transaction, before each commit and after it. Takes the real driver's place until
/// it is closed, for the connections that are made meanwhile.
///
/// It can also leave a guard out of the statements, so that a test can show that this is noticed.
public final class PausingDriver implements Driver, AutoCloseable {
    private static final Pattern TABLE = Pattern.compile("\\b(?:INTO|UPDATE|FROM|JOIN)\\s+([a-z]\\w*)");

    private final Driver real = new org.postgresql.Driver();
    private final UnaryOperator<String> sql;
    private final Map<String, String> names = new ConcurrentHashMap<>();

    private PausingDriver(UnaryOperator<String> sql) {
        this.sql = sql;
    }

    /// Takes the real driver's place.
    ///
    /// @param sql each statement as it is to be run
    public static PausingDriver install(UnaryOperator<String> sql) {
        try {
            for (var driver : Collections.list(DriverManager.getDrivers())) {
                if (driver instanceof org.postgresql.Driver || driver instanceof PausingDriver) {
                    DriverManager.deregisterDriver(driver);
                }
            }
            var driver = new PausingDriver(sql);
            DriverManager.registerDriver(driver);
            return driver;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            DriverManager.deregisterDriver(this);
            DriverManager.registerDriver(real);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        var connection = real.connect(url, info);
        return connection == null
                ? null
                : proxy(
                        Connection.class,
                        new Paused(
                                connection,
                                connection.unwrap(PGConnection.class).getBackendPID()));
    }

    private final class Paused implements InvocationHandler {
        private final Connection connection;
        private final int backend;

        /// Whether the next statement begins a transaction.
        private boolean begins = true;

        Paused(Connection connection, int backend) {
            this.connection = connection;
            this.backend = backend;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            return switch (method.getName()) {
                case "prepareStatement" -> {
                    var asked = String.valueOf(arguments == null ? "" : arguments[0]);
                    if (arguments != null) {
                        arguments[0] = sql.apply(asked);
                    }
                    var statement = call(connection, method, arguments);
                    var name = names.computeIfAbsent(asked, PausingDriver::name);
                    yield proxy(PreparedStatement.class, (_, does, with) -> {
                        if (does.getName().startsWith("execute")) {
                            PausePoints.reached(begins ? "first " + name : name, backend);
                            begins = connection.getAutoCommit();
                        }
                        return call(statement, does, with);
                    });
                }
                case "commit" -> {
                    PausePoints.reached("commit", backend);
                    begins = true;
                    call(connection, method, arguments);
                    PausePoints.reached("committed", backend);
                    yield null;
                }
                case "rollback" -> {
                    begins = true;
                    yield call(connection, method, arguments);
                }
                default -> call(connection, method, arguments);
            };
        }
    }

    private static @Nullable Object call(@Nullable Object on, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(PausingDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static String name(String sql) {
        var tables =
                TABLE.matcher(sql).results().map(it -> it.group(1)).distinct().toList();
        return tables.isEmpty() ? sql.strip() : verb(sql.stripLeading()) + " " + String.join(",", tables);
    }

    private static String verb(String sql) {
        return Stream.of("INSERT", "UPDATE", "DELETE")
                .filter(sql::startsWith)
                .findFirst()
                .map(it -> it.toLowerCase(Locale.ROOT))
                .orElse(sql.contains("FOR UPDATE") ? "hold" : "read");
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return real.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return real.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return real.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return real.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return real.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        throw new UnsupportedOperationException();
    }
}
