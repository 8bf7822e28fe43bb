package dev.countersign.cli;

import dev.countersign.policy.FactWords;
import dev.countersign.policy.Otherwise;
import dev.countersign.policy.WhyNot;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
            terminal.say("no change of at most three facts that was tried makes it " + want + " ("
                    + Otherwise.tried(found) + ")");
            return;
        }
        terminal.say("any one of these would have made it " + want + " (" + Otherwise.tried(found) + "):");
        int number = 1;
        for (var answer : found.answers()) {
            terminal.say("%3d. %s: %s by %s"
                    .formatted(
                            number++,
                            Otherwise.by(answer.who()),
                            answer.verdict().word(),
                            String.join(", ", answer.verdict().rules())));
            answer.changes().forEach(it -> terminal.say("     " + Otherwise.of(it)));
        }
        if (found.answers().stream().noneMatch(it -> it.who() == WhyNot.Who.CLIENT)) {
            terminal.say("none of them is the client's to make");
        }
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
        json.put("sentence", Otherwise.of(answer));
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
