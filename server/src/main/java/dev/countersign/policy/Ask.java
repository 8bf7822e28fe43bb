package dev.countersign.policy;

import dev.countersign.oauth.Risk;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// All that one client may ever ask of one API.
///
/// @param authMethod how the client authenticates
/// @param scopes those it may ask for, with the risk of each
/// @param types the same of details types
/// @param zone the one that the hour is in
/// @param codes all that may stand in a list whose members are known beforehand, by fact
/// @param unfamiliar those of the codes of findings by which it is dormant or asked for the first time
public record Ask(
        String client,
        String name,
        String owner,
        List<String> tags,
        String authMethod,
        String resource,
        String resourceOwner,
        Map<String, Risk> scopes,
        Map<String, Risk> types,
        String zone,
        Map<String, List<String>> codes,
        Set<String> unfamiliar) {
    /// The risk of asking for these.
    long risk(List<String> scopes, List<String> types) {
        return Stream.concat(
                        scopes.stream().map(it -> this.scopes.getOrDefault(it, Risk.LOW)),
                        types.stream().map(it -> this.types.getOrDefault(it, Risk.LOW)))
                .mapToLong(FactSchema::level)
                .max()
                .orElse(FactSchema.level(Risk.LOW));
    }
}
