package dev.countersign.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "away",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "When you are away: nobody asks you then, and somebody may vote in your place where rules let them.")
final class AwayCommand {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    AwayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "list", description = "Lists when you are away, and who stands in.")
    int list(
            @Mixin PersonApi api,
            @Option(names = "--all", description = "Everybody's, as an administrator.") boolean all,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var items = api.all("/absences" + (all ? "?all=true" : ""), "", MOST);
        if (json) {
            terminal.json(Map.of("items", items));
        } else if (items.isEmpty()) {
            terminal.say("nobody is away");
        } else {
            terminal.table(
                    List.of("ID", "USER", "FROM", "UNTIL", "SUBSTITUTE"),
                    items.stream().map(AwayCommand::row).toList());
        }
        return 0;
    }

    private static List<String> row(JsonNode it) {
        return List.of(
                RequestsCommand.text(it, "id"),
                RequestsCommand.text(it, "user"),
                RequestsCommand.moment(it, "from"),
                RequestsCommand.moment(it, "until"),
                it.has("substitute") ? RequestsCommand.text(it, "substitute") : "-");
    }

    @Command(name = "say", description = "Says that you are away, for 60 days at most.")
    int say(
            @Mixin PersonApi api,
            @Option(names = "--from", required = true, paramLabel = "2026-08-01T09:00", description = "When it begins.")
                    String from,
            @Option(names = "--until", required = true, paramLabel = "2026-08-10T09:00", description = "When it ends.")
                    String until,
            @Option(
                            names = "--zone",
                            defaultValue = "UTC",
                            paramLabel = "Europe/Berlin",
                            description = "By whose clocks (default: UTC).")
                    String zone,
            @Option(names = "--substitute", paramLabel = "USER", description = "Who stands in for you.") @Nullable
                    String substitute,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var body = new LinkedHashMap<String, Object>(Map.of("from", from, "until", until, "zone", zone));
        if (substitute != null) {
            body.put("substitute", substitute);
        }
        var said = api.post("/absences", body);
        if (json) {
            terminal.json(said);
        } else {
            terminal.say("you are away from " + RequestsCommand.moment(said, "from") + " until "
                    + RequestsCommand.moment(said, "until")
                    + (said.has("substitute") ? ", and " + RequestsCommand.text(said, "substitute") + " stands in" : "")
                    + "; countersign away end " + RequestsCommand.text(said, "id") + " takes it back");
        }
        return 0;
    }

    @Command(name = "end", description = "Takes back that you are away, or ends it.")
    int end(@Mixin PersonApi api, @Parameters(paramLabel = "ID", description = "Which, as list names it.") String id) {
        api.delete("/absences/" + Web.encoded(id));
        terminal.say("it is over");
        return 0;
    }
}
