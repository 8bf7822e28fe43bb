package dev.countersign.cli;

import dev.countersign.dashboard.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "break-glass",
        synopsisSubcommandLabel = "COMMAND",
        description = "Tokens that went out before people had looked, and what people say of them afterwards.")
final class BreakGlassCommand {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    BreakGlassCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "list", description = "Lists what people have to look at and what is locked, the newest first.")
    int list(
            @Mixin PersonApi api,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            split = ",",
                            defaultValue = "due,objected",
                            description = "due, approved, objected, lifted (default: due,objected), or all.")
                    List<String> states,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many (default: 50).")
                    int limit,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var path = "/break-glass" + (states.contains("all") ? "" : "?state=" + Web.encoded(String.join(",", states)));
        var items = api.all(path, "", Math.min(limit, MOST));
        if (json) {
            terminal.json(Map.of("items", items));
        } else if (items.isEmpty()) {
            terminal.say(states.equals(List.of("due", "objected")) ? "nothing is owed" : "there are none");
        } else {
            terminal.table(
                    List.of("ID", "STATE", "CLIENT", "GOT", "LEFT", "REASON"),
                    items.stream().map(BreakGlassCommand::row).toList());
        }
        return 0;
    }

    private static List<String> row(JsonNode it) {
        var left = Duration.between(Instant.now(), Instant.parse(text(it, "review_by")));
        return List.of(
                text(it, "id"),
                it.path("overdue").asBoolean(false) ? "overdue" : text(it, "state"),
                text(it, "client"),
                RequestsCommand.texts(it.path("scopes")),
                text(it, "state").equals("due") ? Spans.clock(left) : "-",
                RequestsCommand.quoted(text(it, "reason")));
    }

    @Command(name = "show", description = "Shows one, with what people have said of it.")
    int show(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return tell(api.get(path(id)), json);
    }

    @Command(name = "approve", description = "Says that it was right.")
    int approve(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", description = "For whoever reads it later.") @Nullable
                    String comment,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return say(api, id, "approve", comment, json);
    }

    @Command(
            name = "object",
            description = "Says that it was not right: the rule lets this client through no more until that is lifted.")
    int object(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", description = "For whoever reads it later.") @Nullable
                    String comment,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return say(api, id, "object", comment, json);
    }

    private int say(PersonApi api, String id, String vote, @Nullable String comment, boolean json) {
        var body = new LinkedHashMap<String, Object>();
        body.put("vote", vote);
        if (comment != null) {
            body.put("comment", comment);
        }
        return stands(api.post(path(id) + "/reviews", body), json);
    }

    @Command(
            name = "lift",
            description = "Lifts an objection, as an administrator: the rule lets that client through again.")
    int lift(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--reason", required = true, paramLabel = "R", description = "Why it may go on.")
                    String reason,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return stands(api.post(path(id) + "/lift", Map.of("reason", reason)), json);
    }

    private int stands(JsonNode now, boolean json) {
        if (json) {
            terminal.json(now);
        } else {
            terminal.say(text(now, "id") + " is " + state(now));
        }
        return 0;
    }

    private int tell(JsonNode it, boolean json) {
        if (json) {
            terminal.json(it);
            return 0;
        }
        terminal.say(text(it, "client") + " broke the glass: " + RequestsCommand.texts(it.path("scopes")) + " on "
                + text(it, "resource") + " for "
                + Moment.words(Duration.ofSeconds(it.path("lifetime").asLong(0))));
        line("state", state(it));
        line("risk", text(it, "risk"));
        line("rules", RequestsCommand.texts(it.path("rules")));
        line("reason", RequestsCommand.quoted(text(it, "reason")));
        line("ticket", RequestsCommand.quoted(text(it, "ticket")));
        line("used", RequestsCommand.moment(it, "used_at"));
        line("look by", RequestsCommand.moment(it, "review_by"));
        line("looked at by", stages(it));
        it.path("reviews")
                .forEach(each -> line(
                        "said",
                        text(each, "person") + " " + text(each, "vote") + " "
                                + RequestsCommand.quoted(text(each, "comment"))
                                + (each.path("signed").asBoolean(false) ? " (signed)" : "")));
        return 0;
    }

    private static String state(JsonNode it) {
        var state = text(it, "state");
        if (it.path("overdue").asBoolean(false)) {
            return "overdue: its rule lets this client through no more until people have looked";
        }
        return state.equals("objected")
                ? "objected: its rule lets this client through no more until an administrator lifts that"
                : state;
    }

    private static String stages(JsonNode it) {
        return it.path("stages")
                .valueStream()
                .map(stage -> stage.path("needed").asInt(0) + " of " + text(stage, "group"))
                .collect(Collectors.joining(", "));
    }

    private void line(String name, String value) {
        if (!value.isBlank()) {
            terminal.say("  %-12s %s".formatted(name, value));
        }
    }

    private static String path(String id) {
        return "/break-glass/" + Web.encoded(id);
    }

    private static String text(JsonNode node, String name) {
        return RequestsCommand.text(node, name);
    }
}
