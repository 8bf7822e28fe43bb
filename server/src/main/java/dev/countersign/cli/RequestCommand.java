package dev.countersign.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "request",
        description = {
            "Asks for a token as a client, waits until it is approved, and prints it.",
            "Ctrl-C takes the request back."
        })
final class RequestCommand implements Runnable {
    private final Terminal terminal;

    @Mixin
    private final ClientAccess access = new ClientAccess();

    @Mixin
    private final Wanted wanted = new Wanted();

    @Option(names = "--env", paramLabel = "NAME", description = "Prints `export NAME=TOKEN` for a shell.")
    private @Nullable String env;

    @Option(names = "--json", description = "Prints the whole token response.")
    private boolean json;

    RequestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (env != null && !env.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new Failure("--env takes the name of a variable");
        }
        var answer = new Asking(terminal, access).token(wanted.parameters());
        var token = answer.path("access_token").stringValue("");
        if (json) {
            terminal.json(answer);
        } else {
            terminal.say(env == null ? token : "export " + env + "=" + token);
        }
    }
}
