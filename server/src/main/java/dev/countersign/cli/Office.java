package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Gathered;
import dev.countersign.http.Json;
import dev.countersign.publish.Answer;
import dev.countersign.publish.Publishing;
import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Where configurations are published: a running server, or with none named the store of a folder on this host.
final class Office {
    @Mixin
    private final PersonApi api = new PersonApi();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Without a server: the store's file, instead of the configuration's.")
    private @Nullable Path data;

    /// Whether it is a running server.
    boolean isServer() {
        return api.isGiven();
    }

    PersonApi api() {
        return api;
    }

    /// The version in force at the server.
    String inForce() {
        return api.get("/configuration").path("version").stringValue("");
    }

    /// Asks the server.
    PersonApi.Answer send(String path, Object body) {
        return api.offer(path, body);
    }

    /// Does it with the store that a folder names.
    PersonApi.Answer onHost(Terminal terminal, Path folder, Function<Publishing, Answer> does) {
        var configuration = Folders.read(terminal, folder);
        try (var operations = Operations.open(configuration, Optional.ofNullable(data), InstantSource.system())) {
            var answer = does.apply(operations.publishing(configuration));
            return new PersonApi.Answer(answer.status(), Json.node(answer.json()));
        }
    }

    /// The files of a folder to be sent, or all that is wrong with them and the end.
    static Map<String, String> files(Terminal terminal, Path folder) {
        Gathered gathered = Configuration.gather(folder);
        if (!gathered.faults().isEmpty()) {
            gathered.faults().forEach(it -> terminal.note(it.toString()));
            throw new Failure(
                    Counts.of(gathered.faults().size(), "fault") + " in " + folder + ", and what was in force stays");
        }
        return gathered.files();
    }

    /// The body of an answer that is good; of another all that is wrong, and the end.
    static JsonNode good(Terminal terminal, PersonApi.Answer answer, boolean json) {
        var body = answer.body();
        if (answer.status() < 300) {
            return body;
        }
        if (body.has("faults")) {
            if (json) {
                terminal.json(body);
            }
            body.path("faults").forEach(it -> terminal.note(fault(it)));
            body.path("unjudged").forEach(it -> terminal.note("not judged: " + fault(it)));
            throw new Failure(Counts.of(body.path("faults").size(), "fault") + ", and what was in force stays");
        }
        var detail = body.path("detail").stringValue("");
        throw new Failure(detail.isEmpty() ? "the server answered " + answer.status() : detail);
    }

    /// Tells what it says and probably does not mean.
    static void warn(Terminal terminal, JsonNode body) {
        body.path("warnings").forEach(it -> terminal.note("warning: " + fault(it)));
    }

    private static String fault(JsonNode it) {
        return it.path("file").stringValue("") + ":" + it.path("line").asInt(0) + ":"
                + it.path("column").asInt(0) + ": " + it.path("text").stringValue("");
    }
}
