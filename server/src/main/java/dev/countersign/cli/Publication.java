package dev.countersign.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// What is said with a publication, and what came of it: at once, or when others have decided.
final class Publication {
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    @Option(names = "--reason", paramLabel = "R", description = "Why, for whoever must approve it.")
    private @Nullable String reason;

    @Option(names = "--ticket", paramLabel = "T", description = "A reference, for whoever must approve it.")
    private @Nullable String ticket;

    @Option(
            names = "--no-wait",
            description = "When others must approve it: prints the request's id and does not wait for them.")
    private boolean noWait;

    /// Adds what reviewers are told.
    void say(Map<String, Object> offer) {
        if (reason != null) {
            offer.put("reason", reason);
        }
        if (ticket != null) {
            offer.put("ticket", ticket);
        }
    }

    int tell(Terminal terminal, Office office, PersonApi.Answer answer, boolean json) {
        var body = Office.good(terminal, answer, json);
        if (!json) {
            Office.warn(terminal, body);
        }
        if (answer.status() != 202) {
            return settled(terminal, body, json);
        }
        var id = body.path("request").stringValue("");
        if (!json) {
            var words = new DifferenceWords(terminal);
            words.unattended(body.path("shown").path("unattended"));
            words.past(body.path("shown").path("backtest"));
        }
        if (noWait) {
            if (json) {
                terminal.json(body);
            } else {
                terminal.say("others must approve this: request " + id);
            }
            return 0;
        }
        return awaited(terminal, decided(terminal, office, id), json);
    }

    private static int settled(Terminal terminal, JsonNode body, boolean json) {
        if (json) {
            terminal.json(body);
            return 0;
        }
        var outcome = body.path("outcome").stringValue("");
        terminal.say("configuration " + body.path("version").stringValue("") + " is in force"
                + (outcome.equals("unchanged") ? " already" : "") + ", as number "
                + body.path("number").asLong(0));
        new DifferenceWords(terminal).unattendedNow(body.path("unattended"));
        return 0;
    }

    private static JsonNode decided(Terminal terminal, Office office, String id) {
        var now = office.api().get("/requests/" + id);
        var until = Instant.parse(now.path("expires_at").stringValue(""));
        var progress = new Progress(
                terminal,
                "others must approve request " + id
                        + " (Ctrl-C leaves it; `countersign requests cancel` takes it back)",
                Duration.between(Instant.now(), until));
        while (isOpen(now)) {
            progress.pause(BETWEEN);
            now = office.api().get("/requests/" + id);
        }
        progress.end();
        return now;
    }

    /// An approved one is put in force by the server, within a second or two.
    private static boolean isOpen(JsonNode request) {
        return switch (request.path("state").stringValue("")) {
            case "pending", "approved" -> true;
            default -> false;
        };
    }

    private static int awaited(Terminal terminal, JsonNode request, boolean json) {
        var state = request.path("state").stringValue("");
        if (json) {
            terminal.json(request);
        }
        if (!state.equals("redeemed")) {
            var because = request.path("because").stringValue("");
            throw new Failure("request " + request.path("id").stringValue("") + " is " + state
                    + (because.isEmpty() ? "" : ": " + because) + "; what was in force stays");
        }
        if (!json) {
            terminal.say("configuration "
                    + request.path("publication").path("version").stringValue("") + " is in force");
        }
        return 0;
    }
}
