package dev.countersign.ledger;

import java.util.Set;

/// The names of the members of leaf bodies, and their values where the set is closed. Whoever writes an entry and
/// the [Verifier] that judges it take them from here.
public final class Member {
    // What is asked: request.made, request.refused, and token.minted when policy approved at once.
    public static final String CLIENT = "client";
    public static final String SUBJECT = "subject";
    public static final String RESOURCE = "resource";
    public static final String SCOPES = "scopes";
    public static final String DETAILS_DIGEST = "details_digest";
    public static final String LIFETIME = "lifetime_s";
    public static final String ASKED_LIFETIME = "asked_lifetime_s";
    public static final String JKT = "jkt";
    public static final String AUTH_METHOD = "auth_method";
    public static final String CREDENTIAL = "credential";
    public static final String NETWORK = "network";
    public static final String AGENT = "agent";
    public static final String JOINS = "joins";
    public static final String START = "start";

    // What usage profiles are told beside it.
    public static final String OWNER = "owner";
    public static final String DETAILS_TYPES = "details_types";
    public static final String REASON_DIGEST = "reason_digest";
    public static final String QUESTION = "question";

    // What policy says of it.
    public static final String VERDICT = "verdict";
    public static final String RULES = "rules";
    public static final String SENTENCE = "sentence";
    public static final String POLICY_VERSION = "policy";
    public static final String STAGES = "stages";
    public static final String GROUP = "group";
    public static final String VOTES = "votes";
    public static final String WITHIN = "within_s";
    public static final String ESCALATES = "escalates";
    public static final String AFTER = "after_s";
    public static final String TO = "to";
    public static final String REST = "rest";
    public static final String APPROVALS = "approvals";
    public static final String EXPIRES_AT = "expires_at";
    public static final String RISK = "risk";
    public static final String BRIEFING = "briefing";

    // What is observed only: token.minted though policy says otherwise, or would have said so.
    public static final String OBSERVED = "observed";
    public static final String OBSERVED_UNTIL = "observed_until";
    public static final String VERDICT_LIFETIME = "verdict_lifetime_s";

    // What people say, and what comes of it.
    public static final String VOTE = "vote";
    public static final String TAKEN = "taken_s";
    public static final String COUNTED = "counted";
    public static final String ESCALATED = "escalated";
    public static final String OUTCOME = "outcome";
    public static final String BY = "by";
    public static final String BECAUSE = "because";
    public static final String COLLECT_BY = "collect_by";
    public static final String APPROVED_UNTIL = "approved_until";

    // Approvals that give several tokens: how many, of which one more is given, and which of them it is.
    public static final String USES = "uses";
    public static final String APPROVAL = "approval";
    public static final String USE = "use";

    // What people look at afterwards.
    public static final String REVIEW_BY = "review_by";
    public static final String LIMITS = "limits";
    public static final String RULE = "rule";
    public static final String TIMES = "times";
    public static final String PER = "per_s";

    // A client that was attested: until when its dormancy is no reason to deny it.
    public static final String UNTIL = "until";

    // The token.
    public static final String JTI = "jti";
    public static final String IAT = "iat";
    public static final String EXP = "exp";
    public static final String KID = "kid";

    // By which way a vote came in.
    public static final String VIA = "via";

    // A vote that was signed, and the passkeys that sign.
    public static final String SIGNED = "signed";
    public static final String SIGN_FROM = "sign_from";
    public static final String SIGNS_LOOKS = "signs_looks";
    public static final String SIGNATURE = "signature";
    public static final String CLIENT_DATA = "client_data";
    public static final String AUTHENTICATOR_DATA = "authenticator_data";
    public static final String SHOWN = "shown";
    public static final String REQUEST = "request";
    public static final String PERSON = "person";
    public static final String PUBLIC_KEY = "public_key";
    public static final String ALGORITHM = "algorithm";
    public static final String COUNT = "count";

    // Who is away, and who votes in their place.
    public static final String ABSENCE = "absence";
    public static final String FROM = "from";
    public static final String SUBSTITUTE = "substitute";
    public static final String SUBSTITUTES = "substitutes";
    public static final String IN_PLACE_OF = "in_place_of";

    // Who is on call: until when by the calendar, and which that was. In a vote, the groups in which somebody votes so.
    public static final String ON_CALL = "on_call";
    public static final String JOINED = "joined";
    public static final String LEFT = "left";
    public static final String CALENDAR = "calendar";

    // Freezes.
    public static final String KIND = "kind";
    public static final String TARGET = "target";

    // The ledger itself.
    public static final String ORIGIN = "origin";
    public static final String VKEY = "vkey";
    public static final String KEYS = "keys";
    public static final String ANCHORED = "anchored";
    public static final String GAP = "gap";

    // Disclosures.
    public static final String ADDRESS = "address";
    public static final String USER_AGENT = "user_agent";
    public static final String REASON = "reason";
    public static final String TICKET = "ticket";
    public static final String AUTHORIZATION_DETAILS = "authorization_details";
    public static final String FACTS = "facts";
    public static final String COMMENT = "comment";
    public static final String SIDE = "side";
    public static final String COMMENT_SALT = "comment_salt";
    public static final String NAME = "name";

    // Values.
    public static final String REVIEW = "review";
    public static final String APPROVE = "approve";
    public static final String DENY = "deny";
    public static final String APPROVED = "approved";
    public static final String DENIED = "denied";
    public static final String EXPIRED = "expired";
    public static final String CANCELLED = "cancelled";
    public static final String REVOKED = "revoked";
    public static final String BY_POLICY = "policy";
    public static final String BY_PEOPLE = "people";
    public static final String BY_OBSERVATION = "observation";
    public static final String BY_BREAK_GLASS = "break-glass";
    public static final String BY_APPROVAL = "approval";
    /// The client by whose requests configurations are put in force.
    public static final String ADMINISTRATION = "countersign";

    /// The client by whose requests clients are attested.
    public static final String ATTESTATION = "countersign-attestation";

    /// The client by whose requests passkeys are enrolled and removed, and what it then asks for.
    public static final String PASSKEYS = "countersign-passkeys";

    /// The clients that are the server itself: no token comes of their requests.
    public static final Set<String> SERVER = Set.of(ADMINISTRATION, ATTESTATION, PASSKEYS);

    public static final String ENROL = "passkeys:enrol";
    public static final String REMOVE = "passkeys:remove";

    public static final String OBJECT = "object";
    public static final String OBJECTED = "objected";

    private Member() {}
}
