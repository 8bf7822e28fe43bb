package dev.countersign.policy;

import dev.cel.common.ast.CelConstant;
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
            var tree = Cel.tree(condition);
            var syntax = ConditionSyntax.of(tree, SourceFacts.NONE);
            if (FactSchema.isOfPastDay(syntax.facts())) {
                tokens |= syntax.facts().contains(FactSchema.PAST_DAY_TOKENS);
                amounts.addAll(syntax.amounts());
                Cel.constants(tree.getExpr()).forEach(this::constant);
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

    private void constant(CelConstant constant) {
        switch (constant.getKind()) {
            case INT64_VALUE -> Candidates.near(constants, constant.int64Value());
            case DOUBLE_VALUE -> Candidates.near(constants, (long) constant.doubleValue());
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
}
