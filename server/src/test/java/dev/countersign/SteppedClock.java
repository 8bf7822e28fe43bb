package dev.countersign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The wall clock of one program, which a test steps while it runs. It takes the library libfaketime, under which a JVM
/// does not get far.
final class SteppedClock {
    private final Path library;
    private final Path file;

    private SteppedClock(Path library, Path file) throws IOException {
        this.library = library;
        this.file = file;
        step(0);
    }

    /// One where it is possible; empty elsewhere.
    ///
    /// @param file that the process reads its clock's error from
    static Optional<SteppedClock> where(Path file) throws IOException {
        var library = library();
        return library.isPresent() ? Optional.of(new SteppedClock(library.get(), file)) : Optional.empty();
    }

    private static Optional<Path> library() throws IOException {
        var places = Path.of("/usr/lib");
        if (!Files.isDirectory(places)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(places)) {
            return folders.map(it -> it.resolve("faketime").resolve("libfaketime.so.1"))
                    .filter(Files::isReadable)
                    .findFirst();
        }
    }

    /// What stands before the process's command.
    List<String> before() {
        return List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + file,
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_CACHE_DURATION=1");
    }

    /// From now on, within a second, the clock is off by so many seconds.
    void step(int seconds) throws IOException {
        var next = file.resolveSibling(file.getFileName() + "-next");
        Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
