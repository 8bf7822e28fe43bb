package dev.countersign.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A sentence with facts in braces: `not used for {usage.idle_days} days`.
public record Sentence(String text) {
    private static final Pattern BRACE = Pattern.compile("\\{([^{}]*)}|[{}]");

    /// The sentence with the facts of one request; `unknown` for what is.
    public String fill(Facts facts) {
        return BRACE.matcher(text).replaceAll(it -> Matcher.quoteReplacement(facts.words(it.group(1))));
    }

    /// What is wrong with it as the `deny` of a rule.
    List<RuleFault> faults(String rule) {
        var faults = new ArrayList<RuleFault>();
        if (text.isBlank()) {
            faults.add(RuleFault.of(rule, "deny", "a denial says why"));
        }
        var braces = BRACE.matcher(text);
        while (braces.find()) {
            var said = said(braces);
            if (!said.isEmpty()) {
                faults.add(at(rule, braces.start(), said));
            }
        }
        return faults;
    }

    private static String said(Matcher brace) {
        var name = brace.group(1);
        if (name == null) {
            return "a brace without its other half";
        }
        if (SourceFacts.is(name)) {
            return name + " comes from a source, and no sentence of ours carries what others say";
        }
        if (FactSchema.fact(name).isEmpty()) {
            return FactSchema.strange(name);
        }
        // Client text is shown quoted and by itself, never as our words.
        return FactSchema.CLIENT_TEXT.contains(name)
                ? name + " is the client's own text, which no sentence of ours carries"
                : "";
    }

    private RuleFault at(String rule, int offset, String said) {
        var before = text.substring(0, offset);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        var last = before.substring(before.lastIndexOf('\n') + 1);
        return new RuleFault(rule, "deny", line, 1 + last.codePointCount(0, last.length()), said);
    }
}
