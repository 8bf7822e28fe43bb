package dev.countersign.cli;

import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Copies of the store, and putting one back.
final class BackupCommands {
    private BackupCommands() {}

    @Command(name = "backup", description = "Writes a consistent copy of the store, while the server runs or not.")
    static final class Backup implements Runnable {
        private final Terminal terminal;

        @Mixin
        private final Folders folders = new Folders();

        @Parameters(paramLabel = "FILE", description = "A file that is not there yet.")
        private Path file = Path.of("");

        Backup(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            try (var operations = folders.open(terminal)) {
                operations.backup(file);
            }
            terminal.say("wrote " + file + "; without the master key, which is not in it, it is worth nothing");
        }
    }

    @Command(
            name = "restore",
            description = {
                "Puts a backup in the store's place, while the server is stopped. What stood there is kept beside it.",
                "Requests that were open in the backup are taken back: what came after it may have used them."
            })
    static final class Restore implements Runnable {
        private final Terminal terminal;

        @Mixin
        private final Folders folders = new Folders();

        @Parameters(paramLabel = "FILE", description = "The backup.")
        private Path file = Path.of("");

        @Option(names = "--replace", description = "That a store stands there already is meant.")
        private boolean replace;

        Restore(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            int fenced = Operations.restore(
                    folders.configuration(terminal), folders.store(), file, replace, InstantSource.system());
            told(terminal, "restored " + file, fenced);
        }
    }

    @Command(
            name = "restored",
            description = {
                "Says that a PostgreSQL store was put back from a backup, while no server runs on it.",
                "The ledger begins a new epoch, and requests that were open in the backup are taken back: what came after"
                        + " it may have used them."
            })
    static final class Restored implements Runnable {
        private final Terminal terminal;

        @Mixin
        private final Folders folders = new Folders();

        Restored(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            told(
                    terminal,
                    "began a new epoch",
                    Operations.restored(folders.configuration(terminal), InstantSource.system()));
        }
    }

    private static void told(Terminal terminal, String done, int fenced) {
        terminal.say(done + "; took back " + fenced + " open request" + (fenced == 1 ? "" : "s"));
        terminal.note("What came after the backup is not in the store: look at `countersign frozen` and at");
        terminal.note("`countersign api-token list` for what was frozen or revoked since. The ledger goes on under a");
        terminal.note("new name and key: give auditors the new vkey, and keep the old store for them.");
    }
}
