package dev.countersign.config;

import dev.countersign.approval.Administration;
import dev.countersign.client.Attest;
import dev.countersign.client.Client;
import dev.countersign.http.Network;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Observe;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.Group;
import dev.countersign.people.Identity;
import dev.countersign.people.KnownPerson;
import dev.countersign.people.LocalPerson;
import dev.countersign.people.OnCall;
import dev.countersign.people.Provisioner;
import dev.countersign.people.StepUp;
import dev.countersign.policy.Calendar;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Escalation;
import dev.countersign.policy.PolicyTest;
import dev.countersign.policy.Rest;
import dev.countersign.policy.RuleSource;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Surroundings;
import dev.countersign.signin.Provider;
import dev.countersign.source.FactSource;
import dev.countersign.source.Reading;
import dev.countersign.source.Template;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonPointer;

/// Makes the values that other packages own of what is written. All but the rules' parts need a configuration without
/// faults.
final class Records {
    private Records() {}

    static List<LocalPerson> people(View root) {
        return root.view("login").stream()
                .flatMap(it -> it.views("local").stream())
                .map(it ->
                        new LocalPerson(it.text("user"), it.text("name"), it.text("email"), it.text("password_hash")))
                .toList();
    }

    static Map<String, Group> groups(View root) {
        var groups = new LinkedHashMap<String, Group>();
        var issuers = issuers(root);
        root.named("groups")
                .forEach((name, it) -> groups.put(
                        name,
                        new Group(
                                name,
                                it.sorted("members"),
                                it.view("from")
                                        .map(from -> new Group.From(
                                                issuers.getOrDefault(from.text("login"), ""), from.text("group"))),
                                it.view("on_call").map(Records::onCall))));
        return Map.copyOf(groups);
    }

    private static OnCall onCall(View it) {
        return new OnCall(
                it.view("calendar").map(at -> at.text("file")).orElse(""),
                it.view("people").map(View::texts).orElse(Map.of()),
                it.duration("good_for").orElse(OnCall.GOOD_FOR));
    }

    /// By the ids of providers.
    private static Map<String, String> issuers(View root) {
        return providers(root).stream().collect(Collectors.toMap(Provider::id, Provider::issuer, (a, _) -> a));
    }

    static List<KnownPerson> known(View root) {
        var issuers = issuers(root);
        return root.view("login").stream()
                .flatMap(it -> it.views("people").stream())
                .map(it -> new KnownPerson(
                        it.text("user"),
                        it.has("name") ? it.text("name") : it.text("user"),
                        it.text("email"),
                        it.views("is").stream()
                                .map(is -> new Identity(issuers.getOrDefault(is.text("login"), ""), is.text("subject")))
                                .toList()))
                .toList();
    }

    static Optional<StepUp> stepUp(View root) {
        return root.view("login")
                .flatMap(it -> it.view("step_up"))
                .map(it -> new StepUp(
                        Risk.valueOf(it.text("from").toUpperCase(Locale.ROOT)),
                        it.duration("within").orElse(Duration.ofMinutes(5))));
    }

    static List<Provider> providers(View root) {
        return root.view("login").stream()
                .flatMap(it -> it.views("oidc").stream())
                .map(it -> new Provider(
                        it.text("id"),
                        it.text("name"),
                        it.text("issuer"),
                        it.text("client_id"),
                        it.view("client_secret").map(secret -> secret.text("file")),
                        it.has("subject") ? it.text("subject") : Provider.SUBJECT,
                        it.has("groups") ? it.text("groups") : Provider.GROUPS,
                        it.sorted("scopes"),
                        it.duration("max_age"),
                        it.duration("good_for").orElse(Provider.GOOD_FOR),
                        it.view("scim").map(scim -> provisioner(it, scim))))
                .toList();
    }

    private static Provisioner provisioner(View provider, View scim) {
        return new Provisioner(
                provider.text("id"),
                provider.text("issuer"),
                scim.has("subject") ? scim.text("subject") : Provisioner.EXTERNAL_ID,
                scim.has("group") ? scim.text("group") : Provisioner.DISPLAY_NAME);
    }

    static Map<String, Resource> resources(View root) {
        return byId(
                root.views("resources").stream().map(Records::resource).map(Administration::complete), Resource::id);
    }

    private static Resource resource(View it) {
        return new Resource(
                it.text("id"),
                it.text("name"),
                it.text("owner"),
                it.sorted("introspected_by"),
                inOrder(it.views("scopes").stream().map(Records::scope), ScopeDefinition::name),
                inOrder(it.views("details").stream().map(Records::details), DetailsType::type),
                observe(it));
    }

    private static ScopeDefinition scope(View it) {
        return new ScopeDefinition(
                it.text("name"), it.text("title"), DetailsCheck.risk(it).orElseThrow(), harm(it));
    }

    private static Harm harm(View it) {
        return new Harm(it.text("worst_case"), it.text("undo"));
    }

    private static DetailsType details(View it) {
        return DetailsCheck.load(it, Content.plain(it.entries().get("schema").orElseThrow()))
                .orThrow()
                .with(harm(it));
    }

    static Map<String, Client> clients(View root) {
        return byId(root.views("clients").stream().map(Records::client), Client::id);
    }

    private static Client client(View it) {
        return new Client(
                it.text("id"),
                it.text("name"),
                it.text("owner"),
                it.sorted("tags"),
                authentication(it.view("auth").orElseThrow()),
                it.sorted("grants"),
                reach(it, "access", Scopes::of),
                reach(it, "details", List::copyOf),
                it.duration("sync_wait"),
                it.text("dpop").equals("required"),
                it.flag("disabled"),
                observe(it),
                it.scalar("deferred_client_notification_endpoint").map(url -> URI.create(url.text())),
                attest(it));
    }

    private static Attest attest(View client) {
        var usual = Attest.by(client.text("owner"));
        return client.view("attest")
                .map(it -> new Attest(
                        it.has("by") ? it.text("by") : usual.by(),
                        it.duration("for").orElse(usual.lasts()),
                        it.duration("within").orElse(usual.within())))
                .orElse(usual);
    }

    static Optional<Observe> observe(View it) {
        return it.view("observe")
                .flatMap(observe -> Units.instant(observe.text("until")))
                .map(Observe::new);
    }

    private static Client.Authentication authentication(View auth) {
        var method = auth.text("method");
        if (method.equals("private_key_jwt")) {
            try {
                return new Client.Authentication.PrivateKeyJwt(
                        AuthCheck.keys(auth.view("jwks").orElseThrow()));
            } catch (ParseException e) {
                throw new IllegalStateException("these keys have been checked", e);
            }
        }
        return new Client.Authentication.Secret(
                Client.Method.valueOf(method.toUpperCase(Locale.ROOT)),
                auth.views("secrets").stream()
                        .map(it -> new Client.SecretHash(
                                it.text("hash").substring("sha256:".length()), Units.instant(it.text("until"))))
                        .toList());
    }

    private static <T> Map<String, T> reach(View client, String key, Function<List<String>, T> make) {
        return client.view(key).stream()
                .flatMap(view -> view.entries().entries().stream()
                        .map(it -> Map.entry(it.key(), make.apply(view.sorted(it.key())))))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The risk from which on votes are signed; empty when only rules say so.
    static Optional<Risk> signFrom(View root) {
        return passkeys(root)
                .map(it -> it.text("sign_from"))
                .filter(it -> !it.isEmpty())
                .map(it -> Risk.valueOf(it.toUpperCase(Locale.ROOT)));
    }

    /// The group whose members agree to passkeys.
    static String agreeToPasskeys(View root) {
        return passkeys(root)
                .map(it -> it.text("agreed_by"))
                .filter(it -> !it.isEmpty())
                .orElse(Group.ADMINISTRATORS);
    }

    private static Optional<View> passkeys(View root) {
        return root.view("login").flatMap(it -> it.view("passkeys"));
    }

    static List<RuleSource> rules(View root) {
        return root.views("policies").stream()
                .map(it -> new RuleSource(
                        it.text("rule"), it.text("when"), effect(it).orElseThrow()))
                .toList();
    }

    /// Empty when the rule gives no verdict, or two.
    static Optional<Effect> effect(View rule) {
        var effects = Stream.of(
                        rule.scalar("deny").<Effect>map(it -> Effect.Deny.because(it.text())),
                        rule.view("approve").<Effect>map(it -> new Effect.Approve(it.duration("lifetime"))),
                        rule.view("review").<Effect>map(Records::review),
                        rule.view("break_glass").<Effect>map(Records::breakGlass))
                .flatMap(Optional::stream)
                .toList();
        return effects.size() == 1 ? Optional.of(effects.getFirst()) : Optional.empty();
    }

    private static Effect.Review review(View it) {
        return new Effect.Review(
                stages(it),
                it.duration("within").orElse(Effect.WITHIN),
                it.duration("collect").orElse(Effect.COLLECT),
                it.duration("lifetime"),
                it.sorted("require"),
                Math.max(1, it.whole("uses", 1)),
                it.duration("ahead"),
                it.flag("signed"),
                it.flag("substitutes"),
                it.view("rest").map(Records::rest));
    }

    private static Rest rest(View it) {
        return new Rest(
                Math.max(1, it.whole("approvals", 1)), it.duration("per").orElse(Duration.ofHours(1)));
    }

    private static Effect.BreakTheGlass breakGlass(View it) {
        var review = it.view("review");
        return new Effect.BreakTheGlass(
                it.duration("lifetime").orElse(Effect.BREAK_GLASS_LIFETIME),
                Math.max(1, it.whole("times", Effect.TIMES)),
                it.duration("per").orElse(Effect.DAY),
                review.map(Records::stages).orElse(List.of()),
                review.flatMap(afterwards -> afterwards.duration("within")).orElse(Effect.DAY));
    }

    /// Those that name a group.
    static List<Stage> stages(View review) {
        return review.views("stages").stream()
                .filter(it -> !it.text("group").isEmpty())
                .map(it -> new Stage(it.text("group"), Math.max(1, it.whole("votes", 1)), escalation(review)))
                .toList();
    }

    /// One for all stages of a review. What is missing in it is told where it stands.
    private static Optional<Escalation> escalation(View review) {
        return review.view("escalate")
                .filter(it -> !it.text("to").isEmpty())
                .flatMap(it -> it.duration("after").map(after -> new Escalation(after, it.text("to"))));
    }

    static Surroundings surroundings(View root) {
        var networks = new TreeMap<String, List<Network>>();
        root.view("networks")
                .ifPresent(it -> it.entries().entries().stream()
                        .map(Piece.Entry::key)
                        .forEach(name -> networks.put(
                                name,
                                it.texts(name).stream().map(Network::parse).toList())));
        return new Surroundings(ZoneId.of(root.has("zone") ? root.text("zone") : "UTC"), calendars(root), networks);
    }

    private static List<Calendar> calendars(View root) {
        return root.views("calendars").stream()
                .map(it -> new Calendar(
                        it.text("name"),
                        ZoneId.of(it.text("zone")),
                        CalendarCheck.windows(it),
                        CalendarCheck.holidaysOf(it)))
                .toList();
    }

    static List<FactSource> sources(View root) {
        return root.named("sources").entrySet().stream()
                .map(it -> source(it.getKey(), it.getValue()))
                .toList();
    }

    private static FactSource source(String name, View it) {
        return new FactSource(
                name,
                it.has("authzen")
                        ? new FactSource.Asked.Decision(URI.create(it.text("authzen")))
                        : new FactSource.Asked.Page(new Template(it.text("url")), readings(it)),
                it.duration("timeout").orElse(FactSource.TIMEOUT),
                it.duration("cache").orElse(Duration.ZERO),
                it.view("authorization").map(secret -> secret.text("file")));
    }

    private static List<Reading> readings(View source) {
        return source.named("facts").entrySet().stream()
                .map(it -> new Reading(
                        it.getKey(),
                        SourceCheck.type(it.getValue()).orElseThrow(),
                        JsonPointer.compile(it.getValue().text("pointer"))))
                .toList();
    }

    static List<PolicyTest> tests(View root) {
        return root.views("tests").stream()
                .map(it -> new PolicyTest(
                        it.text("name"),
                        given(it.view("given").orElseThrow().entries()),
                        expected(it.view("expect").orElseThrow())))
                .toList();
    }

    /// What a request has, by name.
    static Map<String, Object> given(Piece.Entries entries) {
        var given = new LinkedHashMap<String, Object>();
        entries.entries().forEach(it -> given.put(it.key(), plain(it.value())));
        return given;
    }

    /// Nothing is the word for what is not known.
    private static Object plain(Piece piece) {
        return switch (piece) {
            case Piece.Entries entries -> {
                var map = new LinkedHashMap<String, Object>();
                entries.entries().forEach(it -> map.put(it.key(), plain(it.value())));
                yield map;
            }
            case Piece.Items items -> items.items().stream().map(Records::plain).toList();
            case Piece.Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT, NOTHING, UNREAD -> scalar.text();
                    case INTEGER -> Long.valueOf(scalar.text());
                    case DECIMAL -> Double.valueOf(scalar.text());
                    case FLAG -> Boolean.valueOf(scalar.text());
                };
        };
    }

    private static PolicyTest.Expected expected(View it) {
        return new PolicyTest.Expected(
                it.scalar("verdict").map(Piece.Scalar::text),
                it.scalar("rule").map(Piece.Scalar::text),
                it.duration("lifetime"),
                it.duration("within"),
                it.has("stages") ? Optional.of(stages(it)) : Optional.empty(),
                it.view("entry").map(Records::entry));
    }

    private static PolicyTest.ExpectedEntry entry(View it) {
        return new PolicyTest.ExpectedEntry(
                it.scalar("code").map(Piece.Scalar::text),
                it.has("rules") ? Optional.of(it.texts("rules")) : Optional.empty(),
                it.scalar("because").map(Piece.Scalar::text),
                it.scalar("by").map(Piece.Scalar::text),
                it.scalar("sentence").map(Piece.Scalar::text));
    }

    static Signing signing(View root) {
        return new Signing(
                root.view("signing").flatMap(it -> it.duration("rotate_every")).orElse(Duration.ofDays(90)));
    }

    static Limits limits(View root) {
        var limits = root.view("limits");
        return new Limits(
                limits.flatMap(it -> it.duration("again_after")).orElse(Duration.ofMinutes(10)),
                limits.map(it -> it.whole("pending_per_client", 20)).orElse(20),
                limits.filter(it -> it.has("pending_per_reviewer"))
                        .map(it -> OptionalInt.of(it.whole("pending_per_reviewer", Integer.MAX_VALUE)))
                        .orElse(OptionalInt.empty()),
                limits.flatMap(it -> it.duration("sync_wait")).orElse(Duration.ofSeconds(25)));
    }

    private static <T> Map<String, T> byId(Stream<T> things, Function<T, String> id) {
        return things.collect(Collectors.toUnmodifiableMap(id, Function.identity()));
    }

    private static <T> Map<String, T> inOrder(Stream<T> things, Function<T, String> name) {
        return Collections.unmodifiableMap(
                things.collect(Collectors.toMap(name, Function.identity(), (a, _) -> a, LinkedHashMap::new)));
    }
}
