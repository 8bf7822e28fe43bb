package dev.countersign.oauth;

import dev.countersign.http.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Which object of a list of details each object of a narrower list comes from.
///
/// An object is within another of the same type when both have the same members and each member is equal, but for the
/// lowerable ones: a number may be lower (not below zero, where a refund would become a charge), a list may have fewer
/// elements (not none, which many APIs read as all). Everything else is fixed, because only its API knows what less
/// would mean: one element fewer of an exclusion list is more.
final class Narrowing {
    private static final int NOBODY = -1;

    private final List<JsonNode> narrow;
    private final List<JsonNode> wide;
    private final Map<String, DetailsType> types;

    /// For each wider object the index of the narrower one that comes from it.
    private final int[] taker;

    private Narrowing(List<JsonNode> narrow, List<JsonNode> wide, Map<String, DetailsType> types) {
        this.narrow = narrow;
        this.wide = wide;
        this.types = types;
        this.taker = new int[wide.size()];
        Arrays.fill(taker, NOBODY);
    }

    /// Empty when some object comes from none of the wider ones, or only from one that another needs.
    static Optional<Narrowing> of(
            AuthorizationDetails narrow, AuthorizationDetails wide, Map<String, DetailsType> types) {
        var narrowing = new Narrowing(narrow.objects(), wide.objects(), types);
        for (int i = 0; i < narrowing.narrow.size(); i++) {
            if (!narrowing.place(i, new boolean[narrowing.wide.size()])) {
                return Optional.empty();
            }
        }
        return Optional.of(narrowing);
    }

    /// For each narrower object the index of the wider one that it comes from.
    List<Integer> origins() {
        var origins = new Integer[narrow.size()];
        for (int i = 0; i < taker.length; i++) {
            if (taker[i] != NOBODY) {
                origins[taker[i]] = i;
            }
        }
        return List.of(origins);
    }

    /// Finds a wider object for this one, moving earlier ones if need be: an augmenting path of a bipartite matching.
    private boolean place(int object, boolean[] tried) {
        for (int i = 0; i < taker.length; i++) {
            if (!tried[i] && within(narrow.get(object), wide.get(i))) {
                tried[i] = true;
                if (taker[i] == NOBODY || place(taker[i], tried)) {
                    taker[i] = object;
                    return true;
                }
            }
        }
        return false;
    }

    private boolean within(JsonNode object, JsonNode wider) {
        return Set.copyOf(object.propertyNames()).equals(Set.copyOf(wider.propertyNames()))
                && object.propertyNames().stream()
                        .allMatch(name -> object.get(name).equals(wider.get(name))
                                || (lowerable(wider).contains(name) && lower(object.get(name), wider.get(name))));
    }

    private Set<String> lowerable(JsonNode object) {
        var type = types.get(AuthorizationDetails.type(object));
        return type == null ? Set.of() : type.lowerable();
    }

    private static boolean lower(JsonNode value, JsonNode than) {
        if (value.isNumber() && than.isNumber()) {
            return value.decimalValue().compareTo(than.decimalValue()) <= 0
                    && value.decimalValue().signum()
                            >= Math.min(0, than.decimalValue().signum());
        }
        return value.isArray()
                && than.isArray()
                && !value.isEmpty()
                && common(than, value, than).size() == value.size();
    }

    /// The elements of `all` that both lists have, each as often as in the one that has it less often.
    private static List<JsonNode> common(JsonNode all, JsonNode one, JsonNode other) {
        var ones = new ArrayList<>(one.valueStream().toList());
        var others = new ArrayList<>(other.valueStream().toList());
        return all.valueStream()
                .filter(it -> others.contains(it) && ones.remove(it) && others.remove(it))
                .toList();
    }

    static AuthorizationDetails meet(
            AuthorizationDetails one,
            AuthorizationDetails other,
            AuthorizationDetails asked,
            Map<String, DetailsType> types) {
        var first = of(one, asked, types).orElseThrow(Narrowing::notWithin);
        var second = of(other, asked, types).orElseThrow(Narrowing::notWithin);
        // To the byte what people agreed on, in their order: its digest is what the votes in the ledger name.
        if (one.equals(other) || other.equals(asked)) {
            return one;
        }
        if (one.equals(asked)) {
            return other;
        }
        var met = new ArrayList<String>();
        for (int i = 0; i < first.wide.size(); i++) {
            if (first.taker[i] != NOBODY && second.taker[i] != NOBODY) {
                first.meet(first.narrow.get(first.taker[i]), second.narrow.get(second.taker[i]), first.wide.get(i))
                        .map(Json::canonical)
                        .ifPresent(met::add);
            }
        }
        return AuthorizationDetails.of(met.stream().distinct().toList());
    }

    private static IllegalArgumentException notWithin() {
        return new IllegalArgumentException("no narrowing of what was asked");
    }

    /// What two narrowings of the same object both allow; empty when that is nothing, or nothing its type has a form
    /// for.
    private Optional<JsonNode> meet(JsonNode one, JsonNode other, JsonNode wider) {
        var met = Json.object();
        for (var name : wider.propertyNames()) {
            var here = one.get(name);
            var there = other.get(name);
            if (here.isArray() && !here.equals(there)) {
                met.putArray(name).addAll(common(wider.get(name), here, there));
            } else if (here.isNumber() && there.decimalValue().compareTo(here.decimalValue()) < 0) {
                met.set(name, there);
            } else {
                met.set(name, here);
            }
        }
        var type = types.get(AuthorizationDetails.type(met));
        boolean formed = type == null || type.wrong(met).isEmpty();
        return formed && within(met, wider) ? Optional.of(met) : Optional.empty();
    }
}
