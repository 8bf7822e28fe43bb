package dev.countersign.scim;

import dev.countersign.http.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a provider sent: under the names of the schema, in its types, and without what is not kept.
final class Resource {
    /// As long as a text may be.
    private static final int LONGEST = 255;

    /// As much of a list as anybody has who is not a group.
    private static final int MOST = 50;

    private Resource() {}

    /// The attributes of a resource that are kept.
    static ObjectNode read(ResourceType type, JsonNode sent) {
        if (!sent.isObject()) {
            throw ScimFault.invalidSyntax("a " + type.title() + " is a JSON object");
        }
        if (sent.propertyNames().stream().anyMatch(AttributePath::isOurs)) {
            throw ScimFault.invalidSyntax(
                    "the attributes of a " + type.title() + " stand in it, and not under their schema");
        }
        return object(type.attributes(), sent);
    }

    private static ObjectNode object(List<Attribute> attributes, JsonNode sent) {
        var kept = Json.object();
        Attribute.named(attributes, sent.properties())
                .forEach((attribute, value) -> value(attribute, value).ifPresent(it -> kept.set(attribute.name(), it)));
        return kept;
    }

    /// The value of an attribute; empty when it is null, or an empty list: RFC 7643 §2.5.
    static Optional<JsonNode> value(Attribute of, JsonNode sent) {
        if (sent.isNull() || sent.isMissingNode()) {
            return Optional.empty();
        }
        return of.many()
                ? Optional.of(list(of, sent)).filter(it -> !it.isEmpty()).map(it -> it)
                : one(of, sent);
    }

    /// The members of a list; one may stand there without a list around it.
    static ArrayNode list(Attribute of, JsonNode sent) {
        var kept = Json.array();
        if (sent.isArray()) {
            sent.forEach(it -> kept.add(element(of, it)));
        } else {
            kept.add(element(of, sent));
        }
        if (!of.name().equals("members") && kept.size() > MOST) {
            throw ScimFault.of(413, of.name() + " has at most " + MOST + " values");
        }
        return kept;
    }

    private static JsonNode element(Attribute of, JsonNode sent) {
        var kept = sent.isString() ? Json.object().put("value", sent.stringValue()) : sent;
        if (!kept.isObject()) {
            throw ScimFault.invalidValue(of.name() + " is a list of objects");
        }
        return object(of.subs(), kept);
    }

    private static Optional<JsonNode> one(Attribute of, JsonNode sent) {
        return switch (of.type()) {
            case STRING, REFERENCE -> text(of, sent);
            case BOOLEAN -> Optional.of(flag(of, sent));
            case COMPLEX -> {
                if (!sent.isObject()) {
                    throw ScimFault.invalidValue(of.name() + " is an object");
                }
                yield Optional.of(object(of.subs(), sent));
            }
        };
    }

    private static Optional<JsonNode> text(Attribute of, JsonNode sent) {
        if (!sent.isString()) {
            throw ScimFault.invalidValue(of.name() + " is a string");
        }
        var text = sent.stringValue();
        if (text.codePointCount(0, text.length()) > LONGEST) {
            throw ScimFault.invalidValue(of.name() + " has at most " + LONGEST + " characters");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw ScimFault.invalidValue(of.name() + " has control characters");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(sent);
    }

    /// Some providers write a flag as a string, with a capital.
    private static JsonNode flag(Attribute of, JsonNode sent) {
        if (sent.isBoolean()) {
            return sent;
        }
        return switch (sent.isString() ? sent.stringValue().toLowerCase(Locale.ROOT) : "") {
            case "true" -> Json.node(true);
            case "false" -> Json.node(false);
            default -> throw ScimFault.invalidValue(of.name() + " is true or false");
        };
    }
}
