package dev.countersign.cli;

import dev.countersign.publish.Answer;
import dev.countersign.publish.Publishing;
import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "apply",
        description = {
            "Puts a configuration folder in force on all nodes: checked and tested first, and in the ledger.",
            "When policy says so, others are asked first, and it waits for them.",
            "With COUNTERSIGN_URL it is sent to that server, as an administrator; without, it goes into the store that the"
                    + " folder names. Exits 0 when it is in force, else 1, and then nothing has changed."
        })
final class ApplyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Office office = new Office();

    @Mixin
    private final Publication publication = new Publication();

    @Parameters(paramLabel = "DIR", description = "The folder.")
    private Path folder = Path.of(".");

    @Option(
            names = "--base",
            paramLabel = "HASH",
            description = "The version it was made from: refused when another is in force by now.")
    private @Nullable String base;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return publication.tell(terminal, office, office.isServer() ? send() : write(), json);
    }

    private PersonApi.Answer write() {
        var files = Office.files(terminal, folder);
        return office.onHost(
                terminal,
                folder,
                it -> Answer.of(it.apply(new Publishing.Offer(files, Optional.ofNullable(base)), Operations.BY)));
    }

    private PersonApi.Answer send() {
        var offer = new LinkedHashMap<String, Object>();
        offer.put("files", Office.files(terminal, folder));
        // What is read now and what is replaced are the same, whoever else publishes meanwhile.
        offer.put("base", base == null ? office.inForce() : base);
        publication.say(offer);
        return office.send("/configuration", offer);
    }
}
