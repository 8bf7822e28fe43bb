package dev.countersign.policy;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Sums of numbers in authorization details, by details type and member. What is not in it is zero.
///
/// Every digit is kept, so that it does not matter in which order they are added. None is below zero: whoever
/// asks for less than nothing would make room for something else.
public final class Amounts {
    public static final Amounts NONE = new Amounts(new TreeMap<>());

    private final Map<String, Map<String, BigDecimal>> sums;

    private Amounts(Map<String, Map<String, BigDecimal>> sums) {
        this.sums = sums;
    }

    /// What the numbers in these details add up to.
    ///
    /// @param types the details types of the resource, which say what is a number
    public static Amounts of(AuthorizationDetails details, Map<String, DetailsType> types) {
        if (details.isEmpty()) {
            return NONE;
        }
        var sums = new TreeMap<String, Map<String, BigDecimal>>();
        for (var object : details.objects()) {
            var type = types.get(AuthorizationDetails.type(object));
            if (type != null) {
                type.numbers().stream()
                        .filter(it -> object.path(it).isNumber())
                        .forEach(it -> add(sums, type.type(), it, object.get(it).decimalValue()));
            }
        }
        return new Amounts(sums);
    }

    /// These and others.
    public Amounts plus(Amounts more) {
        if (more.sums.isEmpty()) {
            return this;
        }
        var all = new TreeMap<String, Map<String, BigDecimal>>();
        for (var one : new Amounts[] {this, more}) {
            one.sums.forEach((type, members) -> members.forEach((member, sum) -> add(all, type, member, sum)));
        }
        return new Amounts(all);
    }

    /// These without others that are among them.
    Amounts less(Amounts others) {
        var rest = new TreeMap<String, Map<String, BigDecimal>>();
        sums.forEach((type, members) ->
                members.forEach((member, sum) -> add(rest, type, member, sum.subtract(others.sum(type, member)))));
        return new Amounts(rest);
    }

    private static void add(Map<String, Map<String, BigDecimal>> sums, String type, String member, BigDecimal more) {
        if (more.signum() > 0) {
            sums.computeIfAbsent(type, _ -> new TreeMap<>())
                    .merge(member, more.stripTrailingZeros(), (a, b) -> a.add(b).stripTrailingZeros());
        }
    }

    /// What one of them is.
    public BigDecimal sum(String type, String member) {
        return sums.getOrDefault(type, Map.of()).getOrDefault(member, BigDecimal.ZERO);
    }

    /// The same with another sum.
    Amounts with(String type, String member, BigDecimal sum) {
        var changed = new TreeMap<String, Map<String, BigDecimal>>();
        sums.forEach((name, members) -> changed.put(name, new TreeMap<>(members)));
        changed.getOrDefault(type, new TreeMap<>()).remove(member);
        changed.values().removeIf(Map::isEmpty);
        add(changed, type, member, sum);
        return new Amounts(changed);
    }

    /// As they are stored: numbers in quotes, of which no reader drops a digit.
    public Map<String, Map<String, String>> texts() {
        var texts = new TreeMap<String, Map<String, String>>();
        sums.forEach((type, members) -> members.forEach((member, sum) ->
                texts.computeIfAbsent(type, _ -> new TreeMap<>()).put(member, sum.toString())));
        return texts;
    }

    /// Reads what [#texts] gives.
    ///
    /// @throws IllegalArgumentException when it is something else
    public static Amounts read(JsonNode texts) {
        var sums = new TreeMap<String, Map<String, BigDecimal>>();
        texts.properties()
                .forEach(type -> type.getValue()
                        .properties()
                        .forEach(member -> add(
                                sums,
                                type.getKey(),
                                member.getKey(),
                                new BigDecimal(member.getValue().asString("")))));
        return new Amounts(sums);
    }

    /// Reads them as somebody writes them: `{ refund: { amount: 950 } }`. Empty when they are something else.
    static Optional<Amounts> given(Map<?, ?> written) {
        var sums = new TreeMap<String, Map<String, BigDecimal>>();
        for (var type : written.entrySet()) {
            if (!(type.getValue() instanceof Map<?, ?> members)) {
                return Optional.empty();
            }
            for (var member : members.entrySet()) {
                if (!(member.getValue() instanceof Number number)) {
                    return Optional.empty();
                }
                add(sums, type.getKey().toString(), member.getKey().toString(), new BigDecimal(number.toString()));
            }
        }
        return Optional.of(new Amounts(sums));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Amounts amounts && amounts.sums.equals(sums);
    }

    @Override
    public int hashCode() {
        return sums.hashCode();
    }

    /// As people read them: `refund.amount 950`.
    @Override
    public String toString() {
        var words = new ArrayList<String>();
        sums.forEach((type, members) ->
                members.forEach((member, sum) -> words.add(type + "." + member + " " + sum.toPlainString())));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
