package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Gathered;
import dev.countersign.config.Onto;
import dev.countersign.config.Published;
import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "apply",
        description = {
            "Puts a configuration folder in force on all nodes: checked and tested first, and in the ledger.",
            "With COUNTERSIGN_URL it is sent to that server, as an administrator; without, it goes into the store that the"
                    + " folder names. Exits 0 when it is in force, else 1, and then nothing has changed."
        })
final class ApplyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final PersonApi api = new PersonApi();

    @Parameters(paramLabel = "DIR", description = "The folder.")
    private Path folder = Path.of(".");

    @Option(
            names = "--base",
            paramLabel = "HASH",
            description = "The version it was made from: refused when another is in force by now.")
    private @Nullable String base;

    @Option(names = "--data", paramLabel = "FILE", description = "The store's file, instead of the configuration's.")
    private @Nullable Path data;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return api.isGiven() ? send() : write();
    }

    private int write() {
        var configuration = Folders.read(terminal, folder);
        try (var operations = Operations.open(configuration, Optional.ofNullable(data), InstantSource.system())) {
            var published = operations.publish(configuration, new Onto(Optional.ofNullable(base), false));
            return switch (published) {
                case Published.Done(var version) -> done("published", version.number(), version.hash());
                case Published.Unchanged(var version) -> done("unchanged", version.number(), version.hash());
                case Published.Superseded _, Published.Stale _ -> throw new Failure(published.toString());
            };
        }
    }

    private int done(String outcome, long number, String hash) {
        if (json) {
            var result = new LinkedHashMap<String, Object>();
            result.put("outcome", outcome);
            result.put("number", number);
            result.put("version", hash);
            terminal.json(result);
        } else if (outcome.equals("unchanged")) {
            terminal.say("configuration " + hash + " is in force already, as number " + number);
        } else {
            terminal.say("configuration " + hash + " is in force, as number " + number);
        }
        return 0;
    }

    private int send() {
        var offer = new LinkedHashMap<String, Object>();
        offer.put("files", files(terminal, folder));
        // What is read now and what is replaced are the same, whoever else publishes meanwhile.
        offer.put(
                "base", base == null ? api.get("/configuration").path("version").stringValue("") : base);
        return answered(api.offer("/configuration", offer));
    }

    private int answered(PersonApi.Answer answer) {
        var body = answer.body();
        if (answer.status() != 200) {
            throw refused(terminal, answer, json);
        }
        if (json) {
            terminal.json(body);
            return 0;
        }
        body.path("warnings").forEach(it -> terminal.note("warning: " + fault(it)));
        return done(
                body.path("outcome").stringValue(""),
                body.path("number").asLong(0),
                body.path("version").stringValue(""));
    }

    /// The files of a folder to be sent, or all that is wrong with them and the end.
    static Map<String, String> files(Terminal terminal, Path folder) {
        Gathered gathered = Configuration.gather(folder);
        List<Fault> faults = gathered.faults();
        if (!faults.isEmpty()) {
            faults.forEach(it -> terminal.note(it.toString()));
            throw new Failure("the configuration in " + folder + " has faults, see above; nothing was sent");
        }
        return gathered.files();
    }

    /// Tells why the server did not do it, with every fault.
    static Failure refused(Terminal terminal, PersonApi.Answer answer, boolean json) {
        var body = answer.body();
        if (body.has("faults")) {
            if (json) {
                terminal.json(body);
            }
            body.path("faults").forEach(it -> terminal.note(fault(it)));
            return new Failure(Counts.of(body.path("faults").size(), "fault") + ", and what was in force stays");
        }
        var detail = body.path("detail").stringValue("");
        return new Failure(detail.isEmpty() ? "the server answered " + answer.status() : detail);
    }

    private static String fault(JsonNode it) {
        return it.path("file").stringValue("") + ":" + it.path("line").asInt(0) + ":"
                + it.path("column").asInt(0) + ": " + it.path("text").stringValue("");
    }
}
