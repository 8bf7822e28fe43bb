package dev.countersign.dashboard;

import dev.countersign.policy.Condition;
import dev.countersign.policy.Part;
import dev.countersign.policy.Part.Joint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Says a condition in words, as far as there are words for it: a comparison that nobody foresaw stands as it is
/// written. The condition itself is shown beside it, since it is what counts.
final class ConditionWords {
    private static final String FACT = "([a-z_.]+)";
    private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final String NUMBER = "(-?[0-9]+|[A-Z]+)";
    private static final Pattern AMONG = Pattern.compile(TEXT + " in " + FACT);
    private static final Pattern ONE_OF = Pattern.compile(FACT + " in \\[(.*)]");
    private static final Pattern NUMBERS = Pattern.compile(FACT + " (==|!=|<|<=|>|>=) " + NUMBER);
    private static final Pattern TEXTS = Pattern.compile(FACT + " (==|!=) " + TEXT);
    private static final Pattern SIZE =
            Pattern.compile("(?:size\\(" + FACT + "\\)|" + FACT + "\\.size\\(\\)) (==|>) 0");
    private static final Pattern TRUTH = Pattern.compile(FACT);

    /// That a list of names has one, and that it has not, "%s" being the name.
    private static final Map<String, List<String>> LISTS = Map.ofEntries(
            Map.entry("scopes", List.of("it asks for %s", "it does not ask for %s")),
            Map.entry(
                    "details_types", List.of("it asks with details of type %s", "it asks with no details of type %s")),
            Map.entry("client.tags", List.of("its client is tagged %s", "its client is not tagged %s")),
            Map.entry("findings", List.of("it has the finding %s", "it does not have the finding %s")),
            Map.entry("usage.new", List.of("its %s is new", "its %s is known")),
            Map.entry("usage.first_time_scopes", List.of("%s is new to it", "%s is not new to it")),
            Map.entry(
                    "usage.first_time_details",
                    List.of("details of type %s are new to it", "details of type %s are not new")),
            Map.entry("usage.dormant_scopes", List.of("%s is dormant", "%s is not dormant")),
            Map.entry("time.windows", List.of("%s is open", "%s is not open")),
            Map.entry("time.holidays", List.of("%s has a holiday", "%s has no holiday")),
            Map.entry(
                    "network.names", List.of("it comes from the network %s", "it does not come from the network %s")));

    /// That a list is empty, and that it is not.
    private static final Map<String, List<String>> EMPTY = Map.of(
            "findings", List.of("nothing is unusual", "something is unusual"),
            "usage.first_time_scopes", List.of("it had all its scopes before", "a scope is new to it"),
            "usage.first_time_details", List.of("it had all its details types before", "a details type is new to it"),
            "usage.dormant_scopes", List.of("no scope is dormant", "a scope is dormant"),
            "usage.new", List.of("its surroundings are known", "something around it is new"),
            "time.windows", List.of("no calendar is open", "a calendar is open"),
            "time.holidays", List.of("no calendar has a holiday", "a calendar has a holiday"),
            "network.names", List.of("it comes from no named network", "it comes from a named network"));

    /// That a truth holds, and that it does not.
    private static final Map<String, List<String>> TRUTHS = Map.of(
            "break_glass", List.of("it breaks the glass", "it does not break the glass"),
            "auth.key_bound", List.of("its token is bound to a key", "its token is bound to no key"),
            "usage.attested", List.of("its client is attested", "its client is not attested"),
            "usage.mature", List.of("its habit is known well", "its habit is not known well yet"),
            "usage.first_resource",
                    List.of("it asks this API for the first time", "it had a token for this API before"),
            "usage.frozen", List.of("nothing is learned from it now", "it is learned from"),
            "usage.unfamiliar", List.of("it is a dormant or first-time privilege", "it is no unfamiliar privilege"),
            "true", List.of("always", "never"),
            "false", List.of("never", "always"));

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("client.id", "the client"),
            Map.entry("client.name", "the client's name"),
            Map.entry("client.owner", "the client's owner"),
            Map.entry("subject.id", "the subject"),
            Map.entry("resource", "the API"),
            Map.entry("resource_owner", "the API's owner"),
            Map.entry("risk", "its risk"),
            Map.entry("lifetime", "the lifetime it asks for, in seconds,"),
            Map.entry("reason", "its reason"),
            Map.entry("ticket", "its ticket"),
            Map.entry("time.zone", "the zone"),
            Map.entry("time.hour", "the hour"),
            Map.entry("time.weekday", "the day"),
            Map.entry("network.family", "the kind of its address"),
            Map.entry("auth.method", "its way to authenticate"),
            Map.entry("past_day.tokens", "the number of its tokens in 24 hours, with this one,"),
            Map.entry("usage.idle_days", "the number of days since its last token"),
            Map.entry("usage.uses", "the number of its tokens ever"),
            Map.entry("usage.peers_using", "the number of peers that had it"),
            Map.entry("usage.requests_hour", "the number of its requests in this hour"),
            Map.entry("usage.burst_count", "the number of its requests in a burst"),
            Map.entry("usage.same_reason", "how often it gave this reason today"),
            Map.entry("usage.denied", "how often people denied it the same today"),
            Map.entry("usage.uncollected", "the number of its uncollected approvals"),
            Map.entry("usage.unused_days", "the number of days on which its tokens were not used"),
            Map.entry("usage.drift", "its drift, of 100,"),
            Map.entry("usage.score", "its score, of 100,"));

    private ConditionWords() {}

    /// It in words, in the middle of a sentence that begins with "When".
    static String of(Condition condition) {
        return whole(condition.parts());
    }

    private static String whole(Part part) {
        return switch (part.joint()) {
            case AND -> joined(part.parts(), " and ");
            case OR -> joined(part.parts(), " or ");
            case NOT -> negated(part.parts().getFirst());
            case CHOICE -> asWritten(part);
            case NONE -> comparison(part, 0);
        };
    }

    /// Below another joint, so that nobody reads it as part of that.
    private static String below(Part part) {
        return switch (part.joint()) {
            case AND -> "(" + joined(part.parts(), " and ") + ")";
            case OR -> "(" + joined(part.parts(), " or ") + ")";
            case NOT, CHOICE, NONE -> whole(part);
        };
    }

    private static String joined(List<Part> parts, String last) {
        var words = parts.stream().map(ConditionWords::below).toList();
        return String.join(", ", words.subList(0, words.size() - 1)) + last + words.getLast();
    }

    private static String negated(Part part) {
        return part.joint() == Joint.NONE ? comparison(part, 1) : "not (" + whole(part) + ")";
    }

    /// @param way 0 that it holds, 1 that it does not
    private static String comparison(Part part, int way) {
        var text = part.text();
        return Stream.<Optional<String>>of(
                        among(AMONG.matcher(text), way),
                        oneOf(ONE_OF.matcher(text), way),
                        numbers(NUMBERS.matcher(text), way),
                        texts(TEXTS.matcher(text), way),
                        size(SIZE.matcher(text), way),
                        truth(TRUTH.matcher(text), way))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> (way == 1 ? "not " : "") + asWritten(part));
    }

    private static String asWritten(Part part) {
        return "`" + part.text() + "`";
    }

    private static Optional<String> among(Matcher it, int way) {
        return it.matches() && LISTS.containsKey(it.group(2))
                ? Optional.of(LISTS.get(it.group(2)).get(way).formatted("`" + it.group(1) + "`"))
                : Optional.empty();
    }

    private static Optional<String> oneOf(Matcher it, int way) {
        if (!it.matches() || !NAMES.containsKey(it.group(1))) {
            return Optional.empty();
        }
        var texts = new ArrayList<String>();
        var each = Pattern.compile(TEXT).matcher(it.group(2));
        while (each.find()) {
            texts.add("`" + each.group(1) + "`");
        }
        return texts.isEmpty()
                ? Optional.empty()
                : Optional.of(NAMES.get(it.group(1))
                        + is(way)
                        + (texts.size() > 1 ? "one of " : "")
                        + String.join(", ", texts));
    }

    private static String is(int way) {
        return way == 1 ? " is not " : " is ";
    }

    private static Optional<String> numbers(Matcher it, int way) {
        if (!it.matches() || !NAMES.containsKey(it.group(1))) {
            return Optional.empty();
        }
        var number = it.group(3).matches("[A-Z]+") ? word(it.group(3)) : it.group(3);
        return Optional.of(NAMES.get(it.group(1))
                + is(way)
                + switch (it.group(2)) {
                    case "==" -> number;
                    case "!=" -> "other than " + number;
                    case "<" -> "below " + number;
                    case "<=" -> "at most " + number;
                    case ">" -> "above " + number;
                    default -> "at least " + number;
                });
    }

    /// LOW is a risk and MONDAY a day.
    private static String word(String constant) {
        var lower = constant.toLowerCase(java.util.Locale.ROOT);
        return constant.endsWith("DAY") ? constant.charAt(0) + lower.substring(1) : lower;
    }

    private static Optional<String> texts(Matcher it, int way) {
        if (!it.matches() || !NAMES.containsKey(it.group(1))) {
            return Optional.empty();
        }
        boolean not = it.group(2).equals("!=") != (way == 1);
        var name = NAMES.get(it.group(1));
        return Optional.of(
                it.group(3).isEmpty()
                        ? name + (not ? " is given" : " is not given")
                        : name + is(not ? 1 : 0) + "`" + it.group(3) + "`");
    }

    private static Optional<String> size(Matcher it, int way) {
        if (!it.matches()) {
            return Optional.empty();
        }
        var list = it.group(1) == null ? it.group(2) : it.group(1);
        int empty = it.group(3).equals("==") ? 0 : 1;
        return Optional.ofNullable(EMPTY.get(list)).map(both -> both.get(empty == way ? 0 : 1));
    }

    private static Optional<String> truth(Matcher it, int way) {
        return it.matches()
                ? Optional.ofNullable(TRUTHS.get(it.group(1))).map(both -> both.get(way))
                : Optional.empty();
    }
}
