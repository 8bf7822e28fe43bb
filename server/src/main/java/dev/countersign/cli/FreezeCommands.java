package dev.countersign.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The switch that stops a client, a resource or all minting at once.
final class FreezeCommands {
    private FreezeCommands() {}

    /// What is frozen or thawed.
    static final class What {
        @Parameters(index = "0", paramLabel = "client|resource|all", description = "What kind.")
        private String kind = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "ID",
                description = "The client's id or the resource's URL.")
        private @Nullable String target;

        /// In a body for the API.
        private Map<String, Object> body() {
            var body = new LinkedHashMap<String, Object>();
            switch (kind) {
                case "client", "resource" -> {
                    if (target == null) {
                        throw new Failure("which " + kind + "? countersign freeze " + kind + " ID --reason R");
                    }
                    body.put("target", target);
                }
                case "all" -> {}
                default -> throw new Failure("'" + kind + "' cannot be frozen: client ID, resource URL, or all");
            }
            body.put("kind", kind);
            return body;
        }
    }

    private static void tell(Terminal terminal, JsonNode standing, boolean json) {
        if (json) {
            terminal.json(standing);
            return;
        }
        var items = standing.path("items").valueStream().toList();
        if (items.isEmpty()) {
            terminal.say("nothing is frozen");
            return;
        }
        terminal.table(
                List.of("FROZEN", "", "SINCE", "REASON"),
                items.stream()
                        .map(it -> List.of(
                                it.path("kind").stringValue(""),
                                it.path("target").stringValue(""),
                                Spans.moment(Instant.parse(it.path("set_at").stringValue(""))),
                                it.path("reason").stringValue("")))
                        .toList());
    }

    @Command(name = "freeze", description = "Stops a client, a resource or everything at once, on all nodes.")
    static final class Freeze implements Runnable {
        private final Terminal terminal;

        @Mixin
        private final PersonApi api = new PersonApi();

        @Mixin
        private final What what = new What();

        @Option(names = "--reason", required = true, paramLabel = "R", description = "Why: everybody is shown it.")
        private String reason = "";

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        Freeze(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var body = what.body();
            body.put("reason", reason);
            tell(terminal, api.post("/freezes", body), json);
        }
    }

    @Command(name = "unfreeze", description = "Lifts a freeze.")
    static final class Unfreeze implements Runnable {
        private final Terminal terminal;

        @Mixin
        private final PersonApi api = new PersonApi();

        @Mixin
        private final What what = new What();

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        Unfreeze(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            tell(terminal, api.post("/freezes/lift", what.body()), json);
        }
    }

    @Command(name = "frozen", description = "Lists what is frozen.")
    static final class Frozen implements Runnable {
        private final Terminal terminal;

        @Mixin
        private final PersonApi api = new PersonApi();

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        Frozen(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            tell(terminal, api.get("/freezes"), json);
        }
    }
}
