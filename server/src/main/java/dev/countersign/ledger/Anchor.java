package dev.countersign.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// What a node last saw signed, in a file that is meant to lie on another disk than the store: a store that was
/// put back from an old copy cannot put it back too.
public final class Anchor {
    private final Path file;

    /// @param file its folder must be there: where a disk is not mounted, nothing is begun
    public Anchor(Path file) {
        this.file = file;
    }

    /// The checkpoint in it; empty when there is no file.
    ///
    /// @throws LedgerForked when it cannot be read or holds no checkpoint
    public Optional<Checkpoint> read() {
        try {
            return Optional.of(Checkpoint.parse(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw LedgerForked.anchor(file + " cannot be read (" + e + "): see to it that the server's user may");
        } catch (IllegalArgumentException e) {
            throw LedgerForked.anchor(
                    file + " holds no checkpoint, so nobody can say whether the store is an old copy: if"
                            + " you know that it is not, delete the file and start again");
        }
    }

    /// Puts a checkpoint in the place of whatever it held, after a restore that somebody said.
    ///
    /// @throws LedgerForked when it cannot be written
    public void moveTo(Checkpoint checkpoint) {
        try {
            write(checkpoint);
        } catch (IOException e) {
            throw LedgerForked.anchor(file + " cannot be written (" + e
                    + "), and all else is done: see to it before you" + " start a server");
        }
    }

    /// Puts a checkpoint in the place of the one before; whoever reads has one or the other, also after a crash.
    void write(Checkpoint checkpoint) throws IOException {
        var coming = file.resolveSibling(file.getFileName() + ".coming");
        Files.writeString(coming, checkpoint.note());
        sync(coming);
        Files.move(coming, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            sync(folder);
        }
    }

    private static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
