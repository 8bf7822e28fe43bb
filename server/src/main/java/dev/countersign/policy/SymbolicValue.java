package dev.countersign.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an expression gives, for all requests at once.
sealed interface SymbolicValue {
    /// The same for all.
    record Whole(long number) implements SymbolicValue {}

    record Text(String text) implements SymbolicValue {}

    /// Another one for each, as CEL over variables.
    record Open(Formula.Type type, String cel, Set<Formula.Variable> variables) implements SymbolicValue {}

    /// A list of which is known what may stand in it.
    record Members(List<Member> members) implements SymbolicValue {}

    /// One that may stand in a list.
    ///
    /// @param present when it does
    record Member(Formula present, SymbolicValue value) {}

    /// A fact whose source failed.
    record Missing() implements SymbolicValue {}

    /// It cannot be said.
    record Beyond() implements SymbolicValue {}

    /// Whether it is a plain number or text.
    default boolean isPlain() {
        return switch (this) {
            case Whole _, Text _, Open _ -> true;
            case Members _, Missing _, Beyond _ -> false;
        };
    }

    default Formula.Type type() {
        return switch (this) {
            case Whole _ -> Formula.Type.INT;
            case Text _ -> Formula.Type.STRING;
            case Open open -> open.type();
            case Members _, Missing _, Beyond _ -> throw new IllegalStateException("not plain: " + this);
        };
    }

    /// It as CEL.
    default String cel() {
        return switch (this) {
            case Whole(var number) -> number < 0 ? "(" + number + ")" : String.valueOf(number);
            case Text(var text) -> quoted(text);
            case Open open -> open.cel();
            case Members _, Missing _, Beyond _ -> throw new IllegalStateException("not plain: " + this);
        };
    }

    default Set<Formula.Variable> variables() {
        return this instanceof Open open ? open.variables() : Set.of();
    }

    /// Two plain ones with an operator between them.
    static Formula compare(SymbolicValue left, String operator, SymbolicValue right) {
        var variables = new HashSet<>(left.variables());
        variables.addAll(right.variables());
        return Formula.of(left.cel() + " " + operator + " " + right.cel(), variables);
    }

    /// Whether the verifier reads a text as CEL means it. It takes a backslash for the start of an escape of its own,
    /// and what needs two `char` for two characters.
    static boolean isUnderstood(String text) {
        return text.chars().noneMatch(c -> c == '\\' || Character.isSurrogate((char) c));
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> quoted.append(
                        c == '"' || c == '\\'
                                ? "\\" + (char) c
                                : c < 0x20 || c == 0x7f ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }
}
