package dev.countersign.policy;

import dev.countersign.oauth.Risk;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Writes the request that a solver found as a test would give it.
final class Imagined {
    private final Ask ask;
    private final boolean usageKnown;
    private final Set<String> spoken;

    /// @param spoken the facts that anybody speaks of
    Imagined(Ask ask, boolean usageKnown, Set<String> spoken) {
        this.ask = ask;
        this.usageKnown = usageKnown;
        this.spoken = spoken;
    }

    Map<String, Object> request(Map<String, Object> values) {
        var request = new LinkedHashMap<String, Object>();
        request.put("client", ask.client());
        request.put("resource", ask.resource());
        var scopes = members("scopes", ask.scopes().keySet(), values);
        var types = members("details_types", ask.types().keySet(), values);
        request.put("scopes", scopes);
        if (!types.isEmpty()) {
            request.put(
                    "details",
                    types.stream().map(it -> Map.<String, Object>of("type", it)).toList());
        }
        for (var fact : FactSchema.facts()) {
            if (Symbols.isOfUsage(fact.name())) {
                usage(fact, request, scopes, types, values);
            } else if (FactSchema.OF_CALENDARS.contains(fact.name())
                    || fact.name().equals(FactSchema.NETWORKS)) {
                var names = codes(fact.name(), values);
                if (!names.isEmpty()) {
                    request.put(fact.name(), names);
                }
            } else if (!values.getOrDefault(fact.name(), fact.quiet()).equals(fact.quiet())) {
                request.put(fact.name(), Objects.requireNonNull(values.get(fact.name())));
            }
        }
        if (!ask.authMethod()
                .equals(FactSchema.fact("auth.method").orElseThrow().quiet())) {
            request.put("auth.method", ask.authMethod());
        }
        return request;
    }

    private void usage(
            Fact fact,
            Map<String, Object> request,
            List<String> scopes,
            List<String> types,
            Map<String, Object> values) {
        boolean risky = ask.risk(scopes, types) >= FactSchema.level(Risk.HIGH);
        var name = fact.name();
        if (!usageKnown) {
            // Below high risk nothing is unfamiliar, whatever the ledger says.
            if (name.equals(FactSchema.UNFAMILIAR) ? risky : spoken.contains(name)) {
                request.put(name, GivenFacts.UNKNOWN);
            }
            return;
        }
        if (name.equals(FactSchema.UNFAMILIAR)) {
            boolean unfamiliar = !Collections.disjoint(codes("findings", values), ask.unfamiliar());
            if (risky && unfamiliar) {
                request.put(name, true);
            }
            return;
        }
        var value = switch (name) {
            case "usage.first_time_scopes", "usage.dormant_scopes" -> members(name, scopes, values);
            case "usage.first_time_details" -> members(name, types, values);
            case FactSchema.ATTESTED -> values.get(FactSchema.ATTESTED_DAYS) instanceof Long days && days > 0;
            default -> ask.codes().containsKey(name) ? codes(name, values) : values.getOrDefault(name, fact.quiet());
        };
        if (!value.equals(fact.quiet())) {
            request.put(name, value);
        }
    }

    private List<String> codes(String fact, Map<String, Object> values) {
        return members(fact, ask.codes().getOrDefault(fact, List.of()), values);
    }

    private static List<String> members(String fact, Collection<String> all, Map<String, Object> values) {
        return new TreeSet<>(all)
                .stream()
                        .filter(it -> Boolean.TRUE.equals(values.get(Symbols.memberName(fact, it))))
                        .toList();
    }
}
