package dev.countersign.policy;

/// What is wrong with a rule as it is written.
///
/// @param part the key it stands under: `rule`, `when`, `deny`, `stages`, `require`, …
/// @param line in the text under that key, from 1
/// @param column in that line, in code points, from 1
public record RuleFault(String rule, String part, int line, int column, String said) {
    /// A fault of the part as a whole.
    static RuleFault of(String rule, String part, String said) {
        return new RuleFault(rule, part, 1, 1, said);
    }

    @Override
    public String toString() {
        return rule + ": " + part + " " + line + ":" + column + ": " + said;
    }
}
