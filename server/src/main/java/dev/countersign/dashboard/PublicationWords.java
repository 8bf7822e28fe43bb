package dev.countersign.dashboard;

import dev.countersign.approval.Briefed;
import dev.countersign.http.Json;
import dev.countersign.oauth.ClientText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Puts what is kept of a publication into words: what becomes looser first, for that is what a reviewer answers for.
final class PublicationWords {
    private PublicationWords() {}

    static RequestView.Publication of(Briefed briefed) {
        return switch (briefed) {
            case Briefed.Kept(var shown) -> of(shown);
            case Briefed.Changed(var said) ->
                new RequestView.Publication(
                        List.of(new RequestView.Part("Changed behind the server's back", List.of(said))),
                        Optional.empty());
        };
    }

    static RequestView.Publication of(String shown) {
        var json = Json.read(shown);
        var parts = new ArrayList<RequestView.Part>();
        if (json.has("unattended")) {
            parts.add(unattended(json.path("unattended")));
        }
        parts.add(looser(json));
        parts.add(past(json.path("backtest")));
        for (var change : json.path("changes")) {
            var title = text(change, "kind") + " " + text(change, "name") + " " + text(change, "how");
            parts.add(new RequestView.Part(
                    title,
                    change.path("lines")
                            .valueStream()
                            .map(it -> inert(it.stringValue("")))
                            .toList()));
        }
        int left = json.path("changes_left").asInt(0);
        if (left > 0) {
            parts.add(new RequestView.Part("and " + left + " more changes", List.of()));
        }
        parts.add(new RequestView.Part("Tests", List.of(json.path("tests").asInt(0) + " of its tests passed")));
        var flips = FlipsView.of(json.path("backtest").path("matrix"));
        return new RequestView.Publication(
                List.copyOf(parts), Optional.of(flips).filter(it -> it.compared() > 0));
    }

    /// By the prover, over all requests. That nobody could look is told as loudly.
    static RequestView.Part unattended(JsonNode it) {
        var lines = new ArrayList<String>();
        if (!text(it, "failed").isEmpty()) {
            lines.add("not known: " + inert(text(it, "failed")));
        } else if (it.path("regions").isEmpty()) {
            lines.add("nothing, of all requests that could be made, as networks and calendars are named");
        }
        for (var region : it.path("regions")) {
            var where = text(region, "client") + " at " + text(region, "resource") + " by rule " + text(region, "rule");
            lines.add(inert(
                    region.has("given")
                            ? where + ", such as " + text(region, "given")
                            : "perhaps " + where + ", nobody can say: " + text(region, "inconclusive")));
        }
        more(lines, it.path("left").asLong(0));
        return new RequestView.Part("Goes through unattended now, and did not", List.copyOf(lines));
    }

    private static void more(List<String> lines, long left) {
        if (left > 0) {
            lines.add("and " + left + " more");
        }
    }

    private static RequestView.Part looser(JsonNode json) {
        var lines = new ArrayList<String>();
        for (var line : json.path("looser")) {
            lines.add(inert(text(line, "what") + ": " + words(line.path("how"), "; "))
                    + (line.path("unattended").asBoolean(false) ? " (nobody is asked)" : ""));
        }
        more(lines, json.path("looser_left").asLong(0));
        if (lines.isEmpty()) {
            lines.add("nothing, among " + json.path("looked").asInt(0) + " requests tried");
        }
        return new RequestView.Part("Looser in", List.copyOf(lines));
    }

    /// Who asked for which scopes: "refund-bot, refunds:write".
    static String asked(JsonNode named) {
        var scopes = words(named.path("scopes"), " ");
        return text(named, "client") + (scopes.isEmpty() ? "" : ", " + scopes);
    }

    private static RequestView.Part past(JsonNode backtest) {
        if (backtest.has("failed")) {
            return new RequestView.Part("The last requests", List.of(text(backtest, "failed")));
        }
        var lines = new ArrayList<String>();
        lines.add("of " + backtest.path("compared").asLong(0) + " decisions since " + text(backtest, "since") + ", "
                + backtest.path("flipped").asLong(0) + " would have another verdict, "
                + backtest.path("loosened").asLong(0) + " be looser, "
                + backtest.path("tightened").asLong(0) + " tighter");
        for (var each : backtest.path("loosenings")) {
            lines.add(inert("looser: " + asked(each) + ": " + words(each.path("how"), "; ") + " (request "
                    + text(each, "request") + ")"));
        }
        more(
                lines,
                backtest.path("loosened").asLong(0)
                        - backtest.path("loosenings").size());
        lines.addAll(waits(backtest.path("waits")));
        return new RequestView.Part("The last requests", List.copyOf(lines));
    }

    /// What it takes of people's time and saves them; empty when neither.
    static List<String> waits(JsonNode waits) {
        var lines = new ArrayList<String>();
        long saved = waits.path("saved_reviews").asLong(0);
        if (saved > 0) {
            lines.add("people would not be asked about " + saved + " of them, which waited "
                    + minutes(waits.path("saved_s").asLong(0)) + " all together");
        }
        long more = waits.path("new_reviews").asLong(0);
        if (more > 0) {
            lines.add("people would be asked about " + more + " more, which would wait "
                    + minutes(waits.path("new_s").asLong(0)) + " if each took the median");
        }
        return lines;
    }

    private static String minutes(long seconds) {
        return seconds < 60 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
    }

    static String words(JsonNode list, String between) {
        return list.valueStream().map(it -> it.stringValue("")).collect(Collectors.joining(between));
    }

    static String text(JsonNode node, String name) {
        return node.path(name).stringValue("");
    }

    static String inert(String text) {
        return ClientText.inert(text, 1_000);
    }
}
