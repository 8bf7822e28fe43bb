package dev.countersign.replay;

import dev.countersign.config.Configuration;
import dev.countersign.people.Group;
import dev.countersign.people.Identity;
import dev.countersign.people.KnownPerson;
import dev.countersign.people.ProvisionedMembers;
import dev.countersign.people.Provisioner;
import dev.countersign.signin.Provider;
import dev.countersign.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who is in groups whose members a provider provisions, by the store.
final class Present {
    private final Tx tx;
    private final Configuration configuration;
    private final Map<Identity, String> users = new HashMap<>();

    Present(Tx tx, Configuration configuration) {
        this.tx = tx;
        this.configuration = configuration;
        for (KnownPerson it : configuration.known()) {
            it.identities().forEach(identity -> users.put(identity, it.user()));
        }
    }

    /// By group. Somebody whom the configuration names has its name.
    Map<String, Set<String>> members() {
        var members = new HashMap<String, Set<String>>();
        for (var group : configuration.groups().values()) {
            provisioner(group)
                    .ifPresent(it ->
                            members.put(group.name(), members(it, group.from().orElseThrow())));
        }
        return members;
    }

    private Set<String> members(Provisioner provisioner, Group.From from) {
        return ProvisionedMembers.of(tx, provisioner, List.of(from.group())).values().stream()
                .flatMap(Set::stream)
                .map(it -> users.getOrDefault(it, it.issuer() + " " + it.subject()))
                .collect(Collectors.toSet());
    }

    private Optional<Provisioner> provisioner(Group group) {
        return group.from()
                .flatMap(from -> configuration.providers().stream()
                        .filter(it -> it.issuer().equals(from.issuer()))
                        .findFirst())
                .flatMap(Provider::provisioner);
    }
}
