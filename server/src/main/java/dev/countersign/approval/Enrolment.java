package dev.countersign.approval;

import dev.countersign.ledger.Member;
import dev.countersign.ledger.PasskeyPath;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.Passkeys.Passkey;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// That a passkey is enrolled, or removed, as an access request: a person asks, and somebody else of the group that the
/// configuration names decides. What it is asked of is the passkey, by a URL of the server's that has its hash.
///
/// No rule has a word in it: who writes rules must not thereby say whose signatures count.
public final class Enrolment {
    /// The client that asks, whoever sits at it; no other has this id.
    public static final String CLIENT = Member.PASSKEYS;

    private static final Duration WITHIN = Duration.ofDays(7);
    private static final Duration COLLECT = Duration.ofHours(1);

    /// What would be a token's life; nothing comes of it but that it is done.
    private static final Duration LIFETIME = Duration.ofSeconds(60);

    private static final Harm ENROLS =
            new Harm("Whoever holds this passkey signs decisions in its person's name", "Have the passkey removed");
    private static final Harm REMOVES =
            new Harm("Its person cannot sign decisions until they enrol another", "Have them enrol it again");

    private Enrolment() {}

    /// The request by which a person asks for one or the other.
    ///
    /// @param scope [Member#ENROL] or [Member#REMOVE]
    static AccessRequest request(String issuer, String scope, Passkey passkey, Asker by, Instant at) {
        return new AccessRequest(
                Ids.next(),
                CLIENT,
                by.person().value(),
                issuer
                        + PasskeyPath.of(
                                passkey.person().value(), passkey.credential(), passkey.key(), passkey.origin()),
                Scopes.of(List.of(scope)),
                AuthorizationDetails.NONE,
                Optional.of(LIFETIME),
                by.reason(),
                by.ticket(),
                "",
                by.origin(),
                at);
    }

    /// That people decide it.
    ///
    /// @param signed whether somebody else has a passkey, who then signs
    static Verdict.Review verdict(String group, String version, boolean signed) {
        return new Verdict.Review(
                        List.of(Policy.PASSKEYS),
                        version,
                        List.of(new Stage(group, 1)),
                        WITHIN,
                        COLLECT,
                        Optional.of(LIFETIME),
                        List.of())
                .signed(signed);
    }

    /// Whether a request is of this kind.
    public static boolean is(AccessRequest request) {
        return request.client().equals(CLIENT);
    }

    /// Whether it asks that a passkey be enrolled, and not removed.
    public static boolean enrols(AccessRequest request) {
        return is(request) && request.scopes().contains(Member.ENROL);
    }

    /// What reviewers read of what such a request asks for; empty when the URL is of no passkey.
    public static Optional<Resource> resource(String id) {
        return PasskeyPath.is(id) ? Optional.of(of(id)) : Optional.empty();
    }

    private static Resource of(String id) {
        return new Resource(
                id,
                Administration.NAME,
                "",
                List.of(),
                Map.of(
                        Member.ENROL,
                        new ScopeDefinition(Member.ENROL, "Enrol this passkey", Risk.HIGH, ENROLS),
                        Member.REMOVE,
                        new ScopeDefinition(Member.REMOVE, "Remove this passkey", Risk.HIGH, REMOVES)),
                Map.of(),
                Optional.empty());
    }
}
