package dev.countersign.cli;

import dev.countersign.publish.Answer;
import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What was published, what a folder would make otherwise, and the way back.
final class VersionCommands {
    private VersionCommands() {}

    private static Path folder(@Nullable Path config) {
        if (config == null) {
            throw new Failure("which server? Set COUNTERSIGN_URL, or give --url; or on the server's host --config DIR");
        }
        return config;
    }

    @Command(
            name = "diff",
            description = {
                "Tells what a configuration folder would make otherwise if it were in force, and in what it is looser.",
                "Changes nothing. Exits 0, or 1 when the folder has faults or there is nothing to compare it with."
            })
    static final class Diff implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final Office office = new Office();

        @Parameters(paramLabel = "DIR", description = "The folder.")
        private Path folder = Path.of(".");

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        Diff(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var files = Office.files(terminal, folder);
            var answer = office.isServer()
                    ? office.send("/configuration/diff", Map.of("files", files))
                    : office.onHost(terminal, folder, it -> Answer.of(it.preview(files)));
            var body = Office.good(terminal, answer, json);
            if (json) {
                terminal.json(body);
            } else {
                tell(body);
            }
            return 0;
        }

        private void tell(JsonNode body) {
            Office.warn(terminal, body);
            var version = body.path("version").stringValue("");
            var inForce = body.path("in_force").stringValue("");
            if (version.equals(inForce)) {
                terminal.say("configuration " + version + " is in force already");
                return;
            }
            terminal.say("configuration " + version + " instead of " + (inForce.isEmpty() ? "none" : inForce));
            new DifferenceWords(terminal).tell(body);
            terminal.say("");
            terminal.say("to put it in force: countersign apply " + folder + " --base " + inForce);
        }
    }

    @Command(name = "history", description = "Lists the configurations that were published, the newest first.")
    static final class History implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final Office office = new Office();

        @Option(
                names = "--config",
                paramLabel = "DIR",
                defaultValue = "${env:COUNTERSIGN_CONFIG}",
                description = "Without a server: the configuration folder on this host.")
        private @Nullable Path config;

        @Option(names = "--limit", paramLabel = "N", description = "How many (default: 20).")
        private int limit = 20;

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        History(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            if (limit < 1) {
                throw new Failure("--limit is at least 1");
            }
            var items = office.isServer()
                    ? office.api().all("/configuration/versions", "", limit)
                    : List.copyOf(office.onHost(
                                    terminal, folder(config), it -> Answer.history(it.history(Optional.empty(), limit)))
                            .body()
                            .path("items")
                            .valueStream()
                            .toList());
            if (json) {
                terminal.json(Map.of("items", items));
            } else {
                terminal.table(
                        List.of("NUMBER", "VERSION", "PUBLISHED", "BY", "APPROVED BY", "CHANGED"),
                        items.stream().map(History::row).toList());
            }
            return 0;
        }

        private static List<String> row(JsonNode it) {
            return List.of(
                    Long.toString(it.path("number").asLong(0)),
                    it.path("version").stringValue(""),
                    Spans.moment(Instant.parse(it.path("published_at").stringValue(""))),
                    it.path("by").stringValue(""),
                    it.path("approved_by")
                            .valueStream()
                            .map(by -> by.stringValue(""))
                            .collect(Collectors.joining(", ")),
                    it.path("changed").properties().stream()
                            .map(each -> each.getKey().replace('_', ' ') + " "
                                    + each.getValue().size())
                            .collect(Collectors.joining(", ")));
        }
    }

    @Command(
            name = "rollback",
            description = {
                "Publishes an earlier configuration again, as a new version: whatever must be so for any other must be so"
                        + " for it. Exits 0 when it is in force, else 1, and then nothing has changed."
            })
    static final class Rollback implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private final Office office = new Office();

        @Mixin
        private final Publication publication = new Publication();

        @Option(
                names = "--config",
                paramLabel = "DIR",
                defaultValue = "${env:COUNTERSIGN_CONFIG}",
                description = "Without a server: the configuration folder on this host.")
        private @Nullable Path config;

        @Parameters(paramLabel = "N", description = "Its number, as `countersign history` has it.")
        private long number;

        @Option(names = "--base", paramLabel = "HASH", description = "Refused when another than this is in force.")
        private @Nullable String base;

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        Rollback(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            return publication.tell(terminal, office, office.isServer() ? send() : write(), json);
        }

        private PersonApi.Answer write() {
            return office.onHost(
                    terminal,
                    folder(config),
                    it -> Answer.of(it.rollback(number, Optional.ofNullable(base), Operations.BY)));
        }

        private PersonApi.Answer send() {
            var body = new LinkedHashMap<String, Object>();
            body.put("number", number);
            body.put("base", base == null ? office.inForce() : base);
            publication.say(body);
            return office.send("/configuration/rollback", body);
        }
    }
}
