package dev.countersign.dashboard;

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

    static RequestView.Publication of(String shown) {
        var json = Json.read(shown);
        var parts = new ArrayList<RequestView.Part>();
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

    private static RequestView.Part looser(JsonNode json) {
        var lines = new ArrayList<String>();
        for (var line : json.path("looser")) {
            var how =
                    line.path("how").valueStream().map(it -> it.stringValue("")).collect(Collectors.joining("; "));
            lines.add(inert(text(line, "what") + ": " + how)
                    + (line.path("unattended").asBoolean(false) ? " (nobody is asked)" : ""));
        }
        int left = json.path("looser_left").asInt(0);
        if (left > 0) {
            lines.add("and " + left + " more");
        }
        if (lines.isEmpty()) {
            lines.add("nothing, among " + json.path("looked").asInt(0) + " requests tried");
        }
        return new RequestView.Part("Looser in", List.copyOf(lines));
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
        return new RequestView.Part("The last requests", List.copyOf(lines));
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).stringValue("");
    }

    private static String inert(String text) {
        return ClientText.inert(text, 1_000);
    }
}
