package dev.countersign.cli;

import dev.countersign.people.ScimToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "scim-token",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Bearer tokens with which identity providers provision. On the server's host, while it runs or not.")
final class ScimTokenCommand {
    private final Terminal terminal;

    ScimTokenCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "issue", description = "Makes a token and prints it once.")
    int issue(
            @Mixin Folders folders,
            @Parameters(paramLabel = "LOGIN", description = "The id of the provider, which has scim.") String login,
            @Option(
                            names = "--lifetime",
                            paramLabel = "DURATION",
                            defaultValue = "180d",
                            description = "How long it works (default: 180d; at most 366d).")
                    Duration lifetime,
            @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "What you call it.")
                    String label,
            @Option(names = "--json", description = "For machines.") boolean json) {
        try (var operations = folders.open(terminal)) {
            var issued = operations.issueScimToken(login, label, lifetime);
            if (json) {
                var it = new LinkedHashMap<String, Object>(json(issued.token()));
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
            var tokens = operations.scimTokens();
            if (json) {
                terminal.json(Map.of(
                        "items", tokens.stream().map(ScimTokenCommand::json).toList()));
            } else {
                terminal.table(
                        List.of("ID", "PROVIDER", "STATE", "UNTIL", "LABEL"),
                        tokens.stream()
                                .map(it -> List.of(
                                        it.id(), it.issuer(), state(it), Spans.moment(it.expires()), it.label()))
                                .toList());
            }
        }
        return 0;
    }

    @Command(name = "revoke", description = "Ends a token: at once on a running server.")
    int revoke(
            @Mixin Folders folders,
            @Parameters(paramLabel = "ID", description = "The token's id, as list shows it.") String id) {
        try (var operations = folders.open(terminal)) {
            if (!operations.revokeScimToken(id)) {
                throw new Failure(
                        "there is no such token, or it was revoked before: countersign scim-token list shows all");
            }
            terminal.say("revoked " + id);
        }
        return 0;
    }

    private static String state(ScimToken token) {
        return ApiTokenCommand.state(token.revoked(), token.expires());
    }

    private static Map<String, Object> json(ScimToken token) {
        return Map.of(
                "id", token.id(),
                "issuer", token.issuer(),
                "state", state(token),
                "label", token.label(),
                "expires_at", token.expires().toString());
    }
}
