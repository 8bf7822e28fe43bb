package dev.countersign.policy;

import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Risk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The facts of a request that was made as a test gives them: what the registrations and the quiet values would not
/// say anyhow, and no more.
///
/// @param given as a test has it
/// @param left the facts that a test cannot give, as they were recorded
public record TakenFacts(Map<String, Object> given, List<String> left) {
    /// What stands in `given` under these names, or follows from what does.
    private static final List<String> ASKED = List.of("client.id", "resource", "scopes", "details", "details_types");

    /// The facts of a request, taken.
    ///
    /// @param registrations those by which the test will fill up what is not given
    public static TakenFacts of(Facts facts, Registrations registrations) {
        var given = new LinkedHashMap<String, Object>();
        facts.value("client.id").ifPresent(it -> given.put("client", it));
        facts.value("resource").ifPresent(it -> given.put("resource", it));
        facts.value("scopes").ifPresent(it -> given.put("scopes", it));
        facts.value("details")
                .map(it -> Json.as(((AuthorizationDetails) it).canonical(), List.class))
                .filter(it -> !it.isEmpty())
                .ifPresent(it -> given.put("details", it));
        var left = new ArrayList<String>();
        var names = Stream.concat(FactSchema.facts().stream().map(Fact::name), facts.ofSources().stream())
                .filter(it -> !ASKED.contains(it))
                .toList();
        var filled = filled(given, registrations);
        for (var name : names) {
            var recorded = facts.value(name);
            if (!recorded.equals(filled.flatMap(it -> it.value(name)))) {
                written(name, recorded).ifPresentOrElse(it -> given.put(name, it), () -> left.add(name));
            }
        }
        return new TakenFacts(given, List.copyOf(left));
    }

    /// Empty when no request can be like that any more.
    private static Optional<Facts> filled(Map<String, Object> given, Registrations registrations) {
        return switch (GivenFacts.of(given, registrations)) {
            case GivenFacts.Understood(var facts) -> Optional.of(facts);
            case GivenFacts.Odd _ -> Optional.empty();
        };
    }

    private static Optional<Object> written(String name, Optional<Object> recorded) {
        if (recorded.isEmpty()) {
            return Optional.of(GivenFacts.UNKNOWN);
        }
        var value = recorded.get();
        if (name.equals("risk")) {
            return Arrays.stream(Risk.values())
                    .filter(it -> value.equals((long) it.level))
                    .findFirst()
                    .map(Risk::word);
        }
        return Optional.of(value).filter(it -> !(it instanceof Amounts));
    }
}
