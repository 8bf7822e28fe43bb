package dev.countersign.oncall;

import dev.countersign.people.OnCallCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    /// For one whose blanks are single ones.
    private static final Pattern BETWEEN = Pattern.compile(" [-\u2013\u2014/] | ?[|,;()\\[\\]] ?|: ");

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int SHOWN = 80;

    /// A title that is longer names nobody: of a piece of it the last name could be another's.
    static final int LONGEST_TITLE = 500;

    private static final Set<String> NOT_COMING = Set.of("DECLINED", "DELEGATED");

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

    /// Names as they are compared, and how they are written.
    static Map<String, String> keys(Set<String> names) {
        return names.stream().collect(Collectors.toMap(OnCallCalendar::key, Function.identity(), (a, _) -> a));
    }

    /// Those of the names that it is about: whom it invites, by address or name, or else whom a part of its title
    /// names. A part is the whole name: nobody is on call because another's begins like theirs. Who declined is
    /// not, and not by the title: it does not say which of those that it names that was.
    Set<String> names(Map<String, String> keys) {
        var invited = found(
                keys,
                all("ATTENDEE")
                        .filter(it -> !isAway(it))
                        .flatMap(it -> Stream.of(address(it.value()), it.parameter("CN"))));
        return invited.isEmpty() && all("ATTENDEE").noneMatch(CalendarEvent::isAway) ? found(keys, parts()) : invited;
    }

    private static boolean isAway(ContentLine attendee) {
        return NOT_COMING.contains(attendee.parameter("PARTSTAT").strip().toUpperCase(Locale.ROOT));
    }

    private static Set<String> found(Map<String, String> keys, Stream<String> texts) {
        return texts.flatMap(it -> Optional.ofNullable(keys.get(OnCallCalendar.key(it))).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<String> parts() {
        var title = line("SUMMARY")
                .filter(it -> it.value().length() <= LONGEST_TITLE)
                .map(it -> BLANKS.matcher(it.text()).replaceAll(" "))
                .orElse("");
        return Stream.concat(Stream.of(title), BETWEEN.splitAsStream(title));
    }

    private static String address(String uri) {
        return uri.strip().toLowerCase(Locale.ROOT).startsWith("mailto:")
                ? uri.strip().substring(7)
                : "";
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
