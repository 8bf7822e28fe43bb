package dev.countersign.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Tries members of details that conditions tell apart: those that they name, with the constants they are compared
/// with, and the neighbours of these.
final class ImaginedDetails {
    /// The most requests that are made of one.
    private static final int MOST = 2_000;

    private final Set<String> members = new LinkedHashSet<>();
    private final Set<Object> constants = new LinkedHashSet<>();

    /// @param conditions the parts of conditions that may speak of details
    ImaginedDetails(Collection<String> conditions) {
        for (var condition : conditions) {
            var expr = Cel.tree(condition).getExpr();
            Cel.all(expr)
                    .filter(it -> it.getKind() == CelExpr.ExprKind.Kind.SELECT)
                    .forEach(it -> members.add(it.select().field()));
            Cel.constants(expr).forEach(this::constant);
        }
        members.remove("type");
        constants.add("(something else)");
    }

    /// The request as it is, and then with other members of its details.
    Stream<Map<String, Object>> of(Map<String, Object> request) {
        if (!(request.get("details") instanceof List<?> details)) {
            return Stream.of(request);
        }
        var objects = List.of(Map.<String, Object>of());
        for (var member : members) {
            var more = new ArrayList<Map<String, Object>>();
            for (var object : objects) {
                more.add(object);
                for (var constant : constants) {
                    var with = new LinkedHashMap<>(object);
                    with.put(member, constant);
                    more.add(with);
                }
            }
            objects = more.stream().limit(MOST).toList();
        }
        return objects.stream().map(it -> with(request, details, it));
    }

    private static Map<String, Object> with(Map<String, Object> request, List<?> details, Map<String, Object> members) {
        var changed = new LinkedHashMap<>(request);
        changed.put(
                "details",
                details.stream()
                        .map(it -> {
                            var object = new LinkedHashMap<String, Object>();
                            ((Map<?, ?>) it).forEach((key, value) -> object.put(String.valueOf(key), value));
                            object.putAll(members);
                            return (Map<String, Object>) object;
                        })
                        .toList());
        return changed;
    }

    private void constant(CelConstant constant) {
        switch (constant.getKind()) {
            case INT64_VALUE -> {
                constants.add(constant.int64Value());
                constants.add(constant.int64Value() - 1);
                constants.add(constant.int64Value() + 1);
            }
            case DOUBLE_VALUE -> {
                constants.add(constant.doubleValue());
                constants.add(constant.doubleValue() - 1);
                constants.add(constant.doubleValue() + 1);
            }
            case STRING_VALUE -> constants.add(constant.stringValue());
            case BOOLEAN_VALUE -> {
                constants.add(true);
                constants.add(false);
            }
            case NOT_SET, NULL_VALUE, UINT64_VALUE, BYTES_VALUE, TIMESTAMP_VALUE, DURATION_VALUE -> {}
        }
    }
}
