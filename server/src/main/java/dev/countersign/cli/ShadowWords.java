package dev.countersign.cli;

import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Says what a server's shadow has seen, from what the API tells of it.
final class ShadowWords {
    private final Terminal terminal;
    private final JsonNode seen;

    ShadowWords(Terminal terminal, JsonNode seen) {
        this.terminal = terminal;
        this.seen = seen;
    }

    void tell() {
        var table = new FlipTable(terminal);
        var beside = text("in_force").isEmpty() ? "" : " beside " + text("in_force");
        terminal.say(
                "candidate " + text("candidate") + beside + " since " + Spans.moment(Instant.parse(text("since"))));
        if (number("compared") == 0) {
            terminal.say("no decision to compare yet");
        } else {
            table.matrix(
                    "DECIDED",
                    (was, now) -> seen.path("matrix")
                            .path(was.word())
                            .path(now.word())
                            .asLong(0));
            terminal.say(Counts.of(number("flipped"), "flip") + " among " + Counts.of(number("compared"), "decision"));
            table.loosened(
                    number("loosened"),
                    number("loosened_within"),
                    seen.path("loosenings")
                            .valueStream()
                            .map(ShadowWords::loosened)
                            .toList());
            table.tightened(number("tightened"), number("tightened_within"));
        }
        table.told("dropped, since more was decided than could be judged beside it", number("dropped"));
        table.told("the candidate failed to judge; the server's log has why", number("failed"));
    }

    private static Flips.Named loosened(JsonNode it) {
        return new Flips.Named(
                it.path("request").stringValue(""),
                Instant.parse(it.path("at").stringValue("")),
                it.path("client").stringValue(""),
                it.path("resource").stringValue(""),
                texts(it.path("scopes")),
                word(it.path("was")),
                texts(it.path("rules")),
                word(it.path("now")),
                texts(it.path("candidate_rules")),
                texts(it.path("how")));
    }

    private static Word word(JsonNode word) {
        return Word.valueOf(word.stringValue("").toUpperCase(Locale.ROOT));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(it -> it.stringValue("")).toList();
    }

    private String text(String member) {
        return seen.path(member).stringValue("");
    }

    private long number(String member) {
        return seen.path(member).asLong(0);
    }
}
