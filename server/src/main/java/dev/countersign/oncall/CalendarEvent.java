package dev.countersign.oncall;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An event of a calendar, RFC 5545 §3.6.1.
record CalendarEvent(List<ContentLine> lines) {
    /// What stands between the parts of a title: `On Call - Dana Ng - Payments`, `Payments (Dana Ng)`, `Primary: Dana`.
    private static final Pattern BETWEEN = Pattern.compile("\\s+[-\u2013\u2014/]\\s+|\\s*[|,;()\\[\\]]\\s*|:\\s+");

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int SHOWN = 80;

    Optional<ContentLine> line(String name) {
        return lines.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    Stream<ContentLine> all(String name) {
        return lines.stream().filter(it -> it.name().equals(name));
    }

    String uid() {
        return line("UID").map(ContentLine::value).orElse("");
    }

    boolean isCancelled() {
        return line("STATUS")
                .filter(it -> it.value().strip().equalsIgnoreCase("CANCELLED"))
                .isPresent();
    }

    /// Those of the names that it is about: whom it invites, by address or name, or else whom a part of its title
    /// names.
    /// A part is the whole name: nobody is on call because another's begins like theirs. Who declined is not.
    Set<String> names(Set<String> known) {
        var byKey = known.stream().collect(Collectors.toMap(CalendarEvent::key, Function.identity(), (a, _) -> a));
        var invited = found(
                byKey,
                all("ATTENDEE")
                        .filter(it -> !it.parameter("PARTSTAT").equalsIgnoreCase("DECLINED"))
                        .flatMap(it -> Stream.of(address(it.value()), it.parameter("CN"))));
        return invited.isEmpty() ? found(byKey, parts()) : invited;
    }

    private static Set<String> found(java.util.Map<String, String> byKey, Stream<String> texts) {
        return texts.flatMap(it -> Optional.ofNullable(byKey.get(key(it))).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<String> parts() {
        var title = line("SUMMARY").map(ContentLine::text).orElse("");
        return Stream.concat(Stream.of(title), BETWEEN.splitAsStream(title));
    }

    private static String address(String uri) {
        return uri.strip().toLowerCase(Locale.ROOT).startsWith("mailto:")
                ? uri.strip().substring(7)
                : "";
    }

    /// As names are compared.
    static String key(String name) {
        return BLANKS.matcher(name.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    /// What it is called, for people to read.
    String title() {
        var said = Stream.concat(
                        line("SUMMARY").stream().map(ContentLine::text),
                        all("ATTENDEE").map(it -> address(it.value())))
                .map(it -> it.codePoints()
                        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .strip())
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse("an event without a title");
        return said.length() <= SHOWN
                ? said
                : said.substring(0, said.offsetByCodePoints(0, said.codePointCount(0, SHOWN) - 1)) + "\u2026";
    }
}
