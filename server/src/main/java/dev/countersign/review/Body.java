package dev.countersign.review;

import dev.countersign.http.Json;
import dev.countersign.http.Request;
import dev.countersign.passkey.Assertion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The JSON object a call carries: known members only.
public final class Body {
    private static final int MOST = 64 * 1024;

    private final JsonNode json;

    private Body(JsonNode json) {
        this.json = json;
    }

    /// Reads a short one.
    ///
    /// @throws Problem when it is not an object of these members
    public static Body of(Request request, Set<String> known) {
        return of(request, known, MOST);
    }

    /// Reads it.
    ///
    /// @param most how many bytes it may have
    /// @throws Problem when it is not an object of these members
    public static Body of(Request request, Set<String> known, int most) {
        if (!request.header("Content-Type").orElse("").startsWith("application/json")) {
            throw new Problem(415, "Not JSON", "send Content-Type: application/json");
        }
        JsonNode json;
        try {
            json = Json.read(request.body(most));
        } catch (Json.Malformed e) {
            throw new Problem(400, "Not JSON", String.valueOf(e.getMessage()));
        }
        if (!json.isObject()) {
            throw new Problem(400, "Not an object", "the body is a JSON object");
        }
        json.propertyNames().stream()
                .filter(it -> !known.contains(it))
                .findFirst()
                .ifPresent(it -> {
                    throw new Problem(
                            400,
                            "Unknown member",
                            "the members are "
                                    + String.join(", ", known.stream().sorted().toList()));
                });
        return new Body(json);
    }

    /// Whether a member is there and not null.
    public boolean has(String name) {
        return json.has(name) && !json.path(name).isNull();
    }

    /// A member, whatever it is.
    public JsonNode node(String name) {
        return json.path(name);
    }

    /// A member that must be a text.
    public String text(String name) {
        if (!json.path(name).isString()) {
            throw new Problem(400, "Not a text", name + " is a string");
        }
        return json.path(name).stringValue("");
    }

    /// A text that need not be there.
    public String textOr(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    /// A member that must be a whole number.
    public long whole(String name) {
        if (!json.path(name).isIntegralNumber() || !json.path(name).canConvertToLong()) {
            throw new Problem(400, "Not a number", name + " is a whole number");
        }
        return json.path(name).longValue();
    }

    /// The signature of a passkey; empty when it carries none.
    Optional<Assertion> signature() {
        if (!has("signature")) {
            return Optional.empty();
        }
        var it = json.path("signature");
        return Optional.of(new Assertion(
                it.path("credential").stringValue(""),
                it.path("client_data").stringValue(""),
                it.path("authenticator_data").stringValue(""),
                it.path("signature").stringValue("")));
    }

    List<String> texts(String name) {
        var node = json.path(name);
        if (!node.isArray() || !node.valueStream().allMatch(JsonNode::isString)) {
            throw new Problem(400, "Not a list", name + " is a list of strings");
        }
        return node.valueStream().map(it -> it.stringValue("")).toList();
    }
}
