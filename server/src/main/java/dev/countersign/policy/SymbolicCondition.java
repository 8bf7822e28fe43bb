package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelUnparserFactory;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Reads a condition for all requests at once.
///
/// What the logic operators join is taken apart; comparisons of numbers and texts, `in`, `exists` and `all` over lists
/// whose members are known beforehand, and sizes are read. Anything else, such as members of details, is beyond this:
/// it may hold, not hold or be unknown, each time the same where it is written the same. So what is proved is proved
/// for whatever it may be, and what is refuted has to be shown by a request.
final class SymbolicCondition {
    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_");
    private static final Set<String> TEXT_TESTS = Set.of("startsWith", "endsWith", "contains");

    private final Symbols symbols;
    private final SymbolicTerms terms;
    private final Beyonds beyonds;
    private final CelSource source;

    private SymbolicCondition(Symbols symbols, Beyonds beyonds, CelSource source) {
        this.symbols = symbols;
        this.terms = new SymbolicTerms(symbols);
        this.beyonds = beyonds;
        this.source = source;
    }

    /// How it weighs.
    static Both read(Condition condition, Symbols symbols, Beyonds beyonds) {
        var tree = condition.written();
        return new SymbolicCondition(symbols, beyonds, tree.getSource())
                .truth(tree.getExpr())
                .orElseThrow();
    }

    /// Empty when it is beyond this and within a loop, which then is beyond this as a whole.
    private Optional<Both> truth(CelExpr expr) {
        var read = understood(expr);
        return read.isEmpty() && !terms.isWithinLoop()
                ? Optional.of(beyond(CelAbstractSyntaxTree.newParsedAst(expr, source)))
                : read;
    }

    private Both beyond(CelAbstractSyntaxTree part) {
        return beyonds.of(
                symbols.scope(ConditionSyntax.of(part, SourceFacts.NONE).facts()),
                CelUnparserFactory.newUnparser().unparse(part));
    }

    private Optional<Both> understood(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT ->
                expr.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                        ? Optional.of(Both.of(Formula.of(expr.constant().booleanValue())))
                        : Optional.empty();
            case IDENT, SELECT ->
                terms.fact(expr).filter(it -> it.type() == Fact.Type.TRUTH).map(it -> symbols.truthOf(it.name()));
            case CALL -> call(expr);
            case COMPREHENSION -> loop(expr.comprehension());
            case NOT_SET, LIST, STRUCT, MAP -> Optional.empty();
        };
    }

    private Optional<Both> call(CelExpr expr) {
        var call = expr.call();
        var args = call.args();
        return switch (call.function()) {
            case "_&&_" -> truth(args.get(0)).flatMap(left -> truth(args.get(1)).map(left::and));
            case "_||_" -> truth(args.get(0)).flatMap(left -> truth(args.get(1)).map(left::or));
            case "!_" -> truth(args.get(0)).map(Both::not);
            case "_?_:_" ->
                truth(args.get(0))
                        .flatMap(when -> truth(args.get(1))
                                .flatMap(then -> truth(args.get(2)).map(otherwise -> when.choose(then, otherwise))));
            case "@in" -> in(terms.value(args.get(0)), terms.value(args.get(1)));
            default -> {
                if (isTruth(args.get(0)) && Set.of("_==_", "_!=_").contains(call.function())) {
                    yield truth(args.get(0))
                            .flatMap(left -> truth(args.get(1)).map(left::same))
                            .map(same -> call.function().equals("_==_") ? same : same.not());
                }
                if (COMPARISONS.contains(call.function())) {
                    yield compare(call.function().replace("_", ""), terms.value(args.get(0)), terms.value(args.get(1)));
                }
                yield TEXT_TESTS.contains(call.function()) && call.target().isPresent()
                        ? textTest(call.function(), terms.value(call.target().get()), terms.value(args.get(0)))
                        : Optional.empty();
            }
        };
    }

    private boolean isTruth(CelExpr expr) {
        return terms.fact(expr).filter(it -> it.type() == Fact.Type.TRUTH).isPresent();
    }

    private Optional<Both> in(SymbolicValue member, SymbolicValue list) {
        if (member instanceof SymbolicValue.Missing || list instanceof SymbolicValue.Missing) {
            return member instanceof SymbolicValue.Beyond || list instanceof SymbolicValue.Beyond
                    ? Optional.empty()
                    : Optional.of(Both.UNKNOWN);
        }
        if (!member.isPlain() || !(list instanceof SymbolicValue.Members(var members))) {
            return Optional.empty();
        }
        var found = Both.of(Formula.FALSE);
        for (var one : members) {
            var same = compare("==", member, one.value());
            if (same.isEmpty()) {
                return Optional.empty();
            }
            found = found.or(same.get().given(one.present()));
        }
        return Optional.of(found);
    }

    private Optional<Both> compare(String operator, SymbolicValue left, SymbolicValue right) {
        if (left instanceof SymbolicValue.Beyond || right instanceof SymbolicValue.Beyond) {
            return Optional.empty();
        }
        if (left instanceof SymbolicValue.Missing || right instanceof SymbolicValue.Missing) {
            return Optional.of(Both.UNKNOWN);
        }
        if (!left.isPlain() || !right.isPlain() || left.type() != right.type()) {
            return Optional.empty();
        }
        if (left instanceof SymbolicValue.Whole(var a) && right instanceof SymbolicValue.Whole(var b)) {
            return Optional.of(Both.of(Formula.of(settled(operator, Long.compare(a, b)))));
        }
        boolean equality = operator.equals("==") || operator.equals("!=");
        if (left instanceof SymbolicValue.Text(var a) && right instanceof SymbolicValue.Text(var b) && equality) {
            return Optional.of(Both.of(Formula.of(a.equals(b) == operator.equals("=="))));
        }
        // Which of two texts is the greater, a solver may see in another way.
        return left.type() == Formula.Type.INT || equality
                ? Optional.of(Both.of(SymbolicValue.compare(left, operator, right)))
                : Optional.empty();
    }

    private static boolean settled(String operator, int order) {
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static Optional<Both> textTest(String test, SymbolicValue text, SymbolicValue part) {
        if (text instanceof SymbolicValue.Missing || part instanceof SymbolicValue.Missing) {
            return Optional.empty();
        }
        if (!text.isPlain() || !part.isPlain() || text.type() != Formula.Type.STRING || part.type() != text.type()) {
            return Optional.empty();
        }
        if (text instanceof SymbolicValue.Text(var a) && part instanceof SymbolicValue.Text(var b)) {
            return Optional.of(Both.of(Formula.of(
                    switch (test) {
                        case "startsWith" -> a.startsWith(b);
                        case "endsWith" -> a.endsWith(b);
                        default -> a.contains(b);
                    })));
        }
        var variables = new HashSet<>(text.variables());
        variables.addAll(part.variables());
        return Optional.of(Both.of(Formula.of(text.cel() + "." + test + "(" + part.cel() + ")", variables)));
    }

    /// `exists` and `all`, which are all the loops there are.
    private Optional<Both> loop(CelExpr.CelComprehension loop) {
        var list = terms.value(loop.iterRange());
        if (list instanceof SymbolicValue.Missing) {
            return Optional.of(Both.UNKNOWN);
        }
        if (!(list instanceof SymbolicValue.Members(var members))
                || loop.loopStep().getKind() != CelExpr.ExprKind.Kind.CALL) {
            return Optional.empty();
        }
        boolean exists = loop.loopStep().call().function().equals("_||_");
        var test = loop.loopStep().call().args().get(1);
        var all = Both.of(Formula.of(!exists));
        for (var one : members) {
            var here = terms.with(loop.iterVar(), one.value(), () -> truth(test));
            if (here.isEmpty()) {
                return Optional.empty();
            }
            all = exists
                    ? all.or(here.get().given(one.present()))
                    : all.and(here.get().not().given(one.present()).not());
        }
        return Optional.of(all);
    }
}
