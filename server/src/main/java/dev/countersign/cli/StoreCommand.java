package dev.countersign.cli;

import dev.countersign.store.Moving;
import dev.countersign.store.StoreAddress;
import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "store",
        synopsisSubcommandLabel = "COMMAND",
        description = "Where the store is. On the server's host, while no server runs.")
final class StoreCommand {
    private final Terminal terminal;

    StoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "move",
            description = {
                "Takes a SQLite store to an empty PostgreSQL database: the ledger with its name, keys and proofs, requests"
                        + " that wait, and all else.",
                "What was copied is checked before anything is kept; then the file is marked, and no server starts on it."
                        + " A move that was cut off is carried on by saying it again."
            })
    int move(
            @Mixin Folders folders,
            @Option(
                            names = "--to",
                            paramLabel = "URL",
                            required = true,
                            description =
                                    "postgresql://user@host/database; the password is in PGPASSWORD, or in the file"
                                            + " that PGPASSFILE names.")
                    String to) {
        var address = postgres(to);
        var done = Operations.move(
                folders.configuration(terminal), folders.store(), address, new Telling(), InstantSource.system());
        terminal.say((done.resumed() ? "had moved " : "moved ")
                + "%,d rows of %d tables to %s".formatted(done.rows(), done.tables(), address));
        terminal.say("change this line of the configuration, then start the server:");
        terminal.say("store: " + address);
        return 0;
    }

    private static StoreAddress.Postgres postgres(String text) {
        var problem = StoreAddress.problem(text);
        if (problem.isPresent()) {
            throw new Failure("--to: " + problem.get());
        }
        if (StoreAddress.of(text, Path.of("")) instanceof StoreAddress.Postgres postgres) {
            return postgres;
        }
        throw new Failure("--to: a store moves to PostgreSQL, and to nothing else");
    }

    @Command(
            name = "reopen",
            description = {
                "Makes a SQLite file a store again that was moved, when the database that it went to is no more.",
                "What was written there is lost. When a server has run there, restore a copy of the file as a backup instead."
            })
    int reopen(
            @Parameters(paramLabel = "FILE", description = "The file that was moved.") Path file,
            @Option(names = "--gone", description = "That the database is no more is known; it is not asked.")
                    boolean gone) {
        Moving.reopen(file, gone);
        terminal.say(file + " is a store again");
        return 0;
    }

    /// A line for each table, and for a large one now and then.
    private final class Telling implements Moving.Told {
        private static final long EVERY = Duration.ofSeconds(5).toNanos();
        private long told = System.nanoTime();

        @Override
        public void copied(String table, long rows, long of) {
            if (rows == of ? rows > 0 : System.nanoTime() - told > EVERY) {
                told = System.nanoTime();
                terminal.note("%s: %,d of %,d rows".formatted(table, rows, of));
            }
        }

        @Override
        public void stage(Moving.Stage stage) {
            terminal.note(
                    switch (stage) {
                        case CHECKING -> "checking: rows of each table, and the ledger leaf by leaf";
                        case KEEPING -> "all is there; marking the file as moved";
                    });
        }
    }
}
