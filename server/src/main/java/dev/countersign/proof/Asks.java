package dev.countersign.proof;

import dev.countersign.client.Client;
import dev.countersign.config.Configuration;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Ask;
import dev.countersign.policy.Calendar;
import dev.countersign.policy.FactSchema;
import dev.countersign.usage.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// All that anybody may ask by a configuration. A client that is disabled asks nothing.
final class Asks {
    private static final Map<String, List<String>> CODES =
            Map.of("findings", Finding.UNUSUAL, "usage.new", List.of("agent", "credential", "method", "network"));

    private final Configuration configuration;
    private final Map<String, List<String>> codes;

    private Asks(Configuration configuration) {
        this.configuration = configuration;
        this.codes = codes(configuration);
    }

    static Asks of(Configuration configuration) {
        return new Asks(configuration);
    }

    /// By client, then by API.
    static List<Ask> all(Configuration configuration) {
        var asks = new Asks(configuration);
        return new TreeMap<>(configuration.clients())
                .values().stream()
                        .flatMap(client -> resources(client).flatMap(id -> asks.find(client.id(), id).stream()))
                        .toList();
    }

    private static Stream<String> resources(Client client) {
        var all = new TreeSet<>(client.access().keySet());
        all.addAll(client.details().keySet());
        return all.stream();
    }

    /// What a client may ask of an API; empty when nothing.
    Optional<Ask> find(String clientId, String resourceId) {
        var client = configuration.clients().get(clientId);
        var resource = configuration.resources().get(resourceId);
        if (client == null || resource == null || client.disabled()) {
            return Optional.empty();
        }
        var scopes = scopes(client, resource);
        var types = types(client, resource);
        return scopes.isEmpty() && types.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ask(
                        client.id(),
                        client.name(),
                        client.owner(),
                        client.tags(),
                        client.auth().wire(),
                        resource.id(),
                        resource.owner(),
                        scopes,
                        types,
                        configuration.surroundings().zone().getId(),
                        codes,
                        Finding.UNFAMILIAR));
    }

    private static Map<String, List<String>> codes(Configuration configuration) {
        var codes = new TreeMap<>(CODES);
        var surroundings = configuration.surroundings();
        var calendars = surroundings.calendars();
        codes.put(FactSchema.WINDOWS, calendars.stream().map(Calendar::name).toList());
        codes.put(
                FactSchema.HOLIDAYS,
                calendars.stream()
                        .filter(it -> !it.holidays().isEmpty())
                        .map(Calendar::name)
                        .toList());
        codes.put(FactSchema.NETWORKS, List.copyOf(surroundings.networks().keySet()));
        return codes;
    }

    private static Map<String, Risk> scopes(Client client, Resource resource) {
        var mine = client.access().getOrDefault(resource.id(), Scopes.NONE);
        var scopes = new TreeMap<String, Risk>();
        for (ScopeDefinition it : resource.scopes().values()) {
            if (mine.contains(it.name())) {
                scopes.put(it.name(), it.risk());
            }
        }
        return scopes;
    }

    private static Map<String, Risk> types(Client client, Resource resource) {
        var mine = client.details().getOrDefault(resource.id(), List.of());
        var types = new TreeMap<String, Risk>();
        for (DetailsType it : resource.details().values()) {
            if (mine.contains(it.type())) {
                types.put(it.type(), it.risk());
            }
        }
        return types;
    }
}
