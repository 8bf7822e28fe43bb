package dev.countersign.policy;

import com.google.protobuf.NullValue;
import dev.cel.runtime.CelAttribute;
import dev.cel.runtime.CelUnknownSet;
import dev.cel.runtime.CelVariableResolver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The facts of one request as CEL reads them; made once and used for all rules.
///
/// An unknown fact is a value of CEL's own, which the logic operators carry on or drop as the language says, and which
/// names the fact when it comes out.
final class Activation implements CelVariableResolver {
    /// What a name stands for when no fact of it is known.
    private static final Map<String, Optional<Object>> OTHERWISE = otherwise();

    private final Facts facts;
    private final Optional<Object> details;
    private final Map<String, Fact> sources;

    private Activation(Facts facts, Optional<Object> details, Map<String, Fact> sources) {
        this.facts = facts;
        this.details = details;
        this.sources = sources;
    }

    static Activation of(Facts facts) {
        return new Activation(
                facts,
                facts.details().map(it -> it.stream().map(Activation::cel).toList()),
                Map.of());
    }

    /// The same for a condition that speaks of these facts of sources.
    Activation with(Map<String, Fact> spoken) {
        return new Activation(facts, details, spoken);
    }

    @Override
    public Optional<Object> find(String name) {
        var source = sources.get(name);
        if (source != null) {
            // By other rules the record may have it as another type, and CEL would compare the two.
            return facts.value(name).filter(source.type()::fits).or(() -> Optional.of(unknown(name)));
        }
        var known = name.equals("details") ? details : facts.value(name);
        return known.isPresent() ? known : OTHERWISE.getOrDefault(name, Optional.empty());
    }

    /// The same for a condition that names these sums: one that is not there is zero.
    CelVariableResolver naming(List<Condition.Amount> amounts) {
        var sums = facts.value(FactSchema.PAST_DAY_AMOUNTS).map(it -> cel((Amounts) it, amounts));
        return name -> name.equals(FactSchema.PAST_DAY_AMOUNTS) && sums.isPresent() ? sums : find(name);
    }

    private static Object cel(Amounts sums, List<Condition.Amount> named) {
        var types = new HashMap<String, Map<String, Object>>();
        for (var it : named) {
            types.computeIfAbsent(it.type(), _ -> new HashMap<>())
                    .put(it.member(), sums.sum(it.type(), it.member()).doubleValue());
        }
        return types;
    }

    /// Whole numbers that fit are `int`, all others `double`, as RFC 8785 writes them: `100.0` is written `100`.
    private static Object cel(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var members = HashMap.<String, Object>newHashMap(node.size());
                node.properties().forEach(member -> members.put(member.getKey(), cel(member.getValue())));
                yield members;
            }
            case ARRAY -> {
                var elements = new ArrayList<>(node.size());
                node.forEach(element -> elements.add(cel(element)));
                yield elements;
            }
            case NUMBER -> {
                if (node.isIntegralNumber() && node.canConvertToLong()) {
                    yield node.longValue();
                }
                yield node.doubleValue();
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NULL -> NullValue.NULL_VALUE;
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not JSON: " + node.getNodeType());
        };
    }

    private static Map<String, Optional<Object>> otherwise() {
        var all = new HashMap<String, Optional<Object>>();
        FactSchema.constants().forEach((name, value) -> all.put(name, Optional.of(value)));
        for (var fact : FactSchema.facts()) {
            all.put(fact.name(), Optional.of(unknown(fact.name())));
        }
        return all;
    }

    private static Object unknown(String name) {
        return CelUnknownSet.create(CelAttribute.fromQualifiedIdentifier(name));
    }

    /// The names of the facts in what came out.
    static List<String> names(CelUnknownSet unknown) {
        return unknown.attributes().stream()
                .map(CelAttribute::toString)
                .sorted()
                .toList();
    }
}
