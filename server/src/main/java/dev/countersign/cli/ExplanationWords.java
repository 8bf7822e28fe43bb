package dev.countersign.cli;

import dev.countersign.oauth.ClientText;
import dev.countersign.policy.Explanation;
import dev.countersign.policy.FactWords;
import dev.countersign.policy.Part;
import dev.countersign.policy.Truth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says why a policy says what it says.
final class ExplanationWords {
    private final Terminal terminal;
    private final Judging.Question question;
    private final Explanation explanation;

    ExplanationWords(Terminal terminal, Judging.Question question) {
        this.terminal = terminal;
        this.question = question;
        this.explanation = Explanation.of(question.policy(), question.facts());
    }

    void tell() {
        var verdict = explanation.judgement().verdict();
        question.decision().ifPresent(it -> {
            terminal.say("request " + it.request() + " of " + ClientText.inert(it.client()) + ", made "
                    + Spans.moment(it.at()));
            terminal.say("recorded: " + it.word().map(word -> word.word()).orElse("refused, " + it.refusedFor())
                    + " by " + String.join(", ", it.rules()) + ", policy " + it.version()
                    + (it.isUnfollowed() ? "; observed only, and the token was issued" : ""));
        });
        terminal.say(verdict.word() + " by " + String.join(", ", verdict.rules()) + ", policy " + verdict.version()
                + (question.then() ? ", the one in force then" : ""));
        terminal.say("because " + explanation.because());
        for (var term : explanation.terms()) {
            terminal.say("  %-10s%s (%s)"
                    .formatted(term.name(), ClientText.inert(term.value()), String.join(", ", term.rules())));
        }
        explanation.rules().forEach(this::tell);
    }

    private void tell(Explanation.OfRule rule) {
        var trace = rule.trace();
        terminal.say("");
        terminal.say("rule " + trace.rule() + ": " + trace.effect() + ", "
                + trace.truth().word() + ": "
                + (trace.applied() ? "applies" : "does not apply") + unknown(trace.applied(), trace.truth())
                + (rule.caps() && !trace.applied() ? ", and its cap counts all the same" : ""));
        tell(rule.whole(), 1);
    }

    private static String unknown(boolean applied, Truth truth) {
        if (truth != Truth.UNKNOWN) {
            return "";
        }
        return applied ? ", since the unknown never helps whoever asks" : ", since it is not known to hold";
    }

    private void tell(Part.Weighed weighed, int depth) {
        var part = weighed.part();
        var line = new StringBuilder("%-9s%s%s"
                .formatted(
                        weighed.truth().word(),
                        "  ".repeat(depth - 1),
                        part.text().replace('\n', ' ')));
        if (!weighed.fault().isEmpty()) {
            line.append("   (").append(weighed.fault()).append(')');
        }
        terminal.say("  " + line);
        if (part.parts().isEmpty()) {
            for (var fact : part.facts()) {
                terminal.say("           " + "  ".repeat(depth) + fact + " = " + FactWords.of(question.facts(), fact));
            }
        }
        weighed.parts().forEach(it -> tell(it, depth + 1));
    }

    Map<String, Object> json() {
        var verdict = explanation.judgement().verdict();
        var json = new LinkedHashMap<String, Object>();
        question.decision().ifPresent(it -> {
            json.put("request", it.request());
            json.put("at", it.at().toString());
            json.put("client", it.client());
            var recorded = new LinkedHashMap<String, @Nullable Object>();
            recorded.put("verdict", it.word().map(word -> word.word()).orElse(null));
            recorded.put("refused_for", it.refusedFor());
            recorded.put("observed_only", it.isUnfollowed());
            recorded.put("rules", it.rules());
            recorded.put("version", it.version());
            json.put("recorded", recorded);
        });
        json.put("verdict", verdict.word());
        json.put("rules", verdict.rules());
        json.put("version", verdict.version());
        json.put("because", explanation.because());
        json.put(
                "terms",
                explanation.terms().stream()
                        .map(it -> Map.of("term", it.name(), "value", it.value(), "rules", it.rules()))
                        .toList());
        json.put("trace", explanation.rules().stream().map(this::json).toList());
        var facts = new LinkedHashMap<String, Object>();
        question.facts().known().forEach((name, value) -> facts.put(name, FactWords.json(value)));
        json.put("facts", facts);
        json.put("silent", question.facts().silent());
        return json;
    }

    private Map<String, Object> json(Explanation.OfRule rule) {
        var json = new LinkedHashMap<String, Object>();
        json.put("rule", rule.trace().rule());
        json.put("effect", rule.trace().effect());
        json.put("truth", rule.trace().truth().word());
        json.put("applies", rule.trace().applied());
        json.put("caps", rule.caps());
        json.put("when", rule.condition());
        json.put("unknown", rule.trace().unknown());
        json.put("fault", rule.trace().fault());
        json.put("parts", List.of(json(rule.whole())));
        return json;
    }

    private Map<String, Object> json(Part.Weighed weighed) {
        var json = new LinkedHashMap<String, Object>();
        json.put("text", weighed.part().text());
        json.put("truth", weighed.truth().word());
        json.put("unknown", weighed.unknown());
        json.put("fault", weighed.fault());
        if (weighed.part().parts().isEmpty()) {
            var used = new LinkedHashMap<String, @Nullable Object>();
            weighed.part()
                    .facts()
                    .forEach(it -> used.put(
                            it, question.facts().value(it).map(FactWords::json).orElse(null)));
            json.put("facts", used);
        } else {
            json.put("parts", weighed.parts().stream().map(this::json).toList());
        }
        return json;
    }
}
