package dev.countersign.cli;

import dev.countersign.config.Init;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = "Writes a first configuration folder, with comments, a master key and an administrator.")
final class InitCommand implements Runnable {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "A folder that is empty or not there yet.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    InitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try {
            switch (Init.write(folder)) {
                case Init.Written.NotEmpty _ ->
                    throw new Failure(
                            folder + " holds something already, and nothing was touched: give an empty folder");
                case Init.Written.Done done -> tell(done);
            }
        } catch (IOException e) {
            throw new Failure("cannot write to " + folder + " (" + e.getMessage() + ")");
        }
    }

    private void tell(Init.Written.Done done) {
        if (json) {
            terminal.json(Map.of(
                    "files", done.files().stream().map(Path::toString).toList(),
                    "user", done.user(),
                    "password", done.password(),
                    "client", done.client(),
                    "secret", done.secret()));
            return;
        }
        terminal.say("Wrote a configuration to " + folder + ". These are shown once and stand nowhere else:");
        terminal.say("");
        terminal.say("  user    " + done.user() + "         password  " + done.password());
        terminal.say("  client  " + done.client() + "   secret    " + done.secret());
        terminal.say("");
        terminal.say("Keep a copy of " + folder.resolve("master.key") + " outside of this machine. Next:");
        terminal.say("");
        terminal.say("  countersign check " + folder);
        terminal.say("  countersign serve --config " + folder);
    }
}
