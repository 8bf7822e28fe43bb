package dev.countersign.config;

import static dev.countersign.config.Shape.Key.later;
import static dev.countersign.config.Shape.Key.optional;
import static dev.countersign.config.Shape.Key.required;

import dev.countersign.config.Shape.Choice;
import dev.countersign.config.Shape.Condition;
import dev.countersign.config.Shape.Flag;
import dev.countersign.config.Shape.JsonFile;
import dev.countersign.config.Shape.ListOf;
import dev.countersign.config.Shape.MapOf;
import dev.countersign.config.Shape.Open;
import dev.countersign.config.Shape.Secret;
import dev.countersign.config.Shape.Section;
import dev.countersign.config.Shape.SetOf;
import dev.countersign.config.Shape.Span;
import dev.countersign.config.Shape.Text;
import dev.countersign.config.Shape.Things;
import dev.countersign.config.Shape.Whole;
import dev.countersign.notify.Event;
import dev.countersign.people.OnCall;
import dev.countersign.people.Provisioner;
import dev.countersign.signin.Provider;
import dev.countersign.source.FactSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Every key of the configuration. The reader checks folders against it and the reference page is printed from it, so
/// what is not here is neither taken nor documented.
final class Schema {
    /// The node's own; everything else is versioned and the same on all nodes.
    static final Set<String> NODE = Set.of("issuer", "server", "store", "ledger", "keys");

    private static final Choice RISK = new Choice(List.of("low", "medium", "high", "critical"), List.of());
    private static final Span SHORT = new Span(Duration.ofSeconds(1), Duration.ofDays(1));

    private static final Span WITHIN = new Span(Duration.ofSeconds(10), Duration.ofDays(30));

    /// How long a request may be held open at most.
    static final Span SYNC_WAIT = new Span(Duration.ZERO, Limits.SYNC_WAIT_CAP);

    private static final Section SERVER = new Section(
            "`server`",
            List.of(
                    optional(
                            "listen",
                            new Text(Form.LISTEN),
                            "127.0.0.1:8080",
                            "127.0.0.1:8080",
                            "Where the server listens. Plain http, so other than on a loopback address it takes `serve --behind-tls-proxy`."),
                    optional(
                            "trusted_proxies",
                            new SetOf(new Text(Form.NETWORK)),
                            "[]",
                            "[10.0.0.0/8]",
                            "The networks of the proxies whose `X-Forwarded-*` headers are believed."),
                    later("tls", "TLS without a proxy, and client certificates.")));

    private static final Section KEYS = new Section(
            "`keys`",
            List.of(
                    required(
                            "master",
                            new Secret(),
                            "{ file: master.key }",
                            "The key that wraps all others in the store: base64url of 32 random bytes, in a file only the server's user may read.")));

    private static final Section LEDGER = new Section(
            "`ledger`",
            List.of(
                    optional(
                            "anchor",
                            new Text(Form.PATH),
                            "",
                            "/mnt/other-disk/countersign/anchor",
                            "A file, on another disk than the store, that holds what was last signed of the ledger. A store that is behind it is refused. Its folder must be there; a relative path starts at the configuration folder. Each node has its own.")));

    private static final Section SIGNING = new Section(
            "`signing`",
            List.of(
                    optional(
                            "algorithm",
                            new Choice(List.of("ES256"), List.of("EdDSA", "RS256", "PS256")),
                            "ES256",
                            "ES256",
                            "How tokens are signed."),
                    optional(
                            "rotate_every",
                            new Span(Duration.ofDays(1), Duration.ofDays(3650)),
                            "90d",
                            "90d",
                            "How long a signing key signs before the next takes over.")));

    private static final Section PERSON = new Section(
            "a person",
            List.of(
                    required("user", new Text(Form.NAME), "ana", "The name typed at sign-in."),
                    required("name", new Text(Form.LINE), "Ana Lima", "The name others read."),
                    optional("email", new Text(Form.EMAIL), "", "ana@example.com", "Where mail reaches them."),
                    required(
                            "password_hash",
                            new Text(Form.PASSWORD_HASH),
                            "\"$argon2id$v=19$m=19456,t=2,p=1$…\"",
                            "The Argon2id hash of the password, in its PHC form.")));

    private static final Section PASSKEYS = new Section(
            "`login.passkeys`",
            List.of(
                    optional(
                            "sign_from",
                            RISK,
                            "",
                            "high",
                            "The risk from which on every vote is signed with a passkey; without it, only where a rule says `signed`."),
                    optional(
                            "agreed_by",
                            new Text(Form.NAME),
                            "administrators",
                            "security",
                            "The group of which somebody else has to agree when a person enrols or removes a passkey.")));

    private static final Section SCIM = new Section(
            "`scim`",
            List.of(
                    optional(
                            "subject",
                            new Choice(List.of(Provisioner.EXTERNAL_ID, Provisioner.USER_NAME), List.of()),
                            Provisioner.EXTERNAL_ID,
                            "externalId",
                            "The attribute of a provisioned user that is the same as the claim by which they sign in."),
                    optional(
                            "group",
                            new Choice(List.of(Provisioner.DISPLAY_NAME, Provisioner.EXTERNAL_ID), List.of()),
                            Provisioner.DISPLAY_NAME,
                            "displayName",
                            "The attribute of a provisioned group that `from` names, compared exactly.")));

    private static final Section PROVIDER = new Section(
            "an OpenID provider",
            List.of(
                    required(
                            "id",
                            new Text(Form.NAME),
                            "corp",
                            "Its name in URLs. At the provider the redirect URI is `ISSUER/login/ID/callback`."),
                    required("name", new Text(Form.LINE), "Acme", "Its name on the sign-in page."),
                    required(
                            "issuer",
                            new Text(Form.RESOURCE),
                            "https://idp.example.com",
                            "Its issuer, as it calls itself; compared exactly. With the subject it is who somebody is."),
                    required("client_id", new Text(Form.LINE), "countersign", "What it calls this server."),
                    optional(
                            "client_secret",
                            new Secret(),
                            "",
                            "{ file: secrets/corp }",
                            "What this server shows it: a file in the folder `secrets` beside the configuration, on each"
                                    + " node. Without one it is a public client."),
                    optional(
                            "groups",
                            new Text(Form.LINE),
                            Provider.GROUPS,
                            "groups",
                            "The claim of its ID tokens that has somebody's groups: a list, or one of them."),
                    optional(
                            "scopes",
                            new SetOf(new Text(Form.SCOPE)),
                            "[]",
                            "[groups]",
                            "What is asked for beside `openid`, `profile` and `email`."),
                    optional(
                            "max_age",
                            new Span(Duration.ZERO, Duration.ofDays(30)),
                            "",
                            "8h",
                            "How long ago somebody may have proved themselves to it; without it, that is for it to say."),
                    optional(
                            "good_for",
                            new Span(Duration.ofMinutes(1), Duration.ofDays(7)),
                            Units.written(Provider.GOOD_FOR),
                            "12h",
                            "How long what it said of somebody's groups gives them rights. Then they sign in again."),
                    optional(
                            "subject",
                            new Choice(List.of(Provider.SUBJECT, "oid"), List.of()),
                            Provider.SUBJECT,
                            "oid",
                            "The claim that says who somebody is. `oid` is for Entra ID, whose `sub` is one for each"
                                    + " application, which nothing else knows."),
                    optional(
                            "scim",
                            SCIM,
                            "",
                            "{ subject: externalId, group: displayName }",
                            "That it provisions people and groups by SCIM, which then decides who may come and who"
                                    + " belongs where. Its claims of groups are not heard.")));

    private static final Section IDENTITY = new Section(
            "an identity",
            List.of(
                    required("login", new Text(Form.NAME), "corp", "The `id` of the provider."),
                    required(
                            "subject",
                            new Text(Form.LINE),
                            "248289761001",
                            "What the provider calls them: the claim `sub`, compared exactly.")));

    private static final Section KNOWN = new Section(
            "somebody known",
            List.of(
                    required("user", new Text(Form.NAME), "cleo", "The name that groups call them by."),
                    optional(
                            "name",
                            new Text(Form.LINE),
                            "the `user`",
                            "Cleo Marsh",
                            "The name others read. A local person has theirs there."),
                    optional("email", new Text(Form.EMAIL), "", "cleo@example.com", "Where mail reaches them."),
                    optional(
                            "is",
                            new ListOf(IDENTITY),
                            "[]",
                            "[ { login: corp, subject: \"248289761001\" } ]",
                            "By whom providers name them. All of these are one person, who counts once. Without one it"
                                    + " is a bot, which has API tokens alone.")));

    private static final Section STEP_UP = new Section(
            "`step_up`",
            List.of(
                    required("from", RISK, "high", "The least risk that takes it."),
                    optional(
                            "within",
                            new Span(Duration.ofMinutes(1), Duration.ofHours(12)),
                            "5m",
                            "5m",
                            "How long ago they may have signed in.")));

    private static final Section LOGIN = new Section(
            "`login`",
            List.of(
                    optional("local", new Things("user", PERSON), "[]", "", "People who sign in with a password."),
                    optional("passkeys", PASSKEYS, "", "", "Votes that reviewers sign with a passkey."),
                    optional(
                            "oidc",
                            new Things("id", PROVIDER),
                            "[]",
                            "",
                            "The OpenID providers that people sign in with."),
                    optional(
                            "people",
                            new Things("user", KNOWN),
                            "[]",
                            "",
                            "People whom providers name and the configuration, too, and local people who also sign in"
                                    + " with a provider."),
                    optional(
                            "step_up",
                            STEP_UP,
                            "",
                            "{ from: high, within: 5m }",
                            "What somebody approves who has just signed in, and nobody by an API token. A denial takes"
                                    + " none of it.")));

    private static final Section FROM = new Section(
            "`from`",
            List.of(
                    required("login", new Text(Form.NAME), "corp", "The `id` of the provider."),
                    required(
                            "group",
                            new Text(Form.LINE),
                            "pay-oncall",
                            "What the provider calls the group, compared exactly.")));

    private static final Section ON_CALL = new Section(
            "`on_call`",
            List.of(
                    required(
                            "calendar",
                            new Secret(),
                            "{ file: secrets/payments-oncall }",
                            "Where its calendar is, in iCalendar (RFC 5545): the address stands in a file in the folder"
                                    + " `secrets` beside the configuration, on each node, since whoever knows it can read"
                                    + " the calendar."),
                    required(
                            "people",
                            new MapOf(Form.LINE, new Text(Form.NAME)),
                            "{ \"Dana Ng\": dana, \"lee@example.com\": lee }",
                            "Whom it may name: the `user` behind each name or address as its events have it. It chooses"
                                    + " among these and adds nobody."),
                    optional(
                            "good_for",
                            new Span(Duration.ofMinutes(10), Duration.ofDays(7)),
                            Units.written(OnCall.GOOD_FOR),
                            "1d",
                            "How long what it said last holds while it cannot be heard. Then nobody is on call by it.")));

    private static final Section GROUP = new Section(
            "a group",
            List.of(
                    optional(
                            "members",
                            new SetOf(new Text(Form.NAME)),
                            "[]",
                            "[ana, bo]",
                            "The `user` of everyone in it. The groups `administrators`, `operators` and `auditors` give rights: see api.md."),
                    optional(
                            "from",
                            FROM,
                            "",
                            "{ login: corp, group: pay-oncall }",
                            "Who else is in it: whom a provider says, when they sign in, is in a group of its own."),
                    optional(
                            "on_call",
                            ON_CALL,
                            "",
                            "{ calendar: { file: secrets/payments-oncall }, people: { \"Dana Ng\": dana } }",
                            "Who else is in it while they are on call: whom a calendar names.")));

    private static final Shape.Key WORST_CASE =
            optional("worst_case", new Text(Form.LINE), "", "Money leaves the account", "What it can do at worst.");
    private static final Shape.Key UNDO =
            optional("undo", new Text(Form.LINE), "", "Reversal within a day", "How that is undone.");

    private static final Section SCOPE = new Section(
            "a scope",
            List.of(
                    required("name", new Text(Form.SCOPE), "\"refunds:write\"", "The scope as tokens carry it."),
                    required(
                            "title",
                            new Text(Form.LINE),
                            "Refund a payment",
                            "What it lets one do, in plain words: reviewers read this first."),
                    required(
                            "risk",
                            RISK,
                            "high",
                            "How much harm it can do. A request has the highest risk of what it asks."),
                    WORST_CASE,
                    UNDO));

    private static final Section DETAILS = new Section(
            "a details type",
            List.of(
                    required("type", new Text(Form.SCOPE), "refund", "The `type` of RFC 9396 §2."),
                    required(
                            "title",
                            new Text(Form.LINE),
                            "\"Refund {amount} {currency} on order {order}\"",
                            "The sentence that shows one to people; a member's name in braces is filled in."),
                    required("risk", RISK, "high", "How much harm it can do."),
                    WORST_CASE,
                    UNDO,
                    required(
                            "schema",
                            new JsonFile(),
                            "refund.schema.json",
                            "The JSON Schema (2020-12) of its members: a file of the folder, or the schema itself."),
                    optional(
                            "lowerable",
                            new SetOf(new Text(Form.NAME)),
                            "[]",
                            "[amount]",
                            "Top-level members that a reviewer may lower: numbers, and lists, which may be shortened.")));

    private static final Section OBSERVE = new Section(
            "`observe`",
            List.of(required(
                    "until",
                    new Text(Form.DAY),
                    "2027-01-31",
                    "When it ends, at most 90 days ahead; a day means its first moment in UTC.")));

    private static final Section RESOURCE = new Section(
            "a resource",
            List.of(
                    required(
                            "id",
                            new Text(Form.RESOURCE),
                            "https://payments.example.com",
                            "The API's URL, which is the audience of its tokens; compared exactly."),
                    required("name", new Text(Form.LINE), "Payments API", "Its name for people."),
                    required("owner", new Text(Form.NAME), "payments-oncall", "The group that answers for it."),
                    optional(
                            "introspected_by",
                            new SetOf(new Text(Form.CLIENT_ID)),
                            "[]",
                            "[payments-gateway]",
                            "The clients that may introspect its tokens; anyone else sees `active: false`."),
                    optional(
                            "scopes",
                            new Things("name", SCOPE),
                            "[]",
                            "",
                            "What tokens for it can carry. `configuration:publish`, at the resource whose id is the issuer, puts publications before the rules."),
                    optional(
                            "details",
                            new Things("type", DETAILS),
                            "[]",
                            "",
                            "The types of authorization details it understands (RFC 9396)."),
                    optional(
                            "observe",
                            OBSERVE,
                            "",
                            "{ until: 2027-01-31 }",
                            "For adoption: until then what policy says of requests for it is recorded and not followed. Nothing is held, and what clients are registered for is issued. Never at the server itself.")));

    private static final Section SECRET = new Section(
            "a secret",
            List.of(
                    required(
                            "hash",
                            new Text(Form.SECRET_HASH),
                            "\"sha256:<64 hex digits>\"",
                            "SHA-256 of a generated 256-bit secret; `countersign clients new-secret` makes both."),
                    optional(
                            "until",
                            new Text(Form.DAY),
                            "",
                            "2027-03-01",
                            "When it stops working; a day means its first moment in UTC.")));

    private static final Section AUTH = new Section(
            "`auth`",
            List.of(
                    required(
                            "method",
                            new Choice(
                                    List.of("client_secret_basic", "client_secret_post", "private_key_jwt"),
                                    List.of(
                                            "tls_client_auth",
                                            "self_signed_tls_client_auth",
                                            "federated",
                                            "none",
                                            "client_secret_jwt")),
                            "client_secret_basic",
                            "How the client proves who it is; only this way is taken."),
                    optional(
                            "secrets",
                            new ListOf(SECRET),
                            "",
                            "",
                            "For the `client_secret` methods: one, or two while rotating."),
                    optional(
                            "jwks",
                            new Open(),
                            "",
                            "{ keys: [ { kty: EC, crv: P-256, kid: k1, x: …, y: … } ] }",
                            "For `private_key_jwt`: the client's public keys (RFC 7517)."),
                    later("jwks_uri", "Public keys fetched from the client.")));

    private static final Section ATTEST = new Section(
            "`attest`",
            List.of(
                    optional(
                            "by",
                            new Text(Form.NAME),
                            "the client's owner",
                            "payments-leads",
                            "The group of which somebody agrees; whoever proposes it never does."),
                    optional(
                            "for",
                            new Span(Duration.ofHours(1), Duration.ofDays(30)),
                            "7d",
                            "3d",
                            "How long it holds at most. It is over with the client's next token."),
                    optional("within", WITHIN, "1d", "4h", "How long that group has to agree.")));

    private static final Section CLIENT = new Section(
            "a client",
            List.of(
                    required("id", new Text(Form.CLIENT_ID), "refund-bot", "Its `client_id`."),
                    required("name", new Text(Form.LINE), "Refund bot", "Its name for people."),
                    required(
                            "owner",
                            new Text(Form.NAME),
                            "payments-dev",
                            "The group that owns it. Its members may not approve what the client asks for."),
                    optional(
                            "tags", new SetOf(new Text(Form.NAME)), "[]", "[prod, payments]", "For rules to speak of."),
                    required("auth", AUTH, "", "How it proves who it is."),
                    required(
                            "grants",
                            new SetOf(new Choice(
                                    List.of("client_credentials"),
                                    List.of(
                                            "authorization_code",
                                            "refresh_token",
                                            "urn:ietf:params:oauth:grant-type:device_code",
                                            "urn:ietf:params:oauth:grant-type:token-exchange",
                                            "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                            "urn:openid:params:grant-type:ciba"))),
                            "[client_credentials]",
                            "The grant types it may use. A deferral code may be redeemed by every client that was given one."),
                    optional(
                            "access",
                            new MapOf(Form.RESOURCE, new SetOf(new Text(Form.SCOPE))),
                            "{}",
                            "{ \"https://payments.example.com\": [\"refunds:read\", \"refunds:write\"] }",
                            "The scopes it may ask for, by resource."),
                    optional(
                            "details",
                            new MapOf(Form.RESOURCE, new SetOf(new Text(Form.SCOPE))),
                            "{}",
                            "{ \"https://payments.example.com\": [refund] }",
                            "The types of authorization details it may ask for, by resource."),
                    optional(
                            "sync_wait",
                            SYNC_WAIT,
                            "`limits.sync_wait`",
                            "25s",
                            "How long a request that did not opt into a deferred answer is held open; `0s` not at all."),
                    optional(
                            "dpop",
                            new Choice(List.of("optional", "required"), List.of()),
                            "optional",
                            "required",
                            "Whether it must prove a key (RFC 9449)."),
                    optional("disabled", new Flag(), "false", "true", "Whether it gets nothing for now."),
                    optional(
                            "deferred_client_notification_endpoint",
                            new Text(Form.RESOURCE),
                            "",
                            "https://bot.example.com/decided",
                            "Where it is called when a request is decided that it took a deferred answer of. On the public"
                                    + " internet; http only to this machine, for trying out."),
                    optional(
                            "observe",
                            OBSERVE,
                            "",
                            "{ until: 2027-01-31 }",
                            "For adoption: until then what policy says of its requests is recorded and not followed. Nothing is held, and what it is registered for is issued."),
                    optional(
                            "attest",
                            ATTEST,
                            "",
                            "{ by: payments-leads, for: 3d }",
                            "How its owner attests that it is still needed when it was not used for long.")));

    private static final Section APPROVE = new Section(
            "`approve`", List.of(optional("lifetime", SHORT, "", "60s", "The longest the token may live.")));

    private static final Section STAGE = new Section(
            "a stage",
            List.of(
                    required("group", new Text(Form.NAME), "payments-oncall", "The group that must agree."),
                    optional("votes", new Whole(1, Limits.MOST_VOTES), "1", "2", "How many of its members must.")));

    private static final Section ESCALATE = new Section(
            "`review.escalate`",
            List.of(
                    required(
                            "after",
                            new Span(Duration.ofSeconds(10), Duration.ofDays(30)),
                            "10m",
                            "How long after it was made, and shorter than `within`."),
                    required(
                            "to",
                            new Text(Form.NAME),
                            "payments-leads",
                            "The group whose members may then, who were members when it was made.")));

    private static final Section REST = new Section(
            "`review.rest`",
            List.of(
                    required(
                            "approvals",
                            new Whole(1, 10_000),
                            "20",
                            "Who has approved that many requests, whichever, approves none by this rule."),
                    optional(
                            "per",
                            new Span(Duration.ofMinutes(1), Duration.ofDays(1)),
                            "1h",
                            "1h",
                            "In which stretch before the vote they are counted.")));

    private static final Section REVIEW = new Section(
            "`review`",
            List.of(
                    required(
                            "stages",
                            new ListOf(STAGE),
                            "[ { group: payments-oncall, votes: 1 } ]",
                            "The groups that must agree, all of them, in any order; one person fills one place."),
                    optional(
                            "within",
                            new Span(Duration.ofSeconds(10), Duration.ofDays(30)),
                            "15m",
                            "15m",
                            "The time to decide."),
                    optional(
                            "collect",
                            new Span(Duration.ofSeconds(10), Duration.ofDays(1)),
                            "10m",
                            "10m",
                            "The time to fetch the token after the decision."),
                    optional("lifetime", SHORT, "", "2m", "The longest the token may live."),
                    optional(
                            "require",
                            new SetOf(new Choice(List.of("reason", "ticket"), List.of())),
                            "[]",
                            "[reason]",
                            "What the client must send."),
                    optional(
                            "uses",
                            new Whole(1, 1000),
                            "1",
                            "5",
                            "How many tokens one approval gives: each after the first for the same request made again,"
                                    + " until `collect` is over."),
                    optional(
                            "ahead",
                            new Span(Duration.ofMinutes(1), Duration.ofDays(30)),
                            "",
                            "24h",
                            "How long before its start it may be asked for; without it, only when it is needed."),
                    optional(
                            "signed",
                            new Flag(),
                            "false",
                            "true",
                            "Whether each vote is signed with a passkey, whatever the risk."),
                    optional(
                            "substitutes",
                            new Flag(),
                            "false",
                            "true",
                            "Whether who stands in for somebody that is away may vote in their place."),
                    optional(
                            "remind",
                            new Span(Duration.ofMinutes(1), Duration.ofDays(30)),
                            "",
                            "5m",
                            "After how long those who have not voted are told once more, by the notifiers that told them."),
                    optional(
                            "escalate",
                            ESCALATE,
                            "",
                            "{ after: 10m, to: payments-leads }",
                            "Who may decide as well when it still waits: in place of each stage's group, by as many"
                                    + " votes."),
                    optional(
                            "rest",
                            REST,
                            "",
                            "{ approvals: 20, per: 1h }",
                            "From how much on a reviewer's approvals do not count here for now. A denial always does.")));

    private static final Section AFTERWARDS = new Section(
            "`break_glass.review`",
            List.of(
                    required(
                            "stages",
                            new ListOf(STAGE),
                            "[ { group: security, votes: 1 } ]",
                            "The groups that look at it afterwards, all of them; nobody looks at their own."),
                    optional(
                            "within",
                            WITHIN,
                            "24h",
                            "24h",
                            "The time they have. When it is over, the rule lets this client through no more until they"
                                    + " have looked.")));

    private static final Section BREAK_GLASS = new Section(
            "`break_glass`",
            List.of(
                    optional("lifetime", SHORT, "60s", "60s", "The longest the token may live."),
                    optional(
                            "times",
                            new Whole(1, 100),
                            "1",
                            "2",
                            "How often one client gets through by this rule in any stretch as long as `per`."),
                    optional(
                            "per",
                            new Span(Duration.ofMinutes(1), Duration.ofDays(90)),
                            "24h",
                            "24h",
                            "The stretch in which uses are counted."),
                    required("review", AFTERWARDS, "", "Who looks at it afterwards.")));

    private static final Section RULE = new Section(
            "a rule",
            List.of(
                    required(
                            "rule",
                            new Text(Form.NAME),
                            "money-moves",
                            "Its name, in the ledger and wherever a verdict is shown."),
                    required(
                            "when",
                            new Condition(),
                            "'\"refunds:write\" in scopes'",
                            "The CEL condition under which it speaks, over the facts of facts.md; `true` is always."),
                    optional(
                            "deny",
                            new Text(Form.SENTENCE),
                            "",
                            "\"not used for {usage.idle_days} days\"",
                            "Nobody may have it, and why; a fact's name in braces is filled in."),
                    optional("approve", APPROVE, "", "{ lifetime: 60s }", "It goes through unattended."),
                    optional("review", REVIEW, "", "", "People decide."),
                    optional(
                            "break_glass",
                            BREAK_GLASS,
                            "",
                            "",
                            "It goes through before people decide, when the client sends `break_glass=true` and a reason;"
                                    + " they look at it afterwards.")));

    private static final Section ENTRY = new Section(
            "`expect.entry`",
            List.of(
                    optional(
                            "code",
                            new Choice(List.of("token.minted", "request.judged", "request.refused"), List.of()),
                            "",
                            "request.refused",
                            "The entry that has the verdict."),
                    optional(
                            "rules",
                            new SetOf(new Text(Form.LINE)),
                            "",
                            "[no-dormant-privilege]",
                            "All rules that settled it."),
                    optional(
                            "because",
                            new Choice(List.of("policy", "no-reason", "no-ticket", "break-glass-no-reason"), List.of()),
                            "",
                            "policy",
                            "Why it is refused at once."),
                    optional(
                            "by",
                            new Choice(List.of("policy", "break-glass"), List.of()),
                            "",
                            "policy",
                            "Who lets it through."),
                    optional(
                            "sentence",
                            new Text(Form.SENTENCE),
                            "",
                            "\"not used for 147 days\"",
                            "What a denial says, with its facts filled in.")));

    private static final Section EXPECT = new Section(
            "`expect`",
            List.of(
                    required(
                            "verdict",
                            new Choice(List.of("approve", "review", "deny"), List.of()),
                            "deny",
                            "The verdict that must come out."),
                    optional(
                            "rule",
                            new Text(Form.LINE),
                            "",
                            "no-dormant-privilege",
                            "A rule that must have settled it."),
                    optional("lifetime", SHORT, "", "2m", "The longest the token may live."),
                    optional("within", WITHIN, "", "15m", "The time to decide."),
                    optional("stages", new ListOf(STAGE), "", "", "The stages, in any order."),
                    optional(
                            "entry",
                            ENTRY,
                            "",
                            "{ code: request.refused, because: policy }",
                            "What the ledger must record of it, as far as that follows from rules and request.")));

    private static final Section TEST = new Section(
            "a test",
            List.of(
                    required("name", new Text(Form.LINE), "a dormant bot is refused", "What it shows."),
                    required(
                            "given",
                            new Open(),
                            "{ client: refund-bot, scopes: [\"refunds:write\"], usage.idle_days: 147 }",
                            "The request: `client`, `resource`, `scopes`, `details`, and any fact by its name. What is not"
                                    + " given comes from the configuration or is a quiet default; `unknown` is a source that failed."),
                    required(
                            "expect", EXPECT, "{ verdict: deny, rule: no-dormant-privilege }", "What must come out.")));

    private static final Section CLAIM = new Section(
            "a claim",
            List.of(
                    required("claim", new Text(Form.LINE), "nobody moves money unattended", "What it says, in words."),
                    optional(
                            "assume",
                            new Condition(),
                            "true",
                            "'\"refunds:write\" in scopes'",
                            "The CEL condition of the requests it speaks of: those for which it is known to hold."),
                    optional(
                            "never",
                            new Choice(List.of("approve", "review", "deny"), List.of()),
                            "",
                            "approve",
                            "The verdict that none of them gets."),
                    optional(
                            "always",
                            new Choice(List.of("approve", "review", "deny"), List.of()),
                            "",
                            "deny",
                            "The verdict that all of them get. One of the two is written.")));

    private static final Section WINDOW = new Section(
            "a window",
            List.of(
                    required(
                            "days",
                            new SetOf(new Choice(CalendarCheck.DAYS, List.of())),
                            "[monday, tuesday, wednesday, thursday, friday]",
                            "The days of the week it opens on."),
                    required(
                            "hours",
                            new Text(Form.HOURS),
                            "08:00-17:30",
                            "From when until when, by the clock of the zone; the last minute is not in it. One such as 22:00-06:00 goes over midnight and belongs to the day it begins on.")));

    private static final Section CALENDAR = new Section(
            "a calendar",
            List.of(
                    required("name", new Text(Form.NAME), "office", "What `time.windows` and `time.holidays` call it."),
                    required(
                            "zone",
                            new Text(Form.ZONE),
                            "Europe/Berlin",
                            "The zone whose clocks it goes by, summer time with them."),
                    required("windows", new ListOf(WINDOW), "", "When it is open; no two at the same time."),
                    optional(
                            "holidays",
                            new SetOf(new Text(Form.DAYS)),
                            "[]",
                            "[2026-12-24/2027-01-01, 2027-05-01]",
                            "The days on which no window begins: one, or the first and the last.")));

    private static final Section SOURCE_FACT = new Section(
            "a fact of a source",
            List.of(
                    required(
                            "pointer",
                            new Text(Form.POINTER),
                            "/status/open",
                            "Where it stands in what the source says (RFC 6901)."),
                    required(
                            "type",
                            new Choice(SourceCheck.TYPES, List.of()),
                            "bool",
                            "What it is. Texts have at most 200 characters and lists 50 members; anything else there is"
                                    + " unknown.")));

    private static final Section SOURCE = new Section(
            "a source",
            List.of(
                    optional(
                            "url",
                            new Text(Form.TEMPLATE),
                            "",
                            "https://tickets.example.com/api/{ticket}",
                            "What is asked by a GET, and answers JSON. `{client}`, `{subject}`, `{resource}` and"
                                    + " `{ticket}` are filled in, percent-encoded, in path and query. http only to this"
                                    + " machine. A request that has nothing to fill in is not asked about."),
                    optional(
                            "authzen",
                            new Text(Form.RESOURCE),
                            "",
                            "https://pdp.example.com/access/v1/evaluation",
                            "Or the evaluation endpoint of an AuthZEN decision point, which gives the fact `decision`. One of"
                                    + " the two is written."),
                    optional(
                            "timeout",
                            new Span(Duration.ofSeconds(1), FactSource.LONGEST_TIMEOUT),
                            Units.written(FactSource.TIMEOUT),
                            "1s",
                            "How long one answer may take; whoever asks for a token waits meanwhile."),
                    optional(
                            "cache",
                            new Span(Duration.ZERO, FactSource.LONGEST_CACHE),
                            "0s",
                            "30s",
                            "How long what it said is good for the same question; `0s` not at all."),
                    optional(
                            "authorization",
                            new Secret(),
                            "",
                            "{ file: secrets/tickets }",
                            "What is sent as `Authorization`, such as `Bearer …`: a file in the folder `secrets` beside the"
                                    + " configuration, on each node. It is read whenever it is sent."),
                    optional(
                            "facts",
                            new MapOf(Form.IDENTIFIER, SOURCE_FACT),
                            "{}",
                            "{ open: { pointer: /status/open, type: bool } }",
                            "What of it rules may speak of: `source.NAME.FACT`.")));

    private static final Section WEBHOOK = new Section(
            "`webhook`",
            List.of(
                    required(
                            "url",
                            new Text(Form.RESOURCE),
                            "https://hooks.example.com/countersign",
                            "Where each event is posted, in the form of Standard Webhooks. http only to this machine; a"
                                    + " redirect is not followed."),
                    required(
                            "secrets",
                            new ListOf(Shape.FILE),
                            "[ { file: secrets/ops-webhook } ]",
                            "What it is signed with: `whsec_` and base64 of 24 to 64 bytes, in a file in the folder"
                                    + " `secrets` beside the configuration, on each node. Two while rotating: each signs.")));

    private static final Section WISH = new Section(
            "a person's wishes",
            List.of(
                    optional("off", new Flag(), "false", "true", "Whether they are mailed nothing."),
                    optional("risk", RISK, "low", "high", "Only requests of this risk or higher."),
                    optional(
                            "quiet",
                            new Text(Form.HOURS),
                            "",
                            "22:00-07:00",
                            "When they are left alone, but for what is critical: what still waits then is mailed when it is"
                                    + " over. One such as 22:00-07:00 goes over midnight."),
                    optional(
                            "zone",
                            new Text(Form.ZONE),
                            "UTC",
                            "Europe/Lisbon",
                            "The zone whose clocks `quiet` goes by.")));

    private static final Section SMTP = new Section(
            "`smtp`",
            List.of(
                    required("host", new Text(Form.HOST), "smtp.example.com", "The mail server."),
                    optional("port", new Whole(1, 65_535), "587", "465", "Its port."),
                    optional(
                            "tls",
                            new Choice(List.of("starttls", "implicit", "none"), List.of()),
                            "starttls",
                            "implicit",
                            "How the way to it is encrypted: from a command on that it must know, or all along (port 465)."
                                    + " `none` is for this machine only."),
                    optional("user", new Text(Form.LINE), "", "countersign", "Who signs in there, if it wants that."),
                    optional(
                            "password",
                            new Secret(),
                            "",
                            "{ file: secrets/smtp }",
                            "With which password: a file in the folder `secrets` beside the configuration, on each node."),
                    required("sender", new Text(Form.EMAIL), "countersign@example.com", "Whom the mails come from."),
                    optional(
                            "people",
                            new MapOf(Form.NAME, WISH),
                            "{}",
                            "{ ana: { risk: high, quiet: \"22:00-07:00\", zone: Europe/Lisbon } }",
                            "What each person wants, by `user`; all and at any time for whoever is not named.")));

    private static final Section SLACK_VOTES = new Section(
            "`votes`",
            List.of(
                    required(
                            "signing",
                            new Secret(),
                            "{ file: secrets/slack-signing }",
                            "The app's signing secret, by which its calls are told from others': a file in the folder"
                                    + " `secrets` beside the configuration, on each node."),
                    optional(
                            "up_to",
                            new Choice(List.of("low", "medium"), List.of()),
                            "low",
                            "medium",
                            "Only on requests of this risk or lower. Never on what has to be signed, takes a proof of who"
                                    + " one is (`login.step_up`), has authorization details or findings that warn."),
                    required(
                            "people",
                            new MapOf(Form.NAME, new Text(Form.NAME)),
                            "{ ana: U012AB3CD }",
                            "Who is who: ids of members of Slack, by `user`. Whoever is not named does not vote there.")));

    private static final Section SLACK = new Section(
            "`slack`",
            List.of(
                    required(
                            "channel",
                            new Text(Form.NAME),
                            "C0123456789",
                            "The channel's id. The bot has to be a member of it."),
                    required(
                            "token",
                            new Secret(),
                            "{ file: secrets/slack }",
                            "A bot's token (`xoxb-…`) with the scope `chat:write`: a file in the folder `secrets` beside the"
                                    + " configuration, on each node."),
                    optional(
                            "api",
                            new Text(Form.RESOURCE),
                            "https://slack.com/api",
                            "https://slack-gov.com/api",
                            "Where Slack's Web API is."),
                    optional("votes", SLACK_VOTES, "", "", "People may vote in the channel. Nobody does without it.")));

    private static final Section TEAMS = new Section(
            "`teams`",
            List.of(required(
                    "url",
                    new Secret(),
                    "{ file: secrets/teams }",
                    "The URL of a workflow that posts to a channel when a webhook is received. Whoever knows it can post"
                            + " there, so it is a secret: a file in the folder `secrets` beside the configuration, on each"
                            + " node.")));

    private static final Section NOTIFIER = new Section(
            "a notifier",
            List.of(
                    required("id", new Text(Form.NAME), "ops", "Its name, in logs and in the store."),
                    optional("webhook", WEBHOOK, "", "", "It is told by a signed POST."),
                    optional(
                            "smtp",
                            SMTP,
                            "",
                            "",
                            "Those who may decide a request are told by mail, and then what became of it. Whoever has no"
                                    + " `email` is not."),
                    optional(
                            "slack",
                            SLACK,
                            "",
                            "",
                            "A channel in Slack is told; the message is rewritten when the request is decided."),
                    optional(
                            "teams",
                            TEAMS,
                            "",
                            "",
                            "A channel in Microsoft Teams is told, and then what became of it."),
                    optional(
                            "on",
                            new SetOf(new Choice(Event.words(), List.of())),
                            "["
                                    + String.join(
                                            ", ",
                                            Event.USUAL.stream()
                                                    .map(Event::word)
                                                    .toList()) + "]",
                            "[request.pending, request.decided]",
                            "What a webhook is told of; the others are told of requests that wait, of their end, and of broken glass."),
                    optional(
                            "groups",
                            new SetOf(new Text(Form.NAME)),
                            "[]",
                            "[payments-oncall]",
                            "Only of requests that one of these groups is asked to decide; empty for all."),
                    optional("risk", RISK, "low", "high", "Only of requests of this risk or higher.")));

    private static final Section LIMITS = new Section(
            "`limits`",
            List.of(
                    optional(
                            "again_after",
                            new Span(Duration.ZERO, Duration.ofDays(1)),
                            "10m",
                            "10m",
                            "How long after a denial or expiry the same request again is refused at once."),
                    optional(
                            "pending_per_client",
                            new Whole(1, 10_000),
                            "20",
                            "20",
                            "How many requests of one client may wait at a time. One that it cancels counts until `again_after` after it was made."),
                    optional(
                            "pending_per_reviewer",
                            new Whole(1, 100_000),
                            "",
                            "50",
                            "How many requests may wait for one reviewer at a time. One that nobody else could decide is"
                                    + " refused then, to be asked again later; without it there may be any number."),
                    optional(
                            "sync_wait",
                            SYNC_WAIT,
                            "25s",
                            "25s",
                            "How long a request is held open when its client does not say.")));

    /// The whole.
    static final Section ROOT = new Section(
            "the configuration",
            List.of(
                    required(
                            "issuer",
                            new Text(Form.ISSUER),
                            "https://auth.example.com",
                            "The server's URL as clients see it."),
                    optional("server", SERVER, "", "", "How the node is reached."),
                    optional(
                            "store",
                            new Text(Form.STORE),
                            "sqlite:countersign.db",
                            "sqlite:countersign.db",
                            "Where everything is kept: `sqlite:` and a path, which starts at the configuration folder, or a PostgreSQL database such as `postgresql://countersign@db/countersign?sslmode=verify-full`. Its password is in the environment (`PGPASSWORD`) or in the file that `PGPASSFILE` names."),
                    optional("ledger", LEDGER, "", "", "How this node sees that its store was put back."),
                    required("keys", KEYS, "", "The keys that come from outside the store."),
                    optional("signing", SIGNING, "", "", "How tokens are signed."),
                    optional("login", LOGIN, "", "", "Who signs in, and how."),
                    optional("groups", new MapOf(Form.NAME, GROUP), "{}", "", "Groups of people, by name."),
                    optional("resources", new Things("id", RESOURCE), "[]", "", "The APIs that tokens are for."),
                    optional("clients", new Things("id", CLIENT), "[]", "", "Who may ask for tokens."),
                    optional(
                            "policies",
                            new Things("rule", RULE),
                            "[]",
                            "",
                            "The rules. The strictest that applies settles a request; what no rule speaks of is denied."),
                    optional(
                            "calendars",
                            new Things("name", CALENDAR),
                            "[]",
                            "",
                            "Times that rules know by a name: `\"office\" in time.windows`, `\"office\" in time.holidays`."),
                    optional(
                            "zone",
                            new Text(Form.ZONE),
                            "UTC",
                            "Europe/Berlin",
                            "The zone whose clocks `time.hour` and `time.weekday` go by."),
                    optional(
                            "networks",
                            new MapOf(Form.NAME, new SetOf(new Text(Form.NETWORK))),
                            "{}",
                            "{ office: [192.0.2.0/24, 2001:db8::/32] }",
                            "Ranges of addresses that rules know by a name: `\"office\" in network.names`."),
                    optional(
                            "sources",
                            new MapOf(Form.IDENTIFIER, SOURCE),
                            "{}",
                            "",
                            "Who is asked for facts from outside, such as a ticket system. Only where a rule speaks of one."),
                    optional("notify", new Things("id", NOTIFIER), "[]", "", "Who outside is told of what happens."),
                    optional(
                            "prove",
                            new Things("claim", CLAIM),
                            "[]",
                            "",
                            "Claims about all requests, which `check` and `policy prove` prove or refute."),
                    optional(
                            "tests",
                            new Things("name", TEST),
                            "[]",
                            "",
                            "Requests and the verdicts they must get, run by `check`."),
                    optional("limits", LIMITS, "", "", "What one client may take up.")));

    /// The same as a folder that is published from elsewhere has it, which need not say what is a node's own.
    static final Section SENT = new Section(
            ROOT.title(),
            ROOT.keys().stream()
                    .map(key -> NODE.contains(key.name()) ? key.ifPresent() : key)
                    .toList());

    /// The part that is the same on all nodes.
    static final Section VERSIONED = new Section(
            ROOT.title(),
            ROOT.keys().stream().filter(key -> !NODE.contains(key.name())).toList());

    private Schema() {}
}
