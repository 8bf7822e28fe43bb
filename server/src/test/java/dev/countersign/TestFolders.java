package dev.countersign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// Where tests put what they throw away: into memory where there is room, since thousands of installations that all
/// wait for the disk take minutes. Tests of the packaged jar, which are about the disk, stay on it.
///
/// What lies in memory is memory: a JVM of tests that is killed leaves its folders there, and the next takes them away.
public final class TestFolders implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Path KNOWN = Path.of("/proc/meminfo");
    private static final long ROOM_BYTES = 4L << 30;
    private static final Pattern OURS = Pattern.compile("countersign-(\\d+)-.*");

    private static boolean swept;

    @Override
    public Path createTempDirectory(AnnotatedElementContext what, ExtensionContext test) throws IOException {
        return create();
    }

    /// A new folder.
    static Path create() throws IOException {
        var prefix = "countersign-" + ProcessHandle.current().pid() + "-";
        if (!Files.isWritable(MEMORY)) {
            return Files.createTempDirectory(prefix);
        }
        sweep();
        return hasRoom() ? Files.createTempDirectory(MEMORY, prefix) : Files.createTempDirectory(prefix);
    }

    private static synchronized void sweep() throws IOException {
        if (swept) {
            return;
        }
        swept = true;
        try (var folders = Files.list(MEMORY)) {
            for (var folder : folders.filter(TestFolders::isLeft).toList()) {
                delete(folder);
            }
        }
    }

    private static boolean isLeft(Path folder) {
        var name = OURS.matcher(folder.getFileName().toString());
        return name.matches()
                && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /// Another JVM of tests may be at it, too.
    private static void delete(Path folder) throws IOException {
        try {
            new ProcessBuilder("rm", "-rf", folder.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether the folder takes more, and the machine has the memory for it.
    private static boolean hasRoom() {
        try (var lines = Files.lines(KNOWN)) {
            return Files.getFileStore(MEMORY).getUsableSpace() >= ROOM_BYTES
                    && lines.filter(line -> line.startsWith("MemAvailable:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                            .anyMatch(bytes -> bytes >= ROOM_BYTES);
        } catch (IOException unknown) {
            return false;
        }
    }
}
