package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads a parsed condition before its types are checked: which facts it names, and what in it is not ours to use.
/// CEL would refuse most of this too, in words that are of no help to whoever wrote it.
final class ConditionSyntax {
    private final CelAbstractSyntaxTree tree;
    private final Set<String> variables = new HashSet<>();
    private final SortedSet<String> facts = new TreeSet<>();
    private final List<Condition.Fault> faults = new ArrayList<>();

    private ConditionSyntax(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    static ConditionSyntax of(CelAbstractSyntaxTree tree) {
        var syntax = new ConditionSyntax(tree);
        syntax.read(tree.getExpr());
        return syntax;
    }

    SortedSet<String> facts() {
        return facts;
    }

    List<Condition.Fault> faults() {
        return faults;
    }

    private void read(CelExpr expr) {
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
        if (FactSchema.fact(name).isPresent()) {
            facts.add(name);
        } else if (!variables.contains(name) && !FactSchema.constants().containsKey(name)) {
            fault(at, FactSchema.strange(name));
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
        var source = tree.getSource();
        var place = source.getOffsetLocation(start(at)).orElseThrow();
        faults.add(new Condition.Fault(place.getLine(), place.getColumn() + 1, said));
    }

    /// Where the text of it starts: CEL says where a dot or an opening brace stands.
    private int start(CelExpr expr) {
        int here = tree.getSource().getPositionsMap().getOrDefault(expr.id(), 0);
        return switch (expr.getKind()) {
            case SELECT -> Math.min(here, start(expr.select().operand()));
            case NOT_SET, CONSTANT, IDENT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> here;
        };
    }
}
