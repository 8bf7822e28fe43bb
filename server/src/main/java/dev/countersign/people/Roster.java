package dev.countersign.people;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a configuration says of people.
///
/// @param locals who signs in with a password
/// @param known who else is named, and the identities of any of them
/// @param issuers the providers that people may sign in with
/// @param provisioners those of them that provision people and groups
public record Roster(
        Collection<LocalPerson> locals,
        Collection<KnownPerson> known,
        Collection<Group> groups,
        Set<String> issuers,
        Collection<Provisioner> provisioners) {

    /// One without providers.
    public Roster(Collection<LocalPerson> locals, Collection<Group> groups) {
        this(locals, List.of(), groups, Set.of(), List.of());
    }

    /// Everyone it names; a local person has the name and address that stand beside the password.
    Collection<Named> people() {
        var people = new LinkedHashMap<String, Named>();
        known.forEach(it -> people.put(it.user(), it));
        locals.forEach(it -> people.put(it.user(), it));
        return people.values();
    }

    /// The user behind each identity that it says is somebody it names.
    Map<Identity, String> aliases() {
        var aliases = new HashMap<Identity, String>();
        known.forEach(it -> it.identities().forEach(identity -> aliases.put(identity, it.user())));
        return aliases;
    }

    /// The groups that a provider's word on its own makes somebody a member of, with what it calls each.
    public Map<String, String> claimed(String issuer, Set<String> said) {
        var claimed = takes(issuer);
        claimed.values().retainAll(said);
        return claimed;
    }

    /// The groups that take members from a provider, with what it calls each.
    Map<String, String> takes(String issuer) {
        var takes = new HashMap<String, String>();
        for (var group : groups) {
            group.from().filter(it -> it.issuer().equals(issuer)).ifPresent(it -> takes.put(group.name(), it.group()));
        }
        return takes;
    }
}
