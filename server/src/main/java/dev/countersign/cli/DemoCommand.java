package dev.countersign.cli;

import dev.countersign.demo.Demo;
import dev.countersign.demo.DemoFile;
import dev.countersign.mint.NativeCrypto;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Starts a complete server of a made-up company, to try things out with.",
            "A second start on the same folder goes on with what is there."
        })
final class DemoCommand implements Runnable {
    private final Terminal terminal;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "countersign-demo",
            description = "Where everything is kept (default: ./${DEFAULT-VALUE}).")
    private Path data = Path.of("countersign-demo");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Listen.class,
            description = "Where it listens (default: localhost:8080).")
    private @Nullable InetSocketAddress listen;

    @Option(names = "--empty", description = "Without the half year of history.")
    private boolean empty;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        NativeCrypto.prepare();
        try {
            var settings = new Demo.Settings(data, Optional.ofNullable(listen), !empty);
            var demo = Demo.start(settings, terminal::note, InstantSource.system());
            Ending.onHangUp(demo::reload);
            tell(demo.file());
            Ending.await(demo);
        } catch (IOException e) {
            throw new Failure(
                    "the demo cannot be kept in " + data + " (" + e.getMessage() + "): choose another --data DIR");
        }
    }

    private void tell(DemoFile file) {
        terminal.say("");
        terminal.say("Countersign " + terminal.version() + ": a demo. Everything of it is in " + data + ", secrets in "
                + data.resolve("demo.json"));
        terminal.say("");
        terminal.say("  Click    " + file.dashboard());
        for (var person : file.people()) {
            terminal.say("%s %-4s %s  %s"
                    .formatted(
                            person.equals(file.people().getFirst()) ? "  Sign in " : "          ",
                            person.user(),
                            person.password(),
                            String.join(", ", person.groups())));
        }
        terminal.say("");
        terminal.say("  " + file.examples().getFirst().title() + ". Paste this into another terminal:");
        terminal.say("");
        terminal.say(file.examples().getFirst().curl());
        terminal.say("");
        terminal.say("  More of these are in demo.json. Ctrl-C ends the demo; the same command goes on with it.");
        terminal.out().flush();
    }
}
