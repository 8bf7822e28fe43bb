package dev.countersign.config;

import dev.countersign.client.Client;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Effect;
import dev.countersign.policy.FactSchema;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleTrace;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Truth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the clients whose requests nobody could approve, since the members of a client's own group may not.
///
/// A rule concerns a client when it may speak of one of the things the client may ask for: each is judged on its
/// own, with nothing known but what the configuration says.
final class QuorumCheck {
    private final Names names;
    private final Faults warnings;

    QuorumCheck(Names names, Faults warnings) {
        this.names = names;
        this.warnings = warnings;
    }

    void check(Configuration configuration, View root) {
        passkeys(configuration, root);
        var places = root.views("clients").stream().collect(Collectors.toMap(it -> it.text("id"), View::at));
        var rules = configuration.policy().rules().stream().collect(Collectors.toMap(Rule::name, Function.identity()));
        for (var client : configuration.clients().values()) {
            if (client.disabled()) {
                continue;
            }
            var concerning = concerning(configuration, client);
            for (var rule : concerning) {
                warn(client, rules.get(rule), Objects.requireNonNull(places.get(client.id())));
            }
            concerning.stream()
                    .filter(it -> speaksOfAttesting(rules.get(it)) && !isAttestable(client))
                    .findFirst()
                    .ifPresent(rule -> warnings.add(
                            Objects.requireNonNull(places.get(client.id())),
                            "nobody could attest `%s`, of which rule `%s` speaks: somebody of its owner `%s` proposes it, and somebody else of `%s` agrees; add members, or name another group under `attest`"
                                    .formatted(
                                            client.id(),
                                            rule,
                                            client.owner(),
                                            client.attest().by())));
            unfamiliar(configuration, client)
                    .forEach((rule, owner) -> warnings.add(
                            Objects.requireNonNull(places.get(client.id())),
                            "nobody could approve what rule `%s` lets through for `%s` when that is dormant or asked for the first time: members of its owner `%s` do not count; add others to `%s`"
                                    .formatted(rule, client.id(), client.owner(), owner)));
        }
    }

    /// Votes are signed, and the first passkey of all needs somebody who agrees to it.
    private void passkeys(Configuration configuration, View root) {
        var group = configuration.passkeysAgreedBy();
        if (names.members().getOrDefault(group, Set.of()).size() >= 2) {
            return;
        }
        var said =
                "votes are signed, and nobody could agree to the first passkey: it is that of one member of `%s`, and another member agrees; add members, or name another group under `login.passkeys.agreed_by`"
                        .formatted(group);
        root.view("login")
                .flatMap(it -> it.view("passkeys"))
                .filter(it -> it.has("sign_from"))
                .ifPresent(it -> warnings.add(it.at("sign_from"), said));
        root.views("policies").stream()
                .flatMap(it -> it.view("review").stream())
                .filter(it -> it.flag("signed"))
                .findFirst()
                .ifPresent(it -> warnings.add(it.at("signed"), said));
    }

    private static boolean speaksOfAttesting(@Nullable Rule rule) {
        return rule != null && rule.when().facts().stream().anyMatch(it -> it.startsWith(FactSchema.ATTESTED));
    }

    /// Whether there are two people for it.
    private boolean isAttestable(Client client) {
        var agree = names.members().getOrDefault(client.attest().by(), Set.of());
        return names.members().getOrDefault(client.owner(), Set.of()).stream()
                .anyMatch(proposes -> agree.stream().anyMatch(it -> !it.equals(proposes)));
    }

    private void warn(Client client, @Nullable Rule rule, Place at) {
        if (rule != null
                && rule.then() instanceof Effect.BreakTheGlass glass
                && !Quorum.met(glass.stages(), names.candidates(glass.stages(), client.owner()))) {
            warnings.add(
                    at,
                    "nobody could look afterwards at what rule `%s` lets through for `%s`, so it lets nothing through: members of its owner `%s` do not count; add others to %s"
                            .formatted(rule.name(), client.id(), client.owner(), groups(glass.stages())));
        }
        if (rule != null
                && rule.then() instanceof Effect.Review review
                && !Quorum.met(review.stages(), names.candidates(review.stages(), client.owner()))) {
            warnings.add(
                    at,
                    "nobody could approve what rule `%s` holds back for `%s`: members of its owner `%s` do not count; add others to %s"
                            .formatted(rule.name(), client.id(), client.owner(), groups(review.stages())));
        }
    }

    /// The approving rules that would put a dormant or first-time privilege before the owner of an API, of whom
    /// nobody may approve it; each with that owner.
    private Map<String, String> unfamiliar(Configuration configuration, Client client) {
        var found = new TreeMap<String, String>();
        resources(configuration, client).forEach(resource -> {
            var stages = List.of(new Stage(resource.owner(), 1));
            if (!Quorum.met(stages, names.candidates(stages, client.owner()))) {
                silent(configuration, client, resource).forEach(it -> found.put(it, resource.owner()));
            }
        });
        return found;
    }

    /// The approving rules that say nothing of usage and may concern something of high risk.
    static Set<String> silent(Configuration configuration) {
        return configuration.clients().values().stream()
                .flatMap(client ->
                        resources(configuration, client).flatMap(resource -> silent(configuration, client, resource)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> silent(Configuration configuration, Client client, Resource resource) {
        var silent = configuration.policy().rules().stream()
                .filter(Rule::isSilentOfUsage)
                .map(Rule::name)
                .collect(Collectors.toSet());
        return asks(client, resource)
                .flatMap(facts -> configuration.policy().judge(facts).trace().stream())
                .filter(it -> it.truth() != Truth.NO && it.effect().equals("review") && silent.contains(it.rule()))
                .map(RuleTrace::rule);
    }

    private static Stream<Resource> resources(Configuration configuration, Client client) {
        return Stream.concat(client.access().keySet().stream(), client.details().keySet().stream())
                .distinct()
                .flatMap(id -> Optional.ofNullable(configuration.resources().get(id)).stream());
    }

    private static String groups(List<Stage> stages) {
        return stages.stream().map(it -> "`" + it.group() + "`").sorted().collect(Collectors.joining(", "));
    }

    private static Set<String> concerning(Configuration configuration, Client client) {
        return resources(configuration, client)
                .flatMap(resource -> asks(client, resource))
                .flatMap(facts -> configuration.policy().judge(facts).trace().stream())
                .filter(it -> it.truth() != Truth.NO)
                .map(RuleTrace::rule)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Facts> asks(Client client, Resource resource) {
        var scopes = resource.scopes().values().stream()
                .filter(it ->
                        client.access().getOrDefault(resource.id(), Scopes.NONE).contains(it.name()))
                .map(it -> facts(client, resource, List.of(it.name()), List.of(), it.risk())
                        .build());
        var types = client.details().getOrDefault(resource.id(), List.of());
        var details = resource.details().values().stream()
                .filter(it -> types.contains(it.type()))
                .map(it -> facts(client, resource, List.of(), List.of(it.type()), it.risk())
                        .unknown("details")
                        .build());
        return Stream.concat(scopes, details);
    }

    private static Facts.Builder facts(
            Client client, Resource resource, List<String> scopes, List<String> types, Risk risk) {
        return Facts.builder()
                .client(client.id(), client.name(), client.owner(), client.tags())
                .subject(client.id())
                .asks(resource, Scopes.of(scopes), AuthorizationDetails.NONE, types, risk);
    }
}
