package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL of a test's own, which it may kill, copy, promote and cut off. It waits for the disk.
final class TestDatabase implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path data;
    private final String host;
    private final int port;
    private final List<String> before;
    private @Nullable Process postmaster;
    private List<Long> frozen = List.of();

    private TestDatabase(Path data, String host, int port, List<String> before) {
        this.data = data;
        this.host = host;
        this.port = port;
        this.before = before;
    }

    /// A new one on a free port of the loopback, not started.
    static TestDatabase make(Path data) throws Exception {
        return make(data, HOST, TestNode.freePort(), List.of());
    }

    /// @param before what stands before the command, such as another program that runs it
    static TestDatabase make(Path data, String host, int port, List<String> before) throws Exception {
        var initdb = ordinary();
        initdb.addAll(List.of(program("initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"));
        initdb.addAll(List.of("-D", data.toString()));
        TestNode.command(initdb.toArray(String[]::new));
        // In its folder, which is deleted, however it ends.
        Files.writeString(
                data.resolve("postgresql.conf"), "dynamic_shared_memory_type = mmap\n", StandardOpenOption.APPEND);
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "host all all 0.0.0.0/0 trust\nhost replication all 0.0.0.0/0 trust\n",
                StandardOpenOption.APPEND);
        return new TestDatabase(data, host, port, before);
    }

    /// A standby that follows this one, made of its files while it is stopped.
    TestDatabase standby(Path copy) throws IOException {
        assertThat(isRunning()).isFalse();
        try (var files = Files.walk(data)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(data.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.createFile(copy.resolve("standby.signal"));
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=%s port=%d user=postgres'\n".formatted(host, port),
                StandardOpenOption.APPEND);
        return new TestDatabase(copy, host, TestNode.freePort(), before);
    }

    private static String program(String name) throws IOException {
        return TestPostgres.programs().resolve(name).toString();
    }

    /// PostgreSQL does not run as root: in a namespace of its own root is nobody.
    private static List<String> ordinary() {
        return System.getProperty("user.name").equals("root")
                ? new ArrayList<>(List.of("unshare", "--user"))
                : new ArrayList<>();
    }

    int port() {
        return port;
    }

    String hostAndPort() {
        return host + ":" + port;
    }

    /// Starts it on what there is, and returns when it answers.
    void start() throws Exception {
        launch();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers()) {
            assertThat(System.nanoTime()).as("%s did not start", data).isLessThan(end);
            if (!isRunning()) {
                launch(); // what a kill left was still in memory
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void launch() throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(ordinary());
        command.addAll(List.of(program("postgres"), "-D", data.toString(), "-p", Integer.toString(port)));
        for (var setting : List.of(
                "listen_addresses=" + host,
                "unix_socket_directories=",
                "max_connections=200",
                "timezone=UTC",
                "wal_receiver_status_interval=1s",
                "wal_retrieve_retry_interval=200ms")) {
            command.addAll(List.of("-c", setting));
        }
        postmaster = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling(data.getFileName() + ".log").toFile()))
                .start();
    }

    private boolean answers() {
        try (var _ = connect()) {
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + hostAndPort() + "/postgres?user=postgres");
    }

    /// Runs each statement by itself, and gives the first value that the last of them had.
    String sql(String... statements) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            var value = "";
            for (var sql : statements) {
                if (statement.execute(sql)) {
                    try (var rows = statement.getResultSet()) {
                        value = rows.next() ? String.valueOf(rows.getString(1)) : "";
                    }
                }
            }
            return value;
        }
    }

    /// Waits until a query has that answer.
    void until(String query, String answer) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!sql(query).equals(answer)) {
            assertThat(System.nanoTime()).as(query).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /// `pg_ctl stop -m immediate`: no checkpoint, no farewell; the next start recovers.
    void stopAtOnce() throws Exception {
        signal("QUIT");
        process().waitFor();
    }

    void stop() throws Exception {
        signal("INT");
        process().waitFor();
    }

    /// `kill -9` of the one that minds the others.
    void kill() throws Exception {
        process().destroyForcibly().waitFor();
    }

    /// `kill -9` of a process that works for one of our connections. PostgreSQL then ends all others and recovers.
    void killBackend() throws Exception {
        var pid = sql(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'countersign' ORDER BY random() LIMIT 1");
        if (!pid.isEmpty()) {
            TestNode.command("kill", "-KILL", pid);
        }
    }

    /// Stops all its processes where they are.
    void freeze() throws Exception {
        frozen = processes();
        signal("STOP", frozen);
    }

    /// Lets them go on.
    void thaw() throws Exception {
        signal("CONT", frozen);
        frozen = List.of();
    }

    private List<Long> processes() {
        return Stream.concat(Stream.of(process().toHandle()), process().descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /// One that has ended meanwhile needs none.
    private static void signal(String name, List<Long> processes) throws Exception {
        var all = processes.stream().map(String::valueOf).collect(Collectors.joining(" "));
        TestNode.command(
                "sh",
                "-c",
                "for p in " + all + "; do kill -" + name
                        + " $p 2>/dev/null || ! kill -0 $p 2>/dev/null || exit 1; done");
    }

    private void signal(String name) throws Exception {
        TestNode.command("kill", "-" + name, Long.toString(process().pid()));
    }

    private boolean isRunning() {
        return postmaster != null && postmaster.isAlive();
    }

    private Process process() {
        if (postmaster == null) {
            throw new IllegalStateException("it was not started");
        }
        return postmaster;
    }

    @Override
    public void close() {
        if (postmaster != null) {
            postmaster.destroyForcibly();
        }
    }
}
