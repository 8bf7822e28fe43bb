package dev.countersign.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "who", description = "Who decides for each group: its members, and who is on call now and next.")
final class WhoCommand implements java.util.concurrent.Callable<Integer> {
    private static final int MOST = 10_000;

    private final Terminal terminal;

    @Mixin
    private PersonApi api = new PersonApi();

    @Parameters(arity = "0..1", paramLabel = "GROUP", description = "This group alone.")
    private @Nullable String group;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    WhoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var items = api.all("/groups", "", MOST).stream()
                .filter(it -> group == null || RequestsCommand.text(it, "name").equals(group))
                .toList();
        if (group != null && items.isEmpty()) {
            throw new Failure("nobody belongs to a group " + group + ", and no calendar says who does");
        }
        if (json) {
            terminal.json(Map.of("items", items));
            return 0;
        }
        terminal.table(
                List.of("GROUP", "NOW", "ON CALL UNTIL", "NEXT"),
                items.stream().map(WhoCommand::row).toList());
        items.forEach(this::trouble);
        return 0;
    }

    private static List<String> row(JsonNode it) {
        var onCall = it.path("on_call");
        return List.of(
                RequestsCommand.text(it, "name"),
                or(it.path("members")
                        .valueStream()
                        .map(who -> who.stringValue(""))
                        .toList()),
                or(each(onCall.path("now"), "until")),
                or(each(onCall.path("next"), "from").stream().limit(1).toList()));
    }

    private static List<String> each(JsonNode turns, String when) {
        var all = new ArrayList<String>();
        turns.forEach(it -> all.add(RequestsCommand.text(it, "person") + " " + RequestsCommand.moment(it, when)));
        return all;
    }

    private static String or(List<String> all) {
        return all.isEmpty() ? "-" : String.join(", ", all);
    }

    private void trouble(JsonNode it) {
        var onCall = it.path("on_call");
        if (onCall.path("fault").isString()) {
            terminal.say("the on-call calendar of " + RequestsCommand.text(it, "name") + " is not heard: "
                    + RequestsCommand.text(onCall, "fault"));
        }
        onCall.path("unknown")
                .forEach(event -> terminal.say("the on-call calendar of " + RequestsCommand.text(it, "name")
                        + " has an event that names nobody here: " + event.stringValue("")));
    }
}
