package dev.countersign.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Asks for a token as a client, and runs a command with it.",
            "Waits until it is approved. The token is in the command's environment alone, as",
            "COUNTERSIGN_ACCESS_TOKEN. Gives the token back when the command ends, and exits as the command did."
        })
final class RunCommand implements Callable<Integer> {
    private static final String VARIABLE = "COUNTERSIGN_ACCESS_TOKEN";
    private static final int PATIENCE_SECONDS = 5;

    private final Terminal terminal;

    @Mixin
    private final ClientAccess access = new ClientAccess();

    @Mixin
    private final Wanted wanted = new Wanted();

    @Parameters(paramLabel = "CMD", arity = "1..*", description = "The command and its arguments, after --.")
    private List<String> command = List.of();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var asking = new Asking(terminal, access);
        var token = asking.token(wanted.parameters()).path("access_token").stringValue("");
        var given = new AtomicBoolean();
        Runnable giveBack = () -> {
            if (given.compareAndSet(false, true)) {
                asking.giveBack(token);
            }
        };
        try {
            return run(token, giveBack);
        } finally {
            giveBack.run();
        }
    }

    private int run(String token, Runnable giveBack) throws InterruptedException {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put(VARIABLE, token);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new Failure("cannot run " + command.getFirst() + " (" + e.getMessage() + ")");
        }
        var hook = new Thread(() -> {
            end(process);
            giveBack.run();
        });
        Runtime.getRuntime().addShutdownHook(hook);
        int exit = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // We are ended too: the hook gives the token back, and the JVM waits for it.
            Thread.currentThread().interrupt();
        }
        return exit;
    }

    private static void end(Process process) {
        try {
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
