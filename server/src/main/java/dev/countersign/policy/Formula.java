package dev.countersign.policy;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A truth about requests that have not been made: CEL over a few plain variables, which never fails and is never
/// unknown. What is settled already is written as [#TRUE] or [#FALSE].
public final class Formula {
    /// Always true.
    public static final Formula TRUE = new Formula("true", Set.of());

    /// Never true.
    public static final Formula FALSE = new Formula("false", Set.of());

    private final String text;
    private final Set<Variable> variables;

    private Formula(String text, Set<Variable> variables) {
        this.text = text;
        this.variables = variables;
    }

    /// What a formula leaves open.
    ///
    /// @param domain what is true of it in any request, as CEL; empty when any value will do
    public record Variable(String name, Type type, String domain) implements Comparable<Variable> {
        @Override
        public int compareTo(Variable other) {
            return name.compareTo(other.name);
        }
    }

    /// What a variable may hold.
    public enum Type {
        INT("int"),
        STRING("string"),
        BOOL("bool");

        private final String cel;

        Type(String cel) {
            this.cel = cel;
        }

        /// As CEL names it.
        public String cel() {
            return cel;
        }
    }

    static Formula of(boolean settled) {
        return settled ? TRUE : FALSE;
    }

    static Formula of(String text, Collection<Variable> variables) {
        return new Formula("(" + text + ")", Set.copyOf(variables));
    }

    static Formula of(Variable truth) {
        return new Formula(truth.name(), Set.of(truth));
    }

    /// Not this.
    public Formula not() {
        if (equals(TRUE) || equals(FALSE)) {
            return of(equals(FALSE));
        }
        return text.startsWith("!") ? new Formula(text.substring(1), variables) : new Formula("!" + text, variables);
    }

    /// Both of them.
    public Formula and(Formula other) {
        return all(List.of(this, other));
    }

    Formula or(Formula other) {
        return any(List.of(this, other));
    }

    static Formula all(Collection<Formula> of) {
        return join(of, "&&", FALSE, TRUE);
    }

    static Formula any(Collection<Formula> of) {
        return join(of, "||", TRUE, FALSE);
    }

    private static Formula join(Collection<Formula> of, String operator, Formula settles, Formula nothing) {
        var parts = new LinkedHashSet<Formula>(of);
        parts.remove(nothing);
        if (parts.contains(settles)) {
            return settles;
        }
        if (parts.size() < 2) {
            return parts.isEmpty() ? nothing : parts.iterator().next();
        }
        return of(
                parts.stream().map(Formula::text).collect(Collectors.joining(" " + operator + " ")),
                parts.stream().flatMap(it -> it.variables.stream()).collect(Collectors.toSet()));
    }

    /// The formula itself, without what is true of its variables.
    String text() {
        return text;
    }

    /// The formula together with what is true of its variables in any request.
    public String question() {
        var domains = variables().stream()
                .map(Variable::domain)
                .filter(Predicate.not(String::isEmpty))
                .collect(Collectors.joining(" && "));
        return domains.isEmpty() ? text : text + " && " + domains;
    }

    /// What it leaves open, by name.
    public SortedSet<Variable> variables() {
        return new TreeSet<>(variables);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Formula formula && formula.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
