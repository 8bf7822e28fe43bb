package dev.countersign.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The parts of conditions that nothing is assumed of: each may hold, not hold or be unknown, and is the same wherever
/// it is written the same.
final class Beyonds {
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /// How a part weighs.
    ///
    /// @param scope what its text alone does not tell: the registrations that its facts come from
    Both of(String scope, String text) {
        numbers.putIfAbsent(scope + "\n" + text, numbers.size());
        var number = numbers.getOrDefault(scope + "\n" + text, 0);
        var holds = Formula.of(new Formula.Variable("b" + number + "_holds", Formula.Type.BOOL, ""));
        var fails = Formula.of(new Formula.Variable("b" + number + "_fails", Formula.Type.BOOL, ""));
        return new Both(holds, holds.not().and(fails));
    }

    boolean isEmpty() {
        return numbers.isEmpty();
    }

    /// As they are written.
    Collection<String> texts() {
        return Collections.unmodifiableCollection(numbers.keySet().stream()
                .map(it -> it.substring(it.indexOf('\n') + 1))
                .toList());
    }
}
