package dev.countersign.policy;

import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// Says facts to people: what a client wrote stands in quotes, and nothing in it acts.
public final class FactWords {
    private static final int LONGEST = 200;

    private FactWords() {}

    /// The value of a fact; `unknown` when it is, and why when that is known.
    public static String of(Facts facts, String name) {
        return facts.value(name)
                .map(it -> of(name, it))
                .orElseGet(() -> ClientText.inert(facts.unknown(name), LONGEST));
    }

    /// A value of the fact of that name.
    public static String of(String name, Object value) {
        if (name.equals("risk") && value instanceof Long level) {
            return risk(level);
        }
        var text = switch (value) {
            case Collection<?> list -> "[" + list.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "]";
            case AuthorizationDetails details -> details.canonical();
            case String it -> it.isEmpty() && !Facts.isClientText(name) ? "\"\"" : it;
            default -> value.toString();
        };
        var inert = ClientText.inert(text, LONGEST);
        boolean words = !(value instanceof Boolean || value instanceof Long);
        return words && Facts.isClientText(name) ? "“" + inert + "”" : inert;
    }

    private static String risk(long level) {
        return FactSchema.constants().entrySet().stream()
                .limit(4) // the risks come first
                .filter(it -> it.getValue() == level)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(String.valueOf(level));
    }

    /// For machines.
    public static Object json(Object value) {
        return switch (value) {
            case AuthorizationDetails details -> Json.read(details.canonical());
            case Amounts amounts -> amounts.texts();
            default -> value;
        };
    }
}
