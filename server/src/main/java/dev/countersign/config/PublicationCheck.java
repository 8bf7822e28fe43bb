package dev.countersign.config;

import dev.countersign.approval.Administration;
import dev.countersign.people.Group;
import dev.countersign.policy.GivenFacts;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Holds what a configuration says of publishing configurations: that it speaks of this server and of no other, and
/// that somebody could still publish the next one.
final class PublicationCheck {
    private final Names names;
    private final Faults faults;

    PublicationCheck(Names names, Faults faults) {
        this.names = names;
        this.faults = faults;
    }

    /// @param issuer empty when it is not written, which has been told
    void check(View root, Optional<String> issuer) {
        for (var resource : root.views("resources")) {
            for (var scope : resource.views("scopes")) {
                boolean ours = issuer.isEmpty() || issuer.get().equals(resource.text("id"));
                if (scope.text("name").equals(Administration.PUBLISH) && !ours) {
                    faults.add(
                            resource.at("id"),
                            "only the server itself has the scope `%s`: the id of its resource is its issuer, `%s`"
                                    .formatted(Administration.PUBLISH, issuer.orElse("")));
                }
            }
        }
        root.views("resources").stream()
                .filter(PublicationCheck::isServer)
                .flatMap(it -> it.views("details").stream())
                .filter(it -> it.text("type").equals(Administration.TYPE))
                .forEach(it -> faults.add(
                        it.at("type"), "the server has the type `" + Administration.TYPE + "` of itself; take it out"));
        root.views("resources").stream()
                .filter(PublicationCheck::isServer)
                .filter(it -> it.has("observe"))
                .forEach(it -> faults.add(
                        it.at("observe"),
                        "who may publish a configuration is never observed only, or anybody could lift every rule;"
                                + " take it out"));
        for (var client : root.views("clients")) {
            if (Administration.isServer(client.text("id"))) {
                faults.add(client.at("id"), "`" + client.text("id") + "` is the server itself; choose another id");
            }
            client.view("access").stream()
                    .flatMap(it -> it.entries().entries().stream()
                            .filter(entry -> it.texts(entry.key()).contains(Administration.PUBLISH)))
                    .forEach(it -> faults.add(
                            it.at(),
                            "people publish configurations, and clients do not; take `" + Administration.PUBLISH
                                    + "` out"));
        }
    }

    private static boolean isServer(View resource) {
        return resource.views("scopes").stream().anyMatch(it -> it.text("name").equals(Administration.PUBLISH));
    }

    /// That it does not lock everybody out, itself included: there would be no way back.
    void possible(Configuration configuration, View root) {
        var resource = Administration.among(configuration.resources());
        if (resource.isEmpty()) {
            return;
        }
        var given = Map.<String, Object>of(
                "client",
                Administration.CLIENT,
                "resource",
                resource.get().id(),
                "scopes",
                List.of(Administration.PUBLISH),
                "details",
                List.of(Map.of("type", Administration.TYPE)),
                "reason",
                "a change",
                "ticket",
                "a ticket");
        if (GivenFacts.of(given, configuration.registrations()) instanceof GivenFacts.Understood(var facts)) {
            var verdict = configuration.policy().judge(facts).verdict();
            impossible(verdict)
                    .ifPresent(why -> root.views("resources").stream()
                            .filter(PublicationCheck::isServer)
                            .forEach(it ->
                                    faults.add(it.at("id"), "nobody could publish a configuration any more: " + why)));
        }
    }

    private Optional<String> impossible(Verdict verdict) {
        var administrators = names.members().getOrDefault(Group.ADMINISTRATORS, Set.of());
        if (administrators.isEmpty()) {
            return Optional.of("the group `" + Group.ADMINISTRATORS + "` has no members");
        }
        return switch (verdict) {
            case Verdict.Approve _ -> Optional.empty();
            case Verdict.Deny it ->
                Optional.of("`" + it.rule() + "` denies it; add a rule about `\"" + Administration.PUBLISH
                        + "\" in scopes`, and keep the others from it");
            case Verdict.Review it ->
                administrators.stream().anyMatch(publisher -> isMet(it, publisher))
                        ? Optional.empty()
                        : Optional.of("nobody approves their own, and without whoever publishes there are too few in "
                                + String.join(
                                        ", ",
                                        it.stages().stream()
                                                .map(stage -> "`" + stage.group() + "`")
                                                .toList())
                                + "; add members");
        };
    }

    private boolean isMet(Verdict.Review review, String publisher) {
        var candidates = names.candidates(review.stages(), "");
        candidates.remove(publisher);
        return Quorum.met(review.stages(), candidates);
    }
}
