package dev.countersign.policy;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Tries what a client may have been given in the last 24 hours: sums on both sides of what conditions compare
/// them with, and that they are unknown.
final class ImaginedPastDay {
    private final Set<Condition.Amount> amounts = new LinkedHashSet<>();
    private final Set<Long> constants = new TreeSet<>();
    private boolean tokens;

    /// @param conditions the parts of conditions that may speak of it
    ImaginedPastDay(Collection<String> conditions) {
        for (var condition : conditions) {
            try {
                var tree = Cel.COMPILER.parse(condition).getAst();
                var syntax = ConditionSyntax.of(tree, SourceFacts.NONE);
                if (FactSchema.isOfPastDay(syntax.facts())) {
                    tokens |= syntax.facts().contains(FactSchema.PAST_DAY_TOKENS);
                    amounts.addAll(syntax.amounts());
                    gather(tree.getExpr());
                }
            } catch (CelValidationException failed) {
                throw new IllegalStateException("a part of what was checked: " + condition, failed);
            }
        }
    }

    /// The request as it is, and then with other sums.
    Stream<Map<String, Object>> of(Map<String, Object> request) {
        var some = Stream.of(request);
        if (tokens) {
            some = some.flatMap(it -> Stream.concat(
                    Stream.of(it, with(it, FactSchema.PAST_DAY_TOKENS, GivenFacts.UNKNOWN)),
                    constants.stream()
                            .filter(number -> number >= 1)
                            .map(number -> with(it, FactSchema.PAST_DAY_TOKENS, number))));
        }
        if (!amounts.isEmpty()) {
            some = some.flatMap(it -> Stream.concat(
                    Stream.of(it, with(it, FactSchema.PAST_DAY_AMOUNTS, GivenFacts.UNKNOWN)),
                    constants.stream()
                            .filter(number -> number >= 0)
                            .map(number -> with(it, FactSchema.PAST_DAY_AMOUNTS, all(number)))));
        }
        return some;
    }

    private Map<String, Map<String, Long>> all(long number) {
        var sums = new LinkedHashMap<String, Map<String, Long>>();
        amounts.forEach(it ->
                sums.computeIfAbsent(it.type(), _ -> new LinkedHashMap<>()).put(it.member(), number));
        return sums;
    }

    private static Map<String, Object> with(Map<String, Object> request, String fact, Object value) {
        var changed = new LinkedHashMap<>(request);
        changed.put(fact, value);
        return changed;
    }

    private void gather(CelExpr expr) {
        switch (expr.getKind()) {
            case CONSTANT -> constant(expr.constant());
            case SELECT -> gather(expr.select().operand());
            case CALL -> {
                expr.call().target().ifPresent(this::gather);
                expr.call().args().forEach(this::gather);
            }
            case LIST -> expr.list().elements().forEach(this::gather);
            case COMPREHENSION -> {
                gather(expr.comprehension().iterRange());
                gather(expr.comprehension().loopStep());
            }
            case NOT_SET, IDENT, STRUCT, MAP -> {}
        }
    }

    private void constant(CelConstant constant) {
        switch (constant.getKind()) {
            case INT64_VALUE -> near(constant.int64Value());
            case DOUBLE_VALUE -> near((long) constant.doubleValue());
            case NOT_SET,
                    NULL_VALUE,
                    BOOLEAN_VALUE,
                    STRING_VALUE,
                    UINT64_VALUE,
                    BYTES_VALUE,
                    TIMESTAMP_VALUE,
                    DURATION_VALUE -> {}
        }
    }

    private void near(long number) {
        constants.add(number - 1);
        constants.add(number);
        constants.add(number + 1);
    }
}
