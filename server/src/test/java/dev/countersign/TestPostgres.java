package dev.countersign;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL from Maven artifacts, started by the first test that needs one and ended with the JVM; as an ordinary
/// user even when the tests run as root.
public final class TestPostgres {
    /// It has a database for each test, and nobody comes back to one: to tidy them all up is half of its work, and its
    /// log of them would be a gigabyte of memory.
    private static final Map<String, String> OF_MANY = Map.of(
            "autovacuum", "off",
            "jit", "off",
            "min_wal_size", "32MB",
            "max_wal_size", "128MB");

    private static @Nullable EmbeddedPostgres running;
    private static @Nullable Path programs;

    private TestPostgres() {}

    /// The one that tests share.
    static synchronized EmbeddedPostgres running() throws IOException {
        if (running == null) {
            var folder = Files.createTempDirectory("countersign-postgres");
            var memory = TestFolders.create();
            var data = memory.resolve("data");
            var started = builder(folder, OF_MANY)
                    .setDataDirectory(data)
                    .setRegisterShutdownHook(false)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(data, folder, memory)));
            // What its command line was.
            programs = Path.of(Files.readString(data.resolve("postmaster.opts")).split(" ", 2)[0])
                    .getParent();
            running = started;
        }
        return running;
    }

    /// Where its programs are: `initdb`, `pg_ctl` and `postgres`.
    static Path programs() throws IOException {
        running();
        return Objects.requireNonNull(programs);
    }

    /// Without a farewell: writing hundreds of databases to the disk that are deleted next takes half a minute. So does
    /// deleting them, which nobody waits for.
    private static void end(Path data, Path... folders) {
        try (var lines = Files.lines(data.resolve("postmaster.pid"))) {
            // It is no child of ours, and would find out within a minute that its folder is gone.
            lines.findFirst().map(Long::valueOf).flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
            new ProcessBuilder(Stream.concat(
                                    Stream.of("rm", "-rf"), Stream.of(folders).map(Path::toString))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException left) {
            System.err.println("left behind: " + List.of(folders) + " (" + left + ")");
        }
    }

    /// One of a test's own, that it may do anything to. It waits for the disk, since a store refuses one that does not.
    ///
    /// @param folder for its programs and its lock
    /// @param settings over ours
    public static EmbeddedPostgres.Builder builder(Path folder, Map<String, String> settings) {
        var builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.toFile())
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "400")
                .setServerConfig("timezone", "UTC")
                // In its folder, which is deleted, however it ends.
                .setServerConfig("dynamic_shared_memory_type", "mmap")
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD);
        settings.forEach(builder::setServerConfig);
        return builder;
    }
}
