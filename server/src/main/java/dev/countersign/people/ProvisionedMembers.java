package dev.countersign.people;

import dev.countersign.store.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who is in the groups of a provider that provisions, as it said.
public final class ProvisionedMembers {
    private ProvisionedMembers() {}

    /// Those who may come and of whom it is known how they sign in, by what `from` calls each group.
    public static Map<String, Set<Identity>> of(Tx tx, Provisioner provisioner, Collection<String> names) {
        var members = new HashMap<String, Set<Identity>>();
        names.forEach(it -> members.put(it, new HashSet<>()));
        new ProvisionedGroups()
                .active(tx, provisioner, names)
                .forEach((user, claimed) -> user.identity(provisioner)
                        .ifPresent(identity -> claimed.forEach(it -> members.computeIfAbsent(it, _ -> new HashSet<>())
                                .add(identity))));
        return members;
    }
}
