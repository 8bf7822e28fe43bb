package dev.countersign.cli;

import dev.countersign.dashboard.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Whom a request waits for or would, how long that takes, and what smaller one would get further, for whoever asked.
final class PlanWords {
    private final Terminal terminal;

    PlanWords(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Tells all of it, and gives the exit code.
    int tell(JsonNode plan, boolean json) {
        boolean refused = plan.has("refused");
        if (json) {
            terminal.json(plan);
            return refused ? 1 : 0;
        }
        terminal.say(headline(plan));
        line("rules", RequestsCommand.texts(plan.path("rules")));
        line("risk", text(plan, "risk"));
        line("because", text(plan.path("refused"), "sentence"));
        plan.path("findings").forEach(it -> line("finding", text(it, "sentence")));
        if (plan.has("within") && !refused) {
            line("within", Moment.words(seconds(plan, "within")));
        }
        waits(plan);
        instead(plan);
        return refused ? 1 : 0;
    }

    private static String headline(JsonNode plan) {
        var client = text(plan, "client");
        if (plan.has("refused")) {
            return client + " would be refused at once";
        }
        if (plan.path("observed").asBoolean(false)) {
            return client + " would get a token at once: what policy says is recorded and not followed yet";
        }
        return text(plan, "verdict").equals("approve")
                ? client + " would get a token at once"
                : "people would be asked whether " + client + " gets a token";
    }

    /// Who could decide now, and how long that usually takes.
    void waits(JsonNode it) {
        it.path("waits_for").forEach(stage -> line("waits for", stage(stage, !it.has("away"))));
        if (it.has("expected_wait")) {
            var wait = it.path("expected_wait");
            int undecided = wait.path("undecided").asInt(0);
            line(
                    "usually",
                    "half within " + Moment.words(seconds(wait, "median")) + ", 19 of 20 within "
                            + Moment.words(seconds(wait, "p95")) + " ("
                            + wait.path("decided").asInt(0)
                            + " like it in 30 days" + (undecided == 0 ? "" : ", " + undecided + " ran out undecided")
                            + ")");
        }
    }

    private static String stage(JsonNode stage, boolean withAway) {
        var people =
                stage.path("people").valueStream().map(it -> it.stringValue("")).collect(Collectors.joining(", "));
        var away =
                stage.path("away").valueStream().map(it -> text(it, "person")).collect(Collectors.joining(", "));
        int open = stage.path("needed").asInt(0) - stage.path("votes").asInt(0);
        return text(stage, "group") + ", " + open + " of " + (people.isEmpty() ? "nobody who is there" : people)
                + (away.isEmpty() || !withAway ? "" : "; away: " + away);
    }

    /// What smaller request would get further.
    void instead(JsonNode it) {
        it.path("instead").forEach(each -> line("instead", instead(each, RequestsCommand.asks(each))));
    }

    private static String instead(JsonNode it, String what) {
        var asked = what + RequestsCommand.lifetime(it);
        if (text(it, "by").equals("people")) {
            return asked + ": people granted that on " + new Moment(Instant.parse(text(it, "at"))).day();
        }
        return asked
                + (text(it, "verdict").equals("approve") ? ": passes at once by " : ": people are asked by ")
                + RequestsCommand.texts(it.path("rules"));
    }

    private void line(String name, String value) {
        if (!value.isBlank()) {
            terminal.say("  %-12s %s".formatted(name, value));
        }
    }

    private static Duration seconds(JsonNode it, String name) {
        return Duration.ofSeconds(it.path(name).asLong(0));
    }

    private static String text(JsonNode node, String name) {
        return RequestsCommand.text(node, name);
    }
}
