package dev.countersign.config;

import dev.countersign.policy.Condition;
import dev.countersign.policy.FactSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Looks at sums of amounts that conditions and tests name: of details types that there are not, or members
/// that are no numbers. A sum that nobody makes would be zero for ever.
final class AmountCheck {
    private final Set<String> types;
    private final Map<String, Set<String>> numbers;
    private final Faults faults;

    /// @param numbers the members that are numbers, by the types whose schemas could be read; of the others it is told
    ///     that they could not
    AmountCheck(Names names, Map<String, Set<String>> numbers, Faults faults) {
        this.types =
                names.details().values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
        this.numbers = numbers;
        this.faults = faults;
    }

    /// What is wrong with the sums that a condition names.
    List<Condition.Fault> strange(Condition condition) {
        return condition.amounts().stream()
                .flatMap(it ->
                        wrong(it.type(), it.member())
                                .map(said -> new Condition.Fault(it.line(), it.column(), said))
                                .stream())
                .toList();
    }

    /// What tests give.
    void check(View root) {
        root.views("tests").stream()
                .flatMap(it -> it.view("given").stream())
                .flatMap(it -> it.view(FactSchema.PAST_DAY_AMOUNTS).stream())
                .flatMap(it -> it.entries().entries().stream())
                .forEach(type -> View.of(type.value()).stream()
                        .flatMap(it -> it.entries().entries().stream())
                        .forEach(member ->
                                wrong(type.key(), member.key()).ifPresent(said -> faults.add(member.at(), said))));
    }

    private Optional<String> wrong(String type, String member) {
        var missing = Names.missing("details type", type, types);
        if (missing.isPresent() || !numbers.containsKey(type)) {
            return missing;
        }
        var known = numbers.getOrDefault(type, Set.of());
        return known.contains(member)
                ? Optional.empty()
                : Optional.of("details of type `" + type + "` have no number `" + member + "`"
                        + Spelling.hint(member, known));
    }
}
