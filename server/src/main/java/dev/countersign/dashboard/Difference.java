package dev.countersign.dashboard;

import dev.countersign.approval.Allowance;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.DetailsType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// How a narrowing differs from what was asked, in words.
///
/// @param leftOut what it does not have
/// @param lowered for each of its details what of it is lowered, "amount 20 instead of 25"; empty where nothing is
record Difference(List<String> leftOut, List<String> lowered) {
    /// Empty when it is no narrowing, because a details type has changed since.
    ///
    /// @param scope a scope's title
    static Optional<Difference> of(
            Allowance narrow, Allowance ask, Map<String, DetailsType> types, UnaryOperator<String> scope) {
        var here = narrow.details().objects();
        var asked = ask.details().objects();
        var sentences = ask.details().sentences(types);
        return narrow.details().origins(ask.details(), types).map(origins -> {
            var leftOut = new ArrayList<String>();
            IntStream.range(0, asked.size())
                    .filter(at -> !origins.contains(at))
                    .mapToObj(sentences::get)
                    .forEach(leftOut::add);
            ask.scopes().names().stream()
                    .filter(it -> !narrow.scopes().contains(it))
                    .map(scope)
                    .forEach(leftOut::add);
            var lowered = IntStream.range(0, here.size())
                    .mapToObj(at -> lowered(here.get(at), asked.get(origins.get(at))))
                    .toList();
            return new Difference(List.copyOf(leftOut), lowered);
        });
    }

    private static String lowered(JsonNode here, JsonNode asked) {
        return here.propertyNames().stream()
                .filter(it -> !here.get(it).equals(asked.get(it)))
                .map(it -> ClientText.inert(it) + " " + AuthorizationDetails.words(here.get(it)) + " instead of "
                        + AuthorizationDetails.words(asked.get(it)))
                .collect(Collectors.joining(", "));
    }
}
