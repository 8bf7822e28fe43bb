package dev.countersign.cli;

import dev.countersign.oauth.ClientText;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Says what clients may do and did not do of late.
final class UnusedWords {
    private final Terminal terminal;
    private final int days;

    UnusedWords(Terminal terminal, int days) {
        this.terminal = terminal;
        this.days = days;
    }

    /// All clients, a line each.
    void tell(List<JsonNode> clients, boolean json) {
        if (json) {
            terminal.json(Map.of("items", clients));
            return;
        }
        terminal.table(
                List.of("CLIENT", "OWNER", "LAST USED", "UNUSED", "WHAT TO DO"),
                clients.stream()
                        .map(it -> List.of(
                                text(it, "client"),
                                text(it, "owner"),
                                last(it),
                                it.path("unused").asLong(0) + " of "
                                        + it.path("permissions").size(),
                                text(it, "advice")))
                        .toList());
        terminal.note("");
        terminal.note("In the last " + Counts.of(days, "day") + ". Of one: countersign clients unused ID");
    }

    /// One client.
    void tell(JsonNode client, boolean json) {
        if (json) {
            terminal.json(client);
            return;
        }
        terminal.say(text(client, "name") + " (" + text(client, "client") + ") of " + text(client, "owner")
                + ", in the last " + Counts.of(days, "day"));
        for (var it : client.path("permissions")) {
            terminal.say("  %-6s  %s".formatted(text(it, "state"), text(it, "sentence")));
        }
        terminal.say(text(client, "advice"));
        var registration = client.path("registration").stringValue("");
        if (!registration.isEmpty()) {
            terminal.note("");
            terminal.note("Instead of what its registration says now:");
            terminal.say(registration.stripTrailing());
        }
    }

    private static String last(JsonNode client) {
        var last = text(client, "last_used");
        return last.isEmpty() ? "never" : last.substring(0, Math.min(10, last.length()));
    }

    private static String text(JsonNode node, String name) {
        return ClientText.inert(node.path(name).stringValue(""), ClientText.REASON);
    }
}
