package dev.countersign.cli;

import dev.countersign.oauth.ClientText;
import dev.countersign.replay.Observations;
import dev.countersign.replay.Would;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says what enforcing would make of what was observed only.
final class ObservedWords {
    private final Terminal terminal;
    private final Observations observations;
    private final Map<Observations.Of, Observations.Line> lines;

    ObservedWords(Terminal terminal, Observations observations) {
        this.terminal = terminal;
        this.observations = observations;
        this.lines = observations.lines();
    }

    void tell() {
        if (lines.isEmpty()) {
            terminal.say("nothing was observed only");
        } else {
            table();
            lines.forEach(this::tell);
            terminal.say("");
            terminal.say(
                    "enforcing would ask people " + aDay(promptsADay()) + onceComplete()
                            + observations
                                    .taken()
                                    .map(it -> ", the same again within " + Spans.clock(it)
                                            + " joining it, since that is how long they take")
                                    .orElse(
                                            ", each time it is asked: nobody has decided anything meanwhile to tell how long it takes"));
        }
        if (observations.unreadable() > 0) {
            terminal.say("left out, their entries unreadable: " + observations.unreadable());
        }
    }

    private void table() {
        var head = new ArrayList<>(List.of("CLIENT", "RESOURCE", "REQUESTS"));
        for (var would : Would.values()) {
            head.add(would.name());
        }
        head.add("PROMPTS");
        var rows = new ArrayList<List<String>>();
        lines.forEach((of, line) -> {
            var row = new ArrayList<>(List.of(
                    ClientText.inert(of.client()), ClientText.inert(of.resource()), Long.toString(line.requests())));
            for (var would : Would.values()) {
                row.add(Long.toString(line.count(would)));
            }
            row.add(aDay(line.promptsADay()));
            rows.add(row);
        });
        terminal.table(head, rows);
    }

    private void tell(Observations.Of of, Observations.Line line) {
        terminal.say("");
        terminal.say(ClientText.inert(of.client()) + " at " + ClientText.inert(of.resource()));
        for (var would : Would.values()) {
            if (line.count(would) > 0) {
                terminal.say("  " + would.word() + " " + line.count(would) + " by " + counted(line.rules(would))
                        + (would == Would.REFUSED ? ": " + counted(line.hindrances()) : ""));
                terminal.say("    " + String.join(" ", line.examples(would)));
            }
        }
        if (line.prompts() > 0) {
            terminal.say("  people would be asked " + aDay(line.promptsADay()) + ": "
                    + line.groups().entrySet().stream()
                            .map(it -> it.getKey() + " " + aDay(it.getValue() / line.days()))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String counted(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(it -> it.getKey() + " " + it.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String aDay(double number) {
        return String.format(Locale.ROOT, "%.1f a day", number);
    }

    private double promptsADay() {
        return lines.values().stream()
                .mapToDouble(Observations.Line::promptsADay)
                .sum();
    }

    private double promptsADayOnceComplete() {
        return lines.values().stream()
                .mapToDouble(Observations.Line::promptsADayOnceComplete)
                .sum();
    }

    private String onceComplete() {
        boolean refuses = lines.values().stream().anyMatch(it -> it.count(Would.REFUSED) > 0);
        return refuses ? ", " + aDay(promptsADayOnceComplete()) + " once what would be refused has what it lacks" : "";
    }

    Map<String, @Nullable Object> json() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("prompts_a_day", promptsADay());
        json.put("prompts_a_day_once_complete", promptsADayOnceComplete());
        json.put("median_s", observations.taken().map(Duration::toSeconds).orElse(null));
        json.put("unreadable", observations.unreadable());
        json.put(
                "items",
                lines.entrySet().stream()
                        .map(it -> json(it.getKey(), it.getValue()))
                        .toList());
        return json;
    }

    private static Map<String, Object> json(Observations.Of of, Observations.Line line) {
        var json = new LinkedHashMap<String, Object>();
        json.put("client", of.client());
        json.put("resource", of.resource());
        json.put("requests", line.requests());
        for (var would : Would.values()) {
            json.put(
                    would.word(),
                    Map.of(
                            "count", line.count(would),
                            "rules", line.rules(would),
                            "examples", line.examples(would)));
        }
        json.put("hindrances", line.hindrances());
        json.put("prompts", line.prompts());
        json.put("days", line.days());
        json.put("prompts_a_day", line.promptsADay());
        json.put("prompts_a_day_once_complete", line.promptsADayOnceComplete());
        var groups = new LinkedHashMap<String, Object>();
        line.groups().forEach((group, prompts) -> groups.put(group, prompts / line.days()));
        json.put("groups_a_day", groups);
        return json;
    }
}
