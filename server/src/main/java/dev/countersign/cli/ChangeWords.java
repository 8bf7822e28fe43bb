package dev.countersign.cli;

import dev.countersign.policy.BreakGlass;
import dev.countersign.policy.FactSchema;
import dev.countersign.policy.WhyNot;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says which changes would have given a request another verdict.
final class ChangeWords {
    private final Terminal terminal;
    private final Judging.Question question;
    private final String want;
    private final WhyNot.Found found;

    ChangeWords(Terminal terminal, Judging.Question question, String want, WhyNot.Found found) {
        this.terminal = terminal;
        this.question = question;
        this.want = want;
        this.found = found;
    }

    void tell() {
        var verdict = question.policy().judge(question.facts()).verdict();
        terminal.say(verdict.word() + " by " + String.join(", ", verdict.rules()) + ", policy " + verdict.version());
        if (verdict.word().equals(want)) {
            terminal.say("that is " + want + " already");
            return;
        }
        if (found.answers().isEmpty()) {
            terminal.say("no change of at most three facts that was tried makes it " + want + " (" + tried() + ")");
            return;
        }
        terminal.say("any one of these would have made it " + want + " (" + tried() + "):");
        int number = 1;
        for (var answer : found.answers()) {
            terminal.say("%3d. %s: %s by %s"
                    .formatted(
                            number++,
                            who(answer.who()),
                            answer.verdict().word(),
                            String.join(", ", answer.verdict().rules())));
            answer.changes().forEach(it -> terminal.say("     " + sentence(it)));
        }
        if (found.answers().stream().noneMatch(it -> it.who() == WhyNot.Who.CLIENT)) {
            terminal.say("none of them is the client's to make");
        }
    }

    private String tried() {
        return Counts.of(found.tried(), "request") + " tried" + (found.whole() ? "" : ", and not all there was to try");
    }

    private static String who(WhyNot.Who who) {
        return switch (who) {
            case CLIENT -> "the client can do it";
            case TIME -> "it takes waiting";
            case USE -> "it takes what is known of the client's use to become another";
            case SOURCE -> "it takes a source that says otherwise";
            case CONFIGURATION -> "it takes a change of what is registered";
        };
    }

    private static String sentence(WhyNot.Change it) {
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
                ? "a " + it.fact() + " of " + Counts.of(now.length(), "character") + " instead of " + was(it)
                : "the " + it.fact() + " " + instead(it);
    }

    private static String day(Object number) {
        return DayOfWeek.of(Math.toIntExact((Long) number)).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    Map<String, Object> json() {
        var verdict = question.policy().judge(question.facts()).verdict();
        var json = new LinkedHashMap<String, Object>();
        json.put("verdict", verdict.word());
        json.put("rules", verdict.rules());
        json.put("version", verdict.version());
        json.put("want", want);
        json.put("tried", found.tried());
        json.put("whole", found.whole());
        json.put("answers", found.answers().stream().map(ChangeWords::json).toList());
        return json;
    }

    private static Map<String, Object> json(WhyNot.Answer answer) {
        var json = new LinkedHashMap<String, Object>();
        json.put("who", answer.who().name().toLowerCase(Locale.ROOT));
        json.put("changes", answer.changes().stream().map(ChangeWords::json).toList());
        json.put(
                "sentence", answer.changes().stream().map(ChangeWords::sentence).collect(Collectors.joining("; ")));
        json.put("rules", answer.verdict().rules());
        return json;
    }

    private static Map<String, @Nullable Object> json(WhyNot.Change change) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("fact", change.fact());
        json.put("was", change.was().map(FactWords::json).orElse(null));
        json.put("now", FactWords.json(change.now()));
        return json;
    }
}
