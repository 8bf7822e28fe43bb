package dev.countersign.policy;

import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Scopes;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// What a configuration registers, as far as policy tests fill in facts from it.
///
/// @param clients by id
/// @param resources by id
/// @param sources the facts that sources give
/// @param zone the one that the hour is in
public record Registrations(
        Map<String, Client> clients, Map<String, Resource> resources, SourceFacts sources, ZoneId zone) {
    /// Those of a configuration without sources.
    public Registrations(Map<String, Client> clients, Map<String, Resource> resources) {
        this(clients, resources, SourceFacts.NONE, Surroundings.NONE.zone());
    }

    /// A client's facts.
    ///
    /// @param access the scopes it may ask for, by resource
    public record Client(String name, String owner, List<String> tags, Map<String, Scopes> access) {}
}
