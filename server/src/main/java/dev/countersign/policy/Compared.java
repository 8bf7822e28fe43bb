package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The names that a condition looks for in a fact that is a list, so that one that can never stand there is told where
/// it is written: `"office" in time.windows`, and `==` and `in` within a loop over the list.
final class Compared {
    private static final Set<String> EQUALITIES = Set.of("@in", "_==_", "_!=_");

    private final CelAbstractSyntaxTree tree;
    private final String fact;
    private final List<Condition.Text> texts = new ArrayList<>();

    private Compared(CelAbstractSyntaxTree tree, String fact) {
        this.tree = tree;
        this.fact = fact;
    }

    static List<Condition.Text> with(CelAbstractSyntaxTree tree, String fact) {
        var compared = new Compared(tree, fact);
        compared.read(tree.getExpr(), Optional.empty());
        return compared.texts;
    }

    /// @param variable what the members are called in the loop that this stands in
    private void read(CelExpr expr, Optional<String> variable) {
        switch (expr.getKind()) {
            case CALL -> {
                var args = expr.call().args();
                if (EQUALITIES.contains(expr.call().function())
                        && args.stream().anyMatch(it -> isMeant(it, variable))) {
                    args.forEach(this::take);
                }
                expr.call().target().ifPresent(it -> read(it, variable));
                args.forEach(it -> read(it, variable));
            }
            case COMPREHENSION -> {
                var loop = expr.comprehension();
                read(loop.iterRange(), variable);
                read(loop.loopStep(), isFact(loop.iterRange()) ? Optional.of(loop.iterVar()) : variable);
            }
            case LIST -> expr.list().elements().forEach(it -> read(it, variable));
            case SELECT -> read(expr.select().operand(), variable);
            case NOT_SET, CONSTANT, IDENT, STRUCT, MAP -> {}
        }
    }

    private boolean isMeant(CelExpr expr, Optional<String> variable) {
        return isFact(expr)
                || (expr.getKind() == CelExpr.ExprKind.Kind.IDENT
                        && variable.filter(expr.ident().name()::equals).isPresent());
    }

    private boolean isFact(CelExpr expr) {
        return String.join(".", ConditionSyntax.path(expr)).equals(fact);
    }

    private void take(CelExpr expr) {
        switch (expr.getKind()) {
            case CONSTANT -> {
                if (expr.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                    var place = tree.getSource()
                            .getOffsetLocation(
                                    tree.getSource().getPositionsMap().getOrDefault(expr.id(), 0))
                            .orElseThrow();
                    texts.add(new Condition.Text(
                            place.getLine(),
                            place.getColumn() + 1,
                            expr.constant().stringValue()));
                }
            }
            case LIST -> expr.list().elements().forEach(this::take);
            case NOT_SET, IDENT, SELECT, CALL, STRUCT, MAP, COMPREHENSION -> {}
        }
    }
}
