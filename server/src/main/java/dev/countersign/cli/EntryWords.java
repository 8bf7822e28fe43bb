package dev.countersign.cli;

import dev.countersign.http.Json;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.ClientText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Says for people what stands in ledger entries: first what was decided and why, then the rest.
final class EntryWords {
    private static final int LONGEST = 500;

    /// What whoever has a reference wants to know first.
    private static final List<String> FIRST = List.of(
            Member.VERDICT,
            Member.OUTCOME,
            Member.VOTE,
            Member.BECAUSE,
            Member.SENTENCE,
            Member.RULES,
            Member.POLICY_VERSION,
            Member.RISK,
            Member.CLIENT,
            Member.RESOURCE,
            Member.SCOPES);

    /// What a leaf counts from 1970 on, in milliseconds and in seconds.
    private static final Set<String> MILLIS =
            Set.of(Member.EXPIRES_AT, Member.COLLECT_BY, Member.APPROVED_UNTIL, Member.UNTIL);

    private static final Set<String> SECONDS = Set.of(Member.IAT, Member.EXP);

    private final Terminal terminal;

    EntryWords(Terminal terminal) {
        this.terminal = terminal;
    }

    void tell(List<JsonNode> entries) {
        for (var entry : entries) {
            terminal.say("#%d  %s  %s  by %s %s"
                    .formatted(
                            entry.path("index").asLong(0),
                            entry.path("at").stringValue(""),
                            entry.path("code").stringValue(""),
                            entry.path("actor").path("kind").stringValue(""),
                            entry.path("actor").path("id").stringValue("")));
            line("request", entry.path("request").stringValue(""));
            line("hash", entry.path("hash").stringValue(""));
            body(entry.path("body"));
            entry.path("disclosures").forEach(this::disclosed);
            terminal.say("");
        }
    }

    private void body(JsonNode body) {
        var names = new ArrayList<>(FIRST);
        body.propertyNames().stream().filter(it -> !FIRST.contains(it)).forEach(names::add);
        names.stream().filter(body::has).forEach(it -> line(it, words(it, body.path(it))));
    }

    private static String words(String name, JsonNode value) {
        if (MILLIS.contains(name)) {
            return Spans.moment(Instant.ofEpochMilli(value.asLong(0)));
        }
        return SECONDS.contains(name) ? Spans.moment(Instant.ofEpochSecond(value.asLong(0))) : words(value);
    }

    private void disclosed(JsonNode disclosure) {
        var name = disclosure.path("name").stringValue("");
        var value = disclosure.path("value").stringValue("");
        if (!disclosure.path("value").isString()) {
            line(name, "(erased)");
        } else if (name.equals(Member.FACTS)) {
            terminal.say("    facts");
            var facts = Json.read(value);
            for (var part : List.of("facts", "added")) {
                facts.path(part).forEachEntry((fact, it) -> terminal.say("      %-28s %s".formatted(fact, words(it))));
            }
            if (facts.path("schema").asInt(1) > 1) {
                terminal.say("      all others are as quiet as they can be");
            }
        } else {
            line(name, "“" + ClientText.inert(value, LONGEST) + "”");
        }
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            terminal.say("    %-16s %s".formatted(name.replace('_', ' '), value));
        }
    }

    private static String words(JsonNode value) {
        var text = value.isNull()
                ? "unknown"
                : value.isArray()
                        ? value.valueStream().map(EntryWords::words).collect(Collectors.joining(", "))
                        : value.asString(value.toString());
        return ClientText.inert(text, LONGEST);
    }
}
