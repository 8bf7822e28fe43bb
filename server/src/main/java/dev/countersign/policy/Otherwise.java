package dev.countersign.policy;

import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Says in words what would have to be otherwise: what [WhyNot] finds.
public final class Otherwise {
    private Otherwise() {}

    /// All that an answer changes, as a sentence.
    public static String of(WhyNot.Answer answer) {
        return answer.changes().stream().map(Otherwise::of).collect(Collectors.joining("; "));
    }

    /// One change.
    public static String of(WhyNot.Change it) {
        return switch (it.fact()) {
            case "scopes" -> "ask for the scopes " + instead(it);
            case "details" -> "ask for the details " + instead(it);
            case "lifetime" -> "ask for a life of " + it.now() + " s instead of " + was(it) + " s";
            case "reason", "ticket" -> "give " + words(it);
            case "auth.key_bound" -> it.now().equals(true) ? "prove a key (DPoP)" : "prove no key";
            case BreakGlass.FACT -> it.now().equals(true) ? "break the glass" : "leave the glass whole";
            case "auth.method" -> "authenticate by " + instead(it);
            case "time.hour" -> "ask in the hour from %s:00 instead of %s:00".formatted(it.now(), was(it));
            case "time.weekday" -> "ask on a " + day(it.now());
            case FactSchema.WINDOWS ->
                it.now().equals(List.of())
                        ? "ask while none of these is open: " + was(it)
                        : "ask while these are open: " + instead(it);
            case FactSchema.HOLIDAYS ->
                it.now().equals(List.of())
                        ? "ask on a day that is no holiday of these: " + was(it)
                        : "ask on a holiday of these: " + instead(it);
            default -> it.fact() + " is " + instead(it);
        };
    }

    /// Who can bring it about.
    public static String by(WhyNot.Who who) {
        return switch (who) {
            case CLIENT -> "the client can do it";
            case TIME -> "it takes waiting";
            case USE -> "it takes what is known of the client's use to become another";
            case SOURCE -> "it takes a source that says otherwise";
            case CONFIGURATION -> "it takes a change of what is registered";
        };
    }

    /// How much was looked through.
    public static String tried(WhyNot.Found found) {
        return count(found.tried(), "request") + " tried" + (found.whole() ? "" : ", and not all there was to try");
    }

    private static String instead(WhyNot.Change it) {
        return FactWords.of(it.fact(), it.now()) + " instead of " + was(it);
    }

    private static String was(WhyNot.Change it) {
        return it.was().map(value -> FactWords.of(it.fact(), value)).orElse("unknown");
    }

    /// A text that is made up is described, and one that a rule names is quoted.
    private static String words(WhyNot.Change it) {
        var now = String.valueOf(it.now());
        if (now.isEmpty()) {
            return "no " + it.fact() + " instead of " + was(it);
        }
        if (now.equals("(something else)")) {
            return "another " + it.fact() + " than " + was(it);
        }
        return now.matches("x+")
                ? "a " + it.fact() + " of " + count(now.length(), "character") + " instead of " + was(it)
                : "the " + it.fact() + " " + instead(it);
    }

    private static String day(Object number) {
        return DayOfWeek.of(Math.toIntExact((Long) number)).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
