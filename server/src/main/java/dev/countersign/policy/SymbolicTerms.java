package dev.countersign.policy;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads what stands in the comparisons of a condition, for all requests at once: facts, constants, lists, sizes.
final class SymbolicTerms {
    /// Larger constants could overflow what CEL computes of them.
    private static final long LARGEST = 1_000_000_000_000_000L;

    private final Symbols symbols;
    private final Map<String, SymbolicValue> variables = new HashMap<>();

    SymbolicTerms(Symbols symbols) {
        this.symbols = symbols;
    }

    /// Whether a loop's variable has a value.
    boolean isWithinLoop() {
        return !variables.isEmpty();
    }

    /// Reads something while a loop's variable has that value.
    <T> T with(String variable, SymbolicValue value, Supplier<T> read) {
        variables.put(variable, value);
        try {
            return read.get();
        } finally {
            variables.remove(variable);
        }
    }

    /// What an expression gives.
    SymbolicValue value(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> constant(expr);
            case IDENT, SELECT -> named(expr);
            case LIST -> list(expr);
            case CALL -> computed(expr);
            case NOT_SET, STRUCT, MAP, COMPREHENSION -> new SymbolicValue.Beyond();
        };
    }

    private static SymbolicValue constant(CelExpr expr) {
        var constant = expr.constant();
        return switch (constant.getKind()) {
            case INT64_VALUE ->
                Math.abs(constant.int64Value()) <= LARGEST && constant.int64Value() != Long.MIN_VALUE
                        ? new SymbolicValue.Whole(constant.int64Value())
                        : new SymbolicValue.Beyond();
            case STRING_VALUE ->
                SymbolicValue.isUnderstood(constant.stringValue())
                        ? new SymbolicValue.Text(constant.stringValue())
                        : new SymbolicValue.Beyond();
            case NOT_SET,
                    NULL_VALUE,
                    BOOLEAN_VALUE,
                    UINT64_VALUE,
                    DOUBLE_VALUE,
                    BYTES_VALUE,
                    TIMESTAMP_VALUE,
                    DURATION_VALUE -> new SymbolicValue.Beyond();
        };
    }

    private SymbolicValue named(CelExpr expr) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.IDENT) {
            var name = expr.ident().name();
            if (variables.containsKey(name)) {
                return variables.getOrDefault(name, new SymbolicValue.Beyond());
            }
            var number = FactSchema.constants().get(name);
            if (number != null) {
                return new SymbolicValue.Whole(number);
            }
        }
        return fact(expr)
                .filter(it -> it.type() != Fact.Type.TRUTH)
                .map(symbols::valueOf)
                .orElse(new SymbolicValue.Beyond());
    }

    /// The fact that it names.
    Optional<Fact> fact(CelExpr expr) {
        return path(expr).filter(it -> !variables.containsKey(it)).flatMap(FactSchema::fact);
    }

    private static Optional<String> path(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> Optional.of(expr.ident().name());
            case SELECT ->
                expr.select().testOnly()
                        ? Optional.empty()
                        : path(expr.select().operand())
                                .map(it -> it + "." + expr.select().field());
            case NOT_SET, CONSTANT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> Optional.empty();
        };
    }

    private SymbolicValue list(CelExpr expr) {
        var members = new ArrayList<SymbolicValue.Member>();
        for (var element : expr.list().elements()) {
            var value = value(element);
            if (!value.isPlain()) {
                return value instanceof SymbolicValue.Missing ? value : new SymbolicValue.Beyond();
            }
            members.add(new SymbolicValue.Member(Formula.TRUE, value));
        }
        return new SymbolicValue.Members(List.copyOf(members));
    }

    private SymbolicValue computed(CelExpr expr) {
        var call = expr.call();
        if (call.function().equals("size")) {
            return size(value(call.target().orElseGet(() -> call.args().getFirst())));
        }
        if (call.function().equals("-_") && value(call.args().getFirst()) instanceof SymbolicValue.Whole(var number)) {
            return new SymbolicValue.Whole(-number);
        }
        return new SymbolicValue.Beyond();
    }

    private static SymbolicValue size(SymbolicValue of) {
        return switch (of) {
            case SymbolicValue.Text(var text) -> new SymbolicValue.Whole(text.codePointCount(0, text.length()));
            case SymbolicValue.Open(var type, var cel, var variables) ->
                type == Formula.Type.STRING
                        ? new SymbolicValue.Open(Formula.Type.INT, "size(" + cel + ")", variables)
                        : new SymbolicValue.Beyond();
            case SymbolicValue.Members(var members) -> count(members);
            case SymbolicValue.Missing it -> it;
            case SymbolicValue.Whole _, SymbolicValue.Beyond _ -> new SymbolicValue.Beyond();
        };
    }

    private static SymbolicValue count(List<SymbolicValue.Member> members) {
        long sure =
                members.stream().filter(it -> it.present().equals(Formula.TRUE)).count();
        var open = members.stream()
                .map(SymbolicValue.Member::present)
                .filter(it -> !it.equals(Formula.TRUE))
                .toList();
        if (open.isEmpty()) {
            return new SymbolicValue.Whole(sure);
        }
        var sum = new StringBuilder("(" + sure);
        open.forEach(it -> sum.append(" + (").append(it.text()).append(" ? 1 : 0)"));
        return new SymbolicValue.Open(
                Formula.Type.INT, sum.append(')').toString(), Formula.any(open).variables());
    }
}
