package dev.countersign.policy;

import dev.cel.common.ast.CelConstant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Tries what sources may say, as far as conditions tell it apart: nothing, either truth, the constants that
/// stand there and the neighbours of these, lists of them.
final class ImaginedSources {
    /// The most that are tried of one request.
    private static final int MOST = 2_000;

    private final Map<String, Fact> facts;
    private final Set<Long> numbers = new LinkedHashSet<>(Set.of(0L));
    private final Set<String> texts = new LinkedHashSet<>(Set.of("(something else)"));

    /// @param conditions the parts of conditions that may speak of sources
    /// @param facts those of sources that anybody speaks of, by name
    ImaginedSources(Collection<String> conditions, Map<String, Fact> facts) {
        this.facts = new TreeMap<>(facts);
        for (var condition : conditions) {
            Cel.constants(Cel.tree(condition).getExpr()).forEach(this::constant);
        }
    }

    /// The request with no source asked, and then with what sources may say.
    Stream<Map<String, Object>> of(Map<String, Object> request) {
        var all = List.of(request);
        for (var fact : facts.values()) {
            var more = new ArrayList<>(all);
            for (var value : values(fact.type())) {
                for (var one : all) {
                    var with = new LinkedHashMap<>(one);
                    with.put(fact.name(), value);
                    more.add(with);
                }
            }
            all = more.stream().limit(MOST).toList();
        }
        return all.stream();
    }

    private List<Object> values(Fact.Type type) {
        return switch (type) {
            case TRUTH -> List.of(true, false);
            case NUMBER -> List.copyOf(numbers);
            case TEXT -> List.copyOf(texts);
            case TEXTS -> {
                var lists = new ArrayList<Object>(List.of(List.of(), List.copyOf(texts)));
                texts.forEach(it -> lists.add(List.of(it)));
                yield lists;
            }
            case DETAILS, AMOUNTS -> List.of();
        };
    }

    private void constant(CelConstant constant) {
        switch (constant.getKind()) {
            case INT64_VALUE -> Candidates.near(numbers, constant.int64Value());
            case STRING_VALUE -> texts.add(constant.stringValue());
            case NOT_SET,
                    NULL_VALUE,
                    BOOLEAN_VALUE,
                    DOUBLE_VALUE,
                    UINT64_VALUE,
                    BYTES_VALUE,
                    TIMESTAMP_VALUE,
                    DURATION_VALUE -> {}
        }
    }
}
