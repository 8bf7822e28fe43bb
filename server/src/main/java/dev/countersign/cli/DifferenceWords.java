package dev.countersign.cli;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Says what one configuration would make otherwise in the place of another, and in what it is looser.
final class DifferenceWords {
    private final Terminal terminal;

    DifferenceWords(Terminal terminal) {
        this.terminal = terminal;
    }

    void tell(JsonNode it) {
        for (var change : it.path("changes")) {
            terminal.say("  " + text(change, "kind") + " " + text(change, "name") + " " + text(change, "how"));
            change.path("lines").forEach(line -> terminal.say("      " + line.stringValue("")));
        }
        more(it.path("changes_left").asInt(0));
        looser(it);
        unattended(it.path("unattended"));
    }

    private void looser(JsonNode it) {
        var looser = it.path("looser");
        if (looser.isEmpty()) {
            terminal.say(
                    "looser in nothing, among " + Counts.of(it.path("looked").asInt(0), "request") + " tried");
            return;
        }
        terminal.say("looser in:");
        for (var line : looser) {
            var how = line.path("how")
                    .valueStream()
                    .map(each -> each.stringValue(""))
                    .collect(Collectors.joining("; "));
            terminal.say("  " + text(line, "what") + ": " + how
                    + (line.path("unattended").asBoolean(false) ? " (nobody is asked)" : ""));
        }
        more(it.path("looser_left").asInt(0));
    }

    /// All that would go through unattended and does not now, by the prover; nothing where nobody looked for it.
    void unattended(JsonNode it) {
        regions(it, "would go through unattended", "does not now", "do not now");
    }

    /// The same of what is in force by now.
    void unattendedNow(JsonNode it) {
        regions(it, "goes through unattended now", "did not before", "did not before");
    }

    private void regions(JsonNode it, String goes, String itDoesNot, String theyDoNot) {
        if (it.isMissingNode()) {
            return;
        }
        if (!text(it, "failed").isEmpty()) {
            terminal.say("what " + goes + " is not known: " + text(it, "failed"));
            return;
        }
        if (it.path("regions").isEmpty()) {
            terminal.say("nothing " + goes + " that " + itDoesNot + ", of all requests, as networks and"
                    + " calendars are named");
            return;
        }
        terminal.say("these " + goes.replace("goes ", "go ") + ", and " + theyDoNot + ":");
        for (var region : it.path("regions")) {
            terminal.say("  `" + text(region, "client") + "` at " + text(region, "resource") + " by rule `"
                    + text(region, "rule") + "`: "
                    + (region.has("given")
                            ? "such as " + text(region, "given")
                            : "perhaps, nobody can say: " + text(region, "inconclusive")));
        }
        more(it.path("left").asInt(0));
    }

    /// What it would have said of the last requests.
    void past(JsonNode backtest) {
        if (backtest.has("failed")) {
            terminal.say(text(backtest, "failed"));
            return;
        }
        terminal.say("of " + Counts.of(backtest.path("compared").asInt(0), "decision") + " since "
                + text(backtest, "since") + ": " + backtest.path("flipped").asLong(0) + " with another verdict, "
                + backtest.path("loosened").asLong(0) + " looser, "
                + backtest.path("tightened").asLong(0)
                + " tighter");
        backtest.path("matrix")
                .properties()
                .forEach(was -> was.getValue().properties().stream()
                        .filter(now -> !now.getKey().equals(was.getKey())
                                && now.getValue().asLong(0) > 0)
                        .forEach(now -> terminal.say("  " + was.getKey() + " would be " + now.getKey() + ": "
                                + now.getValue().asLong(0))));
        backtest.path("loosenings")
                .forEach(each ->
                        terminal.say("  looser: " + text(each, "request") + " of `" + text(each, "client") + "`: "
                                + each.path("how")
                                        .valueStream()
                                        .map(how -> how.stringValue(""))
                                        .collect(Collectors.joining("; "))));
        more((int) (backtest.path("loosened").asLong(0)
                - backtest.path("loosenings").size()));
        waits(backtest.path("waits"));
    }

    private void waits(JsonNode waits) {
        long saved = waits.path("saved_reviews").asLong(0);
        if (saved > 0) {
            terminal.say("people would not be asked about " + saved + ", which waited "
                    + Counts.minutes(waits.path("saved_s").asLong(0)) + " all together");
        }
        long more = waits.path("new_reviews").asLong(0);
        if (more > 0) {
            terminal.say("people would be asked about " + more + " more, which would wait "
                    + Counts.minutes(waits.path("new_s").asLong(0)) + " if each took the median");
        }
    }

    private void more(int left) {
        if (left > 0) {
            terminal.say("  and " + left + " more");
        }
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).stringValue("");
    }
}
