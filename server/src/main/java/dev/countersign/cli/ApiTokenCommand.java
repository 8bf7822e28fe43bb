package dev.countersign.cli;

import dev.countersign.people.ApiToken;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "api-token",
        synopsisSubcommandLabel = "COMMAND",
        description = "Bearer tokens for the API, for people and bots. On the server's host, while it runs or not.")
final class ApiTokenCommand {
    private final Terminal terminal;

    ApiTokenCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "issue", description = "Makes a token and prints it once.")
    int issue(
            @Mixin Folders folders,
            @Parameters(paramLabel = "USER", description = "Whose it is: a user of the configuration.") String user,
            @Option(
                            names = "--scope",
                            paramLabel = "S",
                            required = true,
                            split = ",",
                            description =
                                    "requests:read, requests:review, ledger:read, operate or admin; again for more.")
                    List<String> scopes,
            @Option(
                            names = "--lifetime",
                            paramLabel = "DURATION",
                            defaultValue = "8h",
                            description = "How long it works (default: 8h).")
                    Duration lifetime,
            @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "What you call it.")
                    String label,
            @Option(names = "--json", description = "For machines.") boolean json) {
        try (var operations = folders.open(terminal)) {
            var issued = operations.issueApiToken(user, Set.copyOf(scopes), label, lifetime);
            if (json) {
                var it = new LinkedHashMap<String, Object>(json(issued.token(), user));
                it.put("token", issued.text());
                terminal.json(it);
            } else {
                terminal.say(issued.text());
                terminal.note("id " + issued.token().id() + ", until "
                        + Spans.moment(issued.token().expires()));
            }
        }
        return 0;
    }

    @Command(name = "list", description = "Lists tokens, the newest first; their text is nowhere.")
    int list(@Mixin Folders folders, @Option(names = "--json", description = "For machines.") boolean json) {
        try (var operations = folders.open(terminal)) {
            var tokens = operations.apiTokens();
            if (json) {
                terminal.json(Map.of(
                        "items",
                        tokens.stream()
                                .map(it -> json(it, operations.user(it.person())))
                                .toList()));
            } else {
                terminal.table(
                        List.of("ID", "USER", "STATE", "UNTIL", "SCOPES", "LABEL"),
                        tokens.stream()
                                .map(it -> List.of(
                                        it.id(),
                                        operations.user(it.person()),
                                        state(it),
                                        Spans.moment(it.expires()),
                                        String.join(" ", it.scopes()),
                                        it.label()))
                                .toList());
            }
        }
        return 0;
    }

    @Command(name = "revoke", description = "Ends a token: within a second on a running server.")
    int revoke(
            @Mixin Folders folders,
            @Parameters(paramLabel = "ID", description = "The token's id, as list shows it.") String id) {
        try (var operations = folders.open(terminal)) {
            if (!operations.revokeApiToken(id)) {
                throw new Failure(
                        "there is no such token, or it was revoked before: countersign api-token list shows all");
            }
            terminal.say("revoked " + id);
        }
        return 0;
    }

    private static String state(ApiToken token) {
        return state(token.revoked(), token.expires());
    }

    /// How a token of that end stands, in a word.
    static String state(Optional<Instant> revoked, Instant expires) {
        if (revoked.isPresent()) {
            return "revoked";
        }
        return expires.isAfter(Instant.now()) ? "good" : "over";
    }

    private static Map<String, Object> json(ApiToken token, String user) {
        return Map.of(
                "id", token.id(),
                "user", user,
                "state", state(token),
                "scopes", List.copyOf(token.scopes()),
                "label", token.label(),
                "expires_at", token.expires().toString());
    }
}
