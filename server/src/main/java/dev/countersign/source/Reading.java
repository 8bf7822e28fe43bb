package dev.countersign.source;

import dev.countersign.policy.Fact;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// A fact in what a source says.
///
/// @param name as the source's part of its name has it: `open` of `source.tickets.open`
/// @param pointer where it stands, RFC 6901
public record Reading(String name, Fact.Type type, JsonPointer pointer) {
    /// Longer texts and lists are no facts: each decision keeps what it heard.
    private static final int CHARACTERS = 200;

    private static final int MEMBERS = 50;

    /// The value; empty when there is none of that type. Lists come sorted, with nothing twice.
    Optional<Object> of(JsonNode said) {
        var node = said.at(pointer);
        return switch (type) {
            case TRUTH -> node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
            case NUMBER ->
                node.isIntegralNumber() && node.canConvertToLong() ? Optional.of(node.longValue()) : Optional.empty();
            case TEXT -> isText(node) ? Optional.of(node.stringValue()) : Optional.empty();
            case TEXTS -> {
                boolean texts = node.isArray()
                        && node.size() <= MEMBERS
                        && node.valueStream().allMatch(Reading::isText);
                yield texts
                        ? Optional.of(new TreeSet<>(node.valueStream()
                                        .map(JsonNode::stringValue)
                                        .toList())
                                .stream().toList())
                        : Optional.empty();
            }
            case DETAILS, AMOUNTS -> Optional.empty();
        };
    }

    private static boolean isText(JsonNode node) {
        return node.isString()
                && node.stringValue().codePointCount(0, node.stringValue().length()) <= CHARACTERS;
    }
}
