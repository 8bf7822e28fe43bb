package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Ids;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// That a client which was not used for long is still needed, as an access request: a person of its owner asks, and
/// somebody of the group that its registration names decides. What it is asked of is the client, by a URL of the
/// server's, and what would be a token's life is how long it holds.
///
/// Who agrees is registered with the client and is no rule's word: a rule that denies what is dormant must not find
/// that nobody has attested for long.
public final class Attestation {
    /// The client that asks, whoever sits at it; no other has this id.
    public static final String CLIENT = Member.ATTESTATION;

    /// What it asks for.
    public static final String SCOPE = "clients:attest";

    private static final String PATH = "/api/v1/clients/";
    private static final Risk RISK = Risk.MEDIUM;
    private static final Harm HARM = new Harm(
            "Whoever else has this client's secret is put before reviewers instead of being refused",
            "Take the attestation back, or freeze the client");

    private Attestation() {}

    /// The request by which a person proposes it.
    static AccessRequest request(
            String issuer,
            Client client,
            String person,
            String reason,
            String ticket,
            AccessRequest.Origin origin,
            Instant at) {
        return new AccessRequest(
                Ids.next(),
                CLIENT,
                person,
                issuer + PATH + URLEncoder.encode(client.id(), StandardCharsets.UTF_8),
                Scopes.of(List.of(SCOPE)),
                AuthorizationDetails.NONE,
                Optional.of(client.attest().lasts()),
                reason,
                ticket,
                "",
                origin,
                at);
    }

    /// That people decide it, by the registration in force.
    static Verdict.Review verdict(Client client, Policy policy) {
        return stages(client, policy.version()).signed(policy.signs(RISK));
    }

    /// Whom it asks, whoever signs.
    static Verdict.Review stages(Client client, String version) {
        var attest = client.attest();
        return new Verdict.Review(
                List.of(Policy.ATTESTATION),
                version,
                List.of(new Stage(attest.by(), 1)),
                attest.within(),
                Effect.COLLECT,
                Optional.of(attest.lasts()),
                List.of("reason"));
    }

    /// The client that a request asks to attest; empty when it asks for anything else.
    public static Optional<String> of(AccessRequest request) {
        return request.client().equals(CLIENT) ? client(request.resource()) : Optional.empty();
    }

    /// The client at this URL of the server's; empty when it is none.
    public static Optional<String> client(String resource) {
        int at = resource.indexOf(PATH);
        return at < 0
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(resource.substring(at + PATH.length()), StandardCharsets.UTF_8));
    }

    /// What reviewers read of what such a request asks for.
    ///
    /// @param names of clients for people, by their ids
    /// @return empty when that is no resource of such a request
    public static Optional<Resource> resource(String id, UnaryOperator<String> names) {
        return client(id).map(client -> resource(id, names.apply(client)));
    }

    /// @param name of the client, for people
    static Resource resource(String id, String name) {
        var title = "Attest that " + name + " is still needed";
        return new Resource(
                id,
                Administration.NAME,
                "",
                List.of(),
                Map.of(SCOPE, new ScopeDefinition(SCOPE, title, RISK, HARM)),
                Map.of(),
                Optional.empty());
    }
}
