package dev.countersign.config;

import dev.countersign.approval.Administration;
import dev.countersign.client.Client;
import dev.countersign.http.Json;
import dev.countersign.notify.Notifier;
import dev.countersign.oauth.Observe;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.Group;
import dev.countersign.people.KnownPerson;
import dev.countersign.people.LocalPerson;
import dev.countersign.people.Roster;
import dev.countersign.people.StepUp;
import dev.countersign.policy.Claim;
import dev.countersign.policy.Coverage;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.PolicyTest;
import dev.countersign.policy.Registrations;
import dev.countersign.policy.SourceFacts;
import dev.countersign.policy.Surroundings;
import dev.countersign.signin.Provider;
import dev.countersign.source.FactSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A configuration without faults: what its folder says, cross-checked, compiled and tested.
///
/// @param version lower-case hex of SHA-256 over `content`
/// @param content the versioned part as canonical JSON (RFC 8785), with the schemas that stand in files of their
///     own; the same for every layout of the same folder, and a configuration itself
/// @param node what is not versioned
/// @param resources by id
/// @param clients by id
/// @param groups by name
/// @param people who signs in with a password
/// @param known who else is named, and the identities of any of them
/// @param providers in the order of their ids
/// @param stepUp how lately somebody must have signed in who approves much; empty when that does not matter
/// @param surroundings what facts of time and place are told by
/// @param sources by name, sorted
/// @param passkeysAgreedBy the group whose members agree to passkeys
/// @param notifiers by id, sorted
/// @param reminders after how long people are told again of a request that waits, by the rule
public record Configuration(
        String version,
        String content,
        NodeSettings node,
        Signing signing,
        Map<String, Resource> resources,
        Map<String, Client> clients,
        Map<String, Group> groups,
        List<LocalPerson> people,
        List<KnownPerson> known,
        List<Provider> providers,
        Optional<StepUp> stepUp,
        Policy policy,
        Surroundings surroundings,
        List<FactSource> sources,
        List<Notifier> notifiers,
        Map<String, Duration> reminders,
        List<PolicyTest> tests,
        List<Claim> claims,
        Limits limits,
        String passkeysAgreedBy) {

    /// The approving rules that say nothing of usage or findings and may concern something of high risk. When
    /// that is dormant or asked for the first time they put it before the API's owner.
    public List<String> asksOwnerWhenUnfamiliar() {
        return List.copyOf(QuorumCheck.silent(this));
    }

    /// What is observed only, by its kind and id: `client refund-bot`.
    public SortedMap<String, Observe> observed() {
        var observed = new TreeMap<String, Observe>();
        clients.values().forEach(it -> it.observe().ifPresent(until -> observed.put("client " + it.id(), until)));
        resources.values().forEach(it -> it.observe().ifPresent(until -> observed.put("resource " + it.id(), until)));
        return observed;
    }

    /// What it says of people.
    public Roster roster() {
        return new Roster(
                people,
                known,
                groups.values(),
                providers.stream().map(Provider::issuer).collect(Collectors.toUnmodifiableSet()),
                providers.stream().flatMap(it -> it.provisioner().stream()).toList());
    }

    /// Whether it says nothing but what is the node's own, and so leaves what is in force to the store.
    public boolean isNodesOwn() {
        return content.equals("{}");
    }

    /// Reads a folder, with all that is wrong with it.
    public static Read read(Path folder) {
        return Reader.folder(folder);
    }

    /// Reads a versioned part, as [#content] has it or as it comes over the API; the places of faults are JSON
    /// pointers.
    public static Read read(String content, NodeSettings node) {
        try {
            return Reader.content(Json.read(content), node);
        } catch (Json.Malformed e) {
            return new Read.Bad(List.of(new Fault(new Place("/", 1, 1), String.valueOf(e.getMessage()))));
        }
    }

    /// Reads a folder that was sent to a node, with all that is wrong with it. What it says of a node's own stays out.
    ///
    /// @param files the texts of its files by name
    public static Read sent(Map<String, String> files, NodeSettings node) {
        return Reader.sent(files, node);
    }

    /// The files of a folder that are to be sent when it is published from elsewhere.
    public static Gathered gather(Path folder) {
        return Reader.gather(folder);
    }

    /// What keeps the rules of a folder from being followed as they are written, as faults and warnings tell of it:
    /// quorums that people cannot meet, and what is observed only.
    ///
    /// @param provisioned who is in groups whose members a provider provisions, by group; of other groups of
    ///     providers it is assumed that enough are in them
    public static List<Fault> unmet(Path folder, Map<String, Set<String>> provisioned) {
        return Reader.unmet(folder, provisioned);
    }

    /// Runs the tests of a folder, whether they pass or not.
    public static Trials tests(Path folder) {
        return Reader.tests(folder);
    }

    /// What it registers, as far as requests that are only imagined are filled up from it.
    public Registrations registrations() {
        var asking = clients.values().stream()
                .collect(Collectors.toMap(
                        Client::id, it -> new Registrations.Client(it.name(), it.owner(), it.tags(), it.access())));
        Administration.among(resources)
                .ifPresent(it -> asking.put(
                        Administration.CLIENT,
                        new Registrations.Client(
                                Administration.NAME,
                                "",
                                List.of(),
                                Map.of(it.id(), Scopes.of(List.of(Administration.PUBLISH))))));
        return new Registrations(
                asking,
                resources,
                SourceFacts.of(
                        sources.stream().flatMap(it -> it.facts().stream()).toList()),
                surroundings.zone());
    }

    /// How much of the policy its tests reach.
    public Coverage coverage() {
        return Coverage.of(policy, given());
    }

    /// The rules that no test makes apply, by name.
    public List<String> untouched() {
        return Coverage.untouched(policy, given());
    }

    /// The facts of the requests that its tests give.
    private List<Facts> given() {
        var registrations = registrations();
        return tests.stream()
                .flatMap(it -> it.run(policy, registrations).facts().stream())
                .toList();
    }

    /// The same on another node.
    Configuration on(NodeSettings other) {
        return with(other, policy);
    }

    /// The same as it was published: where a server did that which knows nothing of signed looks, nobody signs them.
    Configuration as(Version published) {
        return published.signsLooks() || !policy.signs() ? this : by(policy.withUnsignedLooks());
    }

    /// The same by other rules.
    Configuration by(Policy other) {
        return with(node, other);
    }

    private Configuration with(NodeSettings itsNode, Policy itsPolicy) {
        return new Configuration(
                version,
                content,
                itsNode,
                signing,
                resources,
                clients,
                groups,
                people,
                known,
                providers,
                stepUp,
                itsPolicy,
                surroundings,
                sources,
                notifiers,
                reminders,
                tests,
                claims,
                limits,
                passkeysAgreedBy);
    }
}
