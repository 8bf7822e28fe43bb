package dev.countersign.approval;

import dev.countersign.ledger.Member;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The server as a resource and a client of its own: to put a configuration in force is an access request like any
/// other, once the configuration registers the resource whose scope it is.
public final class Administration {
    /// The client that asks, whoever sits at it; no other has this id.
    public static final String CLIENT = Member.ADMINISTRATION;

    /// The client's name for people.
    public static final String NAME = "Countersign";

    /// The scope that rules speak of.
    public static final String PUBLISH = "configuration:publish";

    /// The type of the details that say which version is to replace which.
    public static final String TYPE = "configuration";

    private static final DetailsType CONFIGURATION = DetailsType.load(
                    TYPE, "Configuration {version} instead of {previous}", Risk.LOW, """
                    { "type": "object", "additionalProperties": false, "required": ["type", "version", "previous"],
                      "properties": { "type": { "const": "configuration" },
                                      "version": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                                      "previous": { "type": "string", "pattern": "^[0-9a-f]{64}$" } } }
                    """, List.of())
            .orThrow();

    private static final ScopeDefinition PUBLISHES =
            new ScopeDefinition(PUBLISH, "Put a configuration in force", Risk.CRITICAL, Harm.UNSAID);

    private Administration() {}

    /// Whether a client is the server itself, at which a person sits.
    public static boolean isServer(String client) {
        return Member.SERVER.contains(client);
    }

    /// Whether a resource is the server itself.
    public static boolean is(Resource resource) {
        return resource.scopes().containsKey(PUBLISH);
    }

    /// A resource with what the server knows of it: of itself, the type of its details.
    public static Resource complete(Resource it) {
        if (!is(it)) {
            return it;
        }
        Map<String, DetailsType> details = new HashMap<>(it.details());
        details.put(TYPE, CONFIGURATION);
        return new Resource(
                it.id(), it.name(), it.owner(), it.introspectedBy(), it.scopes(), Map.copyOf(details), it.observe());
    }

    /// The server itself where no configuration registers it any more, for what was asked of it when one did.
    /// Empty when these scopes are not its own.
    public static Optional<Resource> unregistered(String id, Scopes scopes) {
        return scopes.names().contains(PUBLISH)
                ? Optional.of(complete(
                        new Resource(id, NAME, "", List.of(), Map.of(PUBLISH, PUBLISHES), Map.of(), Optional.empty())))
                : Optional.empty();
    }

    /// The server itself among resources; empty when it is not registered, and nobody is asked about publications.
    public static Optional<Resource> among(Map<String, Resource> resources) {
        return resources.values().stream().filter(Administration::is).findFirst();
    }
}
