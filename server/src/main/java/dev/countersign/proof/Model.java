package dev.countersign.proof;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the values that the verifier found: a line for each variable, `name = value`, with texts as Z3 writes them.
///
/// What it cannot read it leaves out. Nobody believes a value before the policy has judged it.
final class Model {
    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.]*) = (.*)");
    private static final Pattern ESCAPE = Pattern.compile("\"\"|\\\\u\\{([0-9a-fA-F]{1,6})}");

    private Model() {}

    static Map<String, Object> read(String text) {
        var values = new HashMap<String, Object>();
        text.lines().forEach(line -> {
            var variable = LINE.matcher(line);
            if (variable.matches()) {
                read(variable.group(1), variable.group(2), values);
            }
        });
        return values;
    }

    private static void read(String name, String value, Map<String, Object> into) {
        if (value.equals("true") || value.equals("false")) {
            into.put(name, value.equals("true"));
        } else if (value.matches("-?[0-9]{1,18}")) {
            into.put(name, Long.valueOf(value));
        } else if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
            into.put(
                    name,
                    ESCAPE.matcher(value.substring(1, value.length() - 1))
                            .replaceAll(it -> Matcher.quoteReplacement(character(it.group(1)))));
        }
    }

    private static String character(@Nullable String hex) {
        if (hex == null) {
            return "\"";
        }
        int point = Integer.parseInt(hex, 16);
        return Character.isValidCodePoint(point) ? Character.toString(point) : "?";
    }
}
