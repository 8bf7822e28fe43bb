package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.oauth.Resource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// That a request is observed only: what policy says of it is recorded and not followed.
///
/// @param of what is registered so: `client`, `resource` or both
/// @param until when the longer of them ends
/// @param granted what the registration allows: all that is asked, for as long as a token may live
public record Observed(List<String> of, Instant until, Allowance granted) {
    private static final String CLIENT = "client";
    private static final String RESOURCE = "resource";

    /// Whether either of them is, at that time.
    static boolean is(Instant now, Client client, Resource resource) {
        return Stream.concat(client.observe().stream(), resource.observe().stream())
                .anyMatch(it -> it.holds(now));
    }

    /// Empty when neither of them is, at that time.
    static Optional<Observed> at(Instant now, Client client, Resource resource, Allowance granted) {
        var byClient = client.observe().filter(it -> it.holds(now));
        var byResource = resource.observe().filter(it -> it.holds(now));
        return Stream.concat(byClient.stream(), byResource.stream())
                .map(it -> it.until())
                .max(Comparator.naturalOrder())
                .map(until -> new Observed(
                        Stream.concat(byClient.map(_ -> CLIENT).stream(), byResource.map(_ -> RESOURCE).stream())
                                .toList(),
                        until,
                        granted));
    }
}
