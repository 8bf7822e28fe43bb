package dev.countersign.review;

import dev.countersign.http.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The query of a call: known names, each once.
public final class Query {
    static final int USUAL = 50;
    static final int MOST = 200;

    private final Map<String, String> values = new HashMap<>();

    private Query() {}

    /// Reads it.
    ///
    /// @throws Problem when it has others
    public static Query of(Request request, Set<String> known) {
        var query = new Query();
        for (var field : request.query()) {
            if (!known.contains(field.name())) {
                throw new Problem(
                        400,
                        "Unknown parameter",
                        "the parameters are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (query.values.put(field.name(), field.value()) != null) {
                throw new Problem(400, "Twice the same", field.name() + " is given twice");
            }
        }
        return query;
    }

    /// Empty when it is not given.
    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    /// Comma-separated.
    List<String> list(String name) {
        return Arrays.stream(text(name).split(",")).filter(it -> !it.isEmpty()).toList();
    }

    Optional<String> choice(String name, Set<String> of) {
        var value = text(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!of.contains(value)) {
            throw new Problem(
                    400,
                    "Unknown " + name,
                    name + " is one of "
                            + String.join(", ", of.stream().sorted().toList()));
        }
        return Optional.of(value.toUpperCase(java.util.Locale.ROOT));
    }

    boolean flag(String name) {
        return switch (text(name)) {
            case "", "false" -> false;
            case "true" -> true;
            default -> throw new Problem(400, "Not a flag", name + " is true or false");
        };
    }

    /// How long a page may be.
    public int limit() {
        return Math.clamp(number("limit", USUAL), 1, MOST);
    }

    /// A whole number that need not be there.
    public long number(String name, long otherwise) {
        var value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!value.matches("[0-9]{1,15}")) {
            throw new Problem(400, "Not a number", name + " is a whole number");
        }
        return Long.parseLong(value);
    }
}
