package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Reads a parsed condition before its types are checked: which facts it names, and what in it is not ours to use.
/// CEL would refuse most of this too, in words that are of no help to whoever wrote it.
final class ConditionSyntax {
    private final CelAbstractSyntaxTree tree;
    private final SourceFacts sources;
    private final Set<String> variables = new HashSet<>();
    private final SortedSet<String> facts = new TreeSet<>();
    private final List<Condition.Amount> amounts = new ArrayList<>();
    private final List<Condition.Fault> faults = new ArrayList<>();

    private ConditionSyntax(CelAbstractSyntaxTree tree, SourceFacts sources) {
        this.tree = tree;
        this.sources = sources;
    }

    static ConditionSyntax of(CelAbstractSyntaxTree tree, SourceFacts sources) {
        var syntax = new ConditionSyntax(tree, sources);
        syntax.read(tree.getExpr());
        return syntax;
    }

    SortedSet<String> facts() {
        return facts;
    }

    List<Condition.Fault> faults() {
        return faults;
    }

    /// The sums of amounts that it names.
    List<Condition.Amount> amounts() {
        return amounts;
    }

    private void read(CelExpr expr) {
        var steps = steps(expr);
        if (isOfAmounts(steps)) {
            amount(expr, steps);
            return;
        }
        switch (expr.getKind()) {
            case CONSTANT, NOT_SET -> {}
            case IDENT -> name(expr, expr.ident().name());
            case SELECT -> select(expr);
            case CALL -> call(expr);
            case LIST -> expr.list().elements().forEach(this::read);
            case COMPREHENSION -> loop(expr);
            case STRUCT, MAP -> fault(expr, "a condition makes no maps");
        }
    }

    private boolean isOfAmounts(List<String> steps) {
        return steps.size() >= 2
                && (steps.get(0) + "." + steps.get(1)).equals(FactSchema.PAST_DAY_AMOUNTS)
                && !variables.contains(steps.getFirst());
    }

    /// `past_day.amounts.refund.amount`: all of it is one name, or a condition could ask for sums that nobody
    /// makes.
    private void amount(CelExpr expr, List<String> steps) {
        if (steps.size() != 4) {
            fault(
                    expr,
                    FactSchema.PAST_DAY_AMOUNTS + " is read by a details type and a member of it that is a number: "
                            + FactSchema.PAST_DAY_AMOUNTS + ".refund.amount");
            return;
        }
        facts.add(FactSchema.PAST_DAY_AMOUNTS);
        var place = place(expr);
        amounts.add(new Condition.Amount(place.getLine(), place.getColumn() + 1, steps.get(2), steps.get(3)));
    }

    /// As [#path], with texts in brackets for names; empty for has().
    private static List<String> steps(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> List.of(expr.ident().name());
            case SELECT ->
                expr.select().testOnly()
                        ? List.of()
                        : then(steps(expr.select().operand()), expr.select().field());
            case CALL ->
                expr.call().function().equals("_[_]")
                                && isText(expr.call().args().get(1))
                        ? then(
                                steps(expr.call().args().get(0)),
                                expr.call().args().get(1).constant().stringValue())
                        : List.of();
            case NOT_SET, CONSTANT, LIST, STRUCT, MAP, COMPREHENSION -> List.of();
        };
    }

    private static List<String> then(List<String> before, String last) {
        return before.isEmpty()
                ? before
                : Stream.concat(before.stream(), Stream.of(last)).toList();
    }

    private static boolean isText(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE;
    }

    private void select(CelExpr expr) {
        var path = path(expr);
        if (path.isEmpty() || variables.contains(path.getFirst())) {
            read(expr.select().operand());
            return;
        }
        if (expr.select().testOnly()) {
            fault(expr, "has() is for members of details: a fact is always there, or unknown");
            return;
        }
        // `details.x` reads on from a fact; the type check then says that a list has no members.
        var fact = FactSchema.fact(path.getFirst());
        name(expr, fact.map(Fact::name).orElse(String.join(".", path)));
    }

    /// The names in `a.b.c`, outermost last; empty when it does not start with a name.
    static List<String> path(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> List.of(expr.ident().name());
            case SELECT -> {
                var path = new ArrayList<>(path(expr.select().operand()));
                if (!path.isEmpty()) {
                    path.add(expr.select().field());
                }
                yield path;
            }
            case NOT_SET, CONSTANT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> List.of();
        };
    }

    private void name(CelExpr at, String name) {
        if (sources.find(name).isPresent()) {
            facts.add(name);
        } else if (!variables.contains(name) && !FactSchema.constants().containsKey(name)) {
            fault(at, sources.strange(name));
        }
    }

    private void call(CelExpr expr) {
        if (!Cel.allows(expr.call().function())) {
            // An unknown macro has variables of its own, which are no news.
            fault(
                    expr,
                    expr.call().function() + " is not among what a condition may use: "
                            + String.join(", ", Cel.FUNCTIONS) + ", exists, all, has");
            return;
        }
        expr.call().target().ifPresent(this::read);
        expr.call().args().forEach(this::read);
    }

    private void loop(CelExpr expr) {
        var loop = expr.comprehension();
        read(loop.iterRange());
        var variable = loop.iterVar();
        if (FactSchema.facts().stream()
                        .anyMatch(it -> it.name().split("\\.", 2)[0].equals(variable))
                || sources.isTaken(variable)
                || FactSchema.constants().containsKey(variable)
                || variables.contains(variable)) {
            fault(expr, variable + " has a meaning already: give the variable another name");
            return;
        }
        variables.add(variable);
        var outer = variables.add(loop.accuVar());
        read(loop.accuInit());
        read(loop.loopCondition());
        read(loop.loopStep());
        read(loop.result());
        variables.remove(variable);
        if (outer) {
            variables.remove(loop.accuVar());
        }
    }

    private void fault(CelExpr at, String said) {
        var place = place(at);
        faults.add(new Condition.Fault(place.getLine(), place.getColumn() + 1, said));
    }

    private CelSourceLocation place(CelExpr at) {
        return tree.getSource().getOffsetLocation(start(at)).orElseThrow();
    }

    /// Where the text of it starts: CEL says where a dot or an opening brace stands.
    private int start(CelExpr expr) {
        int here = tree.getSource().getPositionsMap().getOrDefault(expr.id(), 0);
        return switch (expr.getKind()) {
            case SELECT -> Math.min(here, start(expr.select().operand()));
            case CALL ->
                expr.call().function().equals("_[_]")
                        ? Math.min(here, start(expr.call().args().getFirst()))
                        : here;
            case NOT_SET, CONSTANT, IDENT, LIST, STRUCT, MAP, COMPREHENSION -> here;
        };
    }
}
