package dev.countersign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// Where tests put what they throw away: into memory where there is room, since thousands of installations that all
/// wait for the disk take minutes. Tests of the packaged jar, which are about the disk, stay on it.
public final class TestFolders implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM_BYTES = 4L << 30;

    @Override
    public Path createTempDirectory(AnnotatedElementContext what, ExtensionContext test) throws IOException {
        return create("countersign");
    }

    /// A new folder.
    static Path create(String prefix) throws IOException {
        var memory = Optional.of(MEMORY).filter(Files::isWritable).filter(TestFolders::hasRoom);
        return memory.isPresent() ? Files.createTempDirectory(memory.get(), prefix) : Files.createTempDirectory(prefix);
    }

    private static boolean hasRoom(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() >= ROOM_BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }
}
