package dev.countersign.oncall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// One line of a calendar, RFC 5545 §3.1, unfolded.
///
/// @param name in upper case
/// @param parameters by their names in upper case, without quotes
/// @param number of its first line in the feed
record ContentLine(String name, Map<String, String> parameters, String value, int number) {
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /// All lines of a feed.
    static List<ContentLine> all(String text) throws Unreadable {
        var lines = new ArrayList<ContentLine>();
        var whole = new StringBuilder();
        int number = 0;
        int began = 1;
        for (var raw : text.split("\r?\n", -1)) {
            number++;
            if (raw.startsWith(" ") || raw.startsWith("\t")) { // folded
                whole.append(raw, 1, raw.length());
                continue;
            }
            add(lines, whole.toString(), began);
            whole.setLength(0);
            whole.append(raw);
            began = number;
        }
        add(lines, whole.toString(), began);
        return lines;
    }

    private static void add(List<ContentLine> lines, String whole, int number) throws Unreadable {
        if (!whole.isBlank()) {
            lines.add(parse(whole, number));
        }
    }

    private static ContentLine parse(String text, int number) throws Unreadable {
        int end = unquoted(text, 0, ":;", number);
        var name = name(text.substring(0, end), number);
        var parameters = new HashMap<String, String>();
        while (text.charAt(end) == ';') {
            int next = unquoted(text, end + 1, ":;", number);
            var parameter = text.substring(end + 1, next);
            int is = parameter.indexOf('=');
            if (is < 0) {
                throw new Unreadable("line " + number + ": a parameter has no value");
            }
            parameters.put(
                    name(parameter.substring(0, is), number),
                    parameter.substring(is + 1).replace("\"", ""));
            end = next;
        }
        return new ContentLine(name, Map.copyOf(parameters), text.substring(end + 1), number);
    }

    private static String name(String text, int number) throws Unreadable {
        if (!NAMES.matcher(text).matches()) {
            throw new Unreadable("line " + number + ": this is no line of iCalendar (RFC 5545)");
        }
        return text.toUpperCase(Locale.ROOT);
    }

    /// Where the next of these characters stands outside of quotes.
    private static int unquoted(String text, int from, String wanted, int number) throws Unreadable {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && wanted.indexOf(c) >= 0) {
                return i;
            }
        }
        throw new Unreadable("line " + number + ": this is no line of iCalendar (RFC 5545)");
    }

    /// A parameter, empty when there is none.
    String parameter(String wanted) {
        return parameters.getOrDefault(wanted, "");
    }

    /// The value as text, RFC 5545 §3.3.11.
    String text() {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                char next = value.charAt(++i);
                text.append(next == 'n' || next == 'N' ? ' ' : next);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
