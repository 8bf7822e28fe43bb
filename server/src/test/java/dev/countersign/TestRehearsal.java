package dev.countersign;

import dev.countersign.proof.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Lets the prover be recorded before tests start it, some hundred times: once for each of its jars, by one of the JVMs
/// that test at a time.
public final class TestRehearsal implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        var prover = Program.installed();
        if (!prover.isThere()) {
            return;
        }
        try (var channel = FileChannel.open(
                        Files.createDirectories(Path.of("target")).resolve("prover.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null && isStale(prover)) {
                prover.rehearse();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isStale(Program prover) throws IOException {
        return !Files.exists(prover.recording())
                || Files.getLastModifiedTime(prover.recording()).compareTo(Files.getLastModifiedTime(prover.jar())) < 0;
    }
}
