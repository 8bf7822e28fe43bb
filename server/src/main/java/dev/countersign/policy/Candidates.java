package dev.countersign.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The values that a policy's conditions could tell apart: for each fact they speak of, the constants it is compared
/// with and their neighbours, list members to have or not to have, the other truth, the quiet value.
final class Candidates {
    /// The most values that are tried of one fact.
    private static final int MOST = 40;

    /// Text that is no constant of anybody's.
    private static final String OTHER = "(something else)";

    private final Map<String, Set<Long>> numbers = new HashMap<>();
    private final Map<String, Set<String>> texts = new HashMap<>();
    private final Set<Object> inDetails = new LinkedHashSet<>();
    private final Set<String> members = new LinkedHashSet<>();
    private final Set<Condition.Amount> amounts = new LinkedHashSet<>();
    private final Set<String> spoken = new TreeSet<>();
    private final Map<String, Fact> sources = new HashMap<>();

    /// Facts that are compared with other facts.
    private final Map<String, Set<String>> with = new HashMap<>();

    private Candidates() {}

    static Candidates of(Policy policy) {
        var candidates = new Candidates();
        for (var rule : policy.rules()) {
            candidates.spoken.addAll(rule.when().facts());
            candidates.sources.putAll(rule.when().sources());
            if (rule.then() instanceof Effect.BreakTheGlass) {
                candidates.spoken.add(BreakGlass.FACT);
            }
            candidates.amounts.addAll(rule.when().amounts());
            rule.when().parts().all().filter(it -> it.parts().isEmpty()).forEach(candidates::read);
        }
        return candidates;
    }

    /// A comparison: whatever constants stand in it, its facts may be compared with.
    private void read(Part comparison) {
        var constants = new ArrayList<CelConstant>();
        Cel.all(Cel.tree(comparison.text()).getExpr()).forEach(it -> gather(it, constants));
        for (var fact : comparison.facts()) {
            for (var constant : constants) {
                read(fact, constant);
            }
            comparison.facts().stream()
                    .filter(it -> !it.equals(fact))
                    .forEach(other ->
                            with.computeIfAbsent(fact, _ -> new TreeSet<>()).add(other));
        }
    }

    private void read(String fact, CelConstant constant) {
        switch (constant.getKind()) {
            case INT64_VALUE -> {
                near(numbers.computeIfAbsent(fact, _ -> new LinkedHashSet<>()), constant.int64Value());
                inDetails(fact, constant.int64Value());
            }
            case DOUBLE_VALUE -> {
                near(numbers.computeIfAbsent(fact, _ -> new LinkedHashSet<>()), (long) constant.doubleValue());
                inDetails(fact, constant.doubleValue());
            }
            case STRING_VALUE -> {
                texts.computeIfAbsent(fact, _ -> new LinkedHashSet<>()).add(constant.stringValue());
                inDetails(fact, constant.stringValue());
            }
            case BOOLEAN_VALUE -> inDetails(fact, constant.booleanValue());
            case NOT_SET, NULL_VALUE, UINT64_VALUE, BYTES_VALUE, TIMESTAMP_VALUE, DURATION_VALUE -> {}
        }
    }

    private void inDetails(String fact, Object value) {
        if (fact.equals("details")) {
            inDetails.add(value);
        }
    }

    /// A number and its neighbours.
    static void near(Set<Long> numbers, long constant) {
        numbers.add(constant);
        numbers.add(constant - 1);
        numbers.add(constant + 1);
    }

    private void gather(CelExpr expr, List<CelConstant> constants) {
        switch (expr.getKind()) {
            case CONSTANT -> constants.add(expr.constant());
            case IDENT ->
                Optional.ofNullable(FactSchema.constants().get(expr.ident().name()))
                        .ifPresent(it -> constants.add(CelConstant.ofValue((long) it)));
            case SELECT -> members.add(expr.select().field());
            case CALL, LIST, COMPREHENSION, NOT_SET, STRUCT, MAP -> {}
        }
    }

    /// The facts that any condition speaks of, and those that they come from.
    Set<String> facts() {
        return spoken;
    }

    /// Other values for a fact than the one it has; nearest first where nearness means something.
    ///
    /// @param mayAsk the scopes that the client may ask for; empty when that is not known
    List<Object> values(String fact, Facts now, Set<String> mayAsk) {
        var known = fact(fact);
        var was = now.value(fact);
        var values = new LinkedHashSet<Object>();
        switch (known.type()) {
            case TRUTH -> values.addAll(List.of(true, false));
            case NUMBER -> {
                values.addAll(numbers.getOrDefault(fact, Set.of()));
                values.add(known.quiet());
                values.removeIf(it -> !isPossible(fact, (Long) it));
            }
            case TEXT -> texts(fact, values);
            case TEXTS -> lists(fact, now, mayAsk, values);
            case DETAILS -> details(now, values);
            case AMOUNTS -> sums(now, values);
        }
        with.getOrDefault(fact, Set.of())
                .forEach(other -> now.value(other)
                        .filter(it -> fact(other).type() == known.type())
                        .ifPresent(values::add));
        was.ifPresent(values::remove);
        var ordered = new ArrayList<>(values);
        ordered.sort((a, b) -> Long.compare(distance(was, a), distance(was, b)));
        return ordered.stream().limit(MOST).toList();
    }

    /// One of the schema, or of a source that a condition speaks of.
    private Fact fact(String name) {
        return Optional.ofNullable(sources.get(name))
                .or(() -> FactSchema.fact(name))
                .orElseThrow();
    }

    /// Without what is recorded of sources as another type than the conditions take it for.
    Facts fitting(Facts facts) {
        var builder = facts.toBuilder();
        sources.forEach((name, fact) ->
                facts.value(name).filter(it -> !fact.type().fits(it)).ifPresent(_ -> builder.unknown(name)));
        return builder.build();
    }

    private static boolean isPossible(String fact, long value) {
        return switch (fact) {
            case "risk" -> value >= 0 && value <= 3;
            case "time.hour" -> value >= 0 && value <= 23;
            case "time.weekday" -> value >= 1 && value <= 7;
            case "lifetime", FactSchema.PAST_DAY_TOKENS -> value >= 1;
            default -> value >= 0 || SourceFacts.is(fact);
        };
    }

    private void texts(String fact, Set<Object> values) {
        values.addAll(texts.getOrDefault(fact, Set.of()));
        values.add(fact(fact).quiet());
        // `reason.size() > 10` is a number about a text.
        numbers.getOrDefault(fact, Set.of()).stream()
                .filter(it -> it > 0 && it <= 500)
                .forEach(it -> values.add("x".repeat(Math.toIntExact(it))));
        values.add(OTHER);
    }

    private void lists(String fact, Facts now, Set<String> mayAsk, Set<Object> values) {
        var has = now.value(fact).map(Candidates::list).orElse(List.of());
        for (var one : has) {
            values.add(has.stream().filter(it -> !it.equals(one)).toList());
        }
        var named = texts.getOrDefault(fact, Set.of());
        for (var one : named) {
            if (fact.equals("scopes") && !mayAsk.isEmpty() && !mayAsk.contains(one)) {
                continue;
            }
            values.add(Stream.concat(has.stream(), Stream.of(one))
                    .sorted()
                    .distinct()
                    .toList());
            values.add(List.of(one));
        }
        values.add(has.stream().filter(it -> !named.contains(it)).toList());
        values.add(List.of());
        if (fact.equals("scopes")) {
            // Others that it may ask for, one at a time; nothing at all is no request.
            mayAsk.forEach(it -> values.add(List.of(it)));
            boolean details = now.value("details")
                    .filter(it -> !AuthorizationDetails.NONE.equals(it))
                    .isPresent();
            values.removeIf(it -> !details && list(it).isEmpty());
        }
    }

    private void details(Facts now, Set<Object> values) {
        var objects = now.details().orElse(List.of());
        for (int i = 0; i < objects.size(); i++) {
            values.add(without(objects, i));
            for (var member : objects.get(i).propertyNames()) {
                if (member.equals("type") || !members.contains(member)) {
                    continue;
                }
                for (var value : inDetails) {
                    of(objects.get(i).get(member), value).forEach(it -> values.add(changed(objects, member, it)));
                }
            }
        }
        values.add(AuthorizationDetails.NONE);
    }

    private void sums(Facts now, Set<Object> values) {
        var was =
                now.value(FactSchema.PAST_DAY_AMOUNTS).map(Amounts.class::cast).orElse(Amounts.NONE);
        for (var it : amounts) {
            numbers.getOrDefault(FactSchema.PAST_DAY_AMOUNTS, Set.of()).stream()
                    .filter(sum -> sum >= 0)
                    .forEach(sum -> values.add(was.with(it.type(), it.member(), BigDecimal.valueOf(sum))));
        }
        values.add(Amounts.NONE);
    }

    private static AuthorizationDetails without(List<JsonNode> objects, int left) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < objects.size(); i++) {
            if (i != left) {
                array.add(objects.get(i));
            }
        }
        return new AuthorizationDetails(Json.canonical(array));
    }

    /// The value in the place of one of the same kind; numbers with their neighbours.
    private static Stream<JsonNode> of(JsonNode was, Object value) {
        var json = JsonNodeFactory.instance;
        return switch (value) {
            case Long number
            when was.isNumber() -> Stream.of(number, number - 1, number + 1).map(json::numberNode);
            case Double number
            when was.isNumber() -> Stream.of(number, number - 1, number + 1).map(json::numberNode);
            case String text when was.isString() -> Stream.of(json.stringNode(text), json.stringNode(OTHER));
            case Boolean truth when was.isBoolean() -> Stream.of(json.booleanNode(truth), json.booleanNode(!truth));
            default -> Stream.of();
        };
    }

    /// That member of every object that has one: a loop over all of them is met at once.
    private static AuthorizationDetails changed(List<JsonNode> objects, String member, JsonNode value) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (var object : objects) {
            if (object instanceof ObjectNode node && node.has(member)) {
                var copy = node.deepCopy();
                copy.set(member, value);
                array.add(copy);
            } else {
                array.add(object);
            }
        }
        return new AuthorizationDetails(Json.canonical(array));
    }

    /// How far a value is from the one that is: for numbers the difference, for lists how many members come or go. What
    /// is unknown is as far from all.
    static long distance(Optional<Object> was, Object value) {
        if (was.isEmpty()) {
            return 1;
        }
        return switch (value) {
            case Long number -> Math.abs(number - (Long) was.get());
            case List<?> list -> {
                var here = new HashSet<Object>(list(was.get()));
                var there = new HashSet<Object>(list);
                yield here.stream().filter(it -> !there.contains(it)).count()
                        + there.stream().filter(it -> !here.contains(it)).count();
            }
            case AuthorizationDetails details -> details.isEmpty() ? 1_000 : difference(was.get(), details);
            case String text -> text.equals(OTHER) ? 2 : 1;
            default -> 1;
        };
    }

    private static long difference(Object was, AuthorizationDetails now) {
        var before = ((AuthorizationDetails) was).objects();
        var after = now.objects();
        if (before.size() != after.size()) {
            return 900;
        }
        var changes = new LinkedHashMap<String, Double>();
        for (int i = 0; i < before.size(); i++) {
            for (var member : before.get(i).propertyNames()) {
                var a = before.get(i).get(member);
                var b = after.get(i).path(member);
                if (!a.equals(b)) {
                    changes.merge(
                            member,
                            a.isNumber() && b.isNumber() ? Math.abs(a.doubleValue() - b.doubleValue()) : 1,
                            Math::max);
                }
            }
        }
        return (long) Math.min(
                800,
                Math.ceil(changes.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum()));
    }

    private static List<String> list(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    /// The scopes a client may ask for at a resource; empty when the registrations do not say.
    static Set<String> mayAsk(Facts facts, Registrations registrations) {
        var client = registrations.clients().get(facts.words("client.id"));
        var scopes = client == null ? null : client.access().get(facts.words("resource"));
        return scopes == null ? Set.of() : new TreeSet<>(scopes.names());
    }
}
