package dev.countersign.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Follows every name to the thing it names: members to people, owners and stages to groups, access to scopes.
final class References {
    private final Names names;
    private final Faults faults;

    References(Names names, Faults faults) {
        this.names = names;
        this.faults = faults;
    }

    void check(View root) {
        root.named("groups").values().forEach(group -> all("person", group.scalars("members"), names.people()));
        root.named("groups").values().stream()
                .flatMap(group -> group.view("on_call").stream())
                .flatMap(it -> it.view("people").stream())
                .forEach(it -> all("person", it.scalars(), names.people()));
        root.views("resources").forEach(resource -> {
            owner(resource);
            all("client", resource.scalars("introspected_by"), names.clients());
        });
        root.views("clients").forEach(client -> {
            owner(client);
            client.view("attest")
                    .ifPresent(it -> all(
                            "group",
                            it.scalar("by").stream().toList(),
                            names.members().keySet()));
            reach(client, "access", "scope", names.scopes());
            reach(client, "details", "details type", names.details());
        });
        root.view("login")
                .flatMap(it -> it.view("passkeys"))
                .ifPresent(it -> all(
                        "group",
                        it.scalar("agreed_by").stream().toList(),
                        names.members().keySet()));
        root.views("policies").stream()
                .flatMap(rule -> Stream.concat(
                        rule.view("review").stream(),
                        rule.view("break_glass").flatMap(it -> it.view("review")).stream()))
                .flatMap(review -> Stream.concat(
                        review.views("stages").stream().flatMap(stage -> stage.scalar("group").stream()),
                        review.view("escalate").flatMap(it -> it.scalar("to")).stream()))
                .forEach(group -> all("group", List.of(group), names.members().keySet()));
    }

    private void owner(View thing) {
        all("group", thing.scalar("owner").stream().toList(), names.members().keySet());
    }

    /// What a client may ask for, by resource.
    private void reach(View client, String key, String kind, Map<String, Set<String>> known) {
        client.view(key).stream().flatMap(it -> it.entries().entries().stream()).forEach(entry -> {
            var missing = Names.missing("resource", entry.key(), known.keySet());
            missing.ifPresent(it -> faults.add(entry.at(), it));
            if (missing.isEmpty() && entry.value() instanceof Piece.Items items) {
                var wanted = items.items().stream()
                        .filter(Piece.Scalar.class::isInstance)
                        .map(Piece.Scalar.class::cast)
                        .toList();
                all(kind, wanted, known.getOrDefault(entry.key(), Set.of()));
            }
        });
    }

    private void all(String kind, List<Piece.Scalar> wanted, Collection<String> known) {
        for (var name : wanted) {
            Names.missing(kind, name.text(), known).ifPresent(it -> faults.add(name.at(), it));
        }
    }
}
