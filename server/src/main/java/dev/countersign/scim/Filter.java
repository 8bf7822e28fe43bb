package dev.countersign.scim;

import dev.countersign.http.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A filter of RFC 7644 §3.4.2.2 as far as providers need it: `attribute eq value`, and several joined by `and`. What
/// is more than that is refused, and never taken for less.
final class Filter {
    private static final int LONGEST = 1_000;
    private static final int MOST = 4;

    private static final Pattern TERM = Pattern.compile(
            "\\s*([A-Za-z$][A-Za-z0-9$:._-]*)\\s+([A-Za-z]{2})\\s+(\"(?:[^\"\\\\]|\\\\.)*+\"|true|false)\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern AND = Pattern.compile("and\\s", Pattern.CASE_INSENSITIVE);

    private Filter() {}

    /// The values that are wanted, by attribute as it is written.
    static Map<String, String> parse(String text) {
        if (text.length() > LONGEST) {
            throw ScimFault.invalidFilter("a filter has at most " + LONGEST + " characters");
        }
        var wanted = new LinkedHashMap<String, String>();
        var term = TERM.matcher(text);
        int at = 0;
        while (true) {
            if (!term.region(at, text.length()).lookingAt() || !term.group(2).equalsIgnoreCase("eq")) {
                throw refused();
            }
            if (wanted.put(term.group(1), value(term.group(3))) != null) {
                throw ScimFault.invalidFilter(term.group(1) + " stands in the filter twice");
            }
            at = term.end();
            if (at == text.length()) {
                return wanted;
            }
            var and = AND.matcher(text).region(at, text.length());
            if (!and.lookingAt() || wanted.size() == MOST) {
                throw refused();
            }
            at = and.end();
        }
    }

    private static ScimFault refused() {
        return ScimFault.invalidFilter(
                "a filter is ATTRIBUTE eq \"VALUE\", or up to " + MOST + " of these joined by `and`");
    }

    private static String value(String written) {
        if (!written.startsWith("\"")) {
            return written.toLowerCase(Locale.ROOT);
        }
        try {
            return Json.read(written).stringValue("");
        } catch (Json.Malformed e) {
            throw ScimFault.invalidFilter("a value in a filter is " + e.getMessage());
        }
    }

    /// What is looked for in a list of resources, by what the schema calls it.
    static Map<String, String> of(ResourceType type, String text) {
        var wanted = new LinkedHashMap<String, String>();
        parse(text).forEach((name, value) -> {
            if (wanted.put(searched(type, name), value) != null) {
                throw ScimFault.invalidFilter(name + " stands in the filter twice");
            }
        });
        return wanted;
    }

    private static String searched(ResourceType type, String written) {
        var name = AttributePath.withoutSchema(type, written).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "id" -> "id";
            case "externalid" -> "externalId";
            case "username" -> only(ResourceType.USER, type, "userName");
            case "displayname" -> only(ResourceType.GROUP, type, "displayName");
            case "members", "members.value" -> only(ResourceType.GROUP, type, "members.value");
            default -> throw unsearched(type);
        };
    }

    private static String only(ResourceType of, ResourceType type, String name) {
        if (!of.equals(type)) {
            throw unsearched(type);
        }
        return name;
    }

    private static ScimFault unsearched(ResourceType type) {
        return ScimFault.invalidFilter(
                type.equals(ResourceType.USER)
                        ? "users are looked for by id, userName and externalId"
                        : "groups are looked for by id, displayName, externalId and members.value");
    }
}
