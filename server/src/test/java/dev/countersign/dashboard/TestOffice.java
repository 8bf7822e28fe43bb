package dev.countersign.dashboard;

import dev.countersign.TestClock;
import dev.countersign.TestPassword;
import dev.countersign.TestStores;
import dev.countersign.access.Reports;
import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Afterwards;
import dev.countersign.approval.Alternatives;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Burden;
import dev.countersign.approval.Counting;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Eligibility;
import dev.countersign.approval.Enrolling;
import dev.countersign.approval.Foresight;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Gate;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Judge;
import dev.countersign.approval.Outcome;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Signatures;
import dev.countersign.approval.Standing;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.approval.Waiters;
import dev.countersign.client.Attest;
import dev.countersign.client.Client;
import dev.countersign.config.Configurations;
import dev.countersign.http.HttpServer;
import dev.countersign.http.Routes;
import dev.countersign.issued.Handles;
import dev.countersign.issued.Revocations;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.mint.Keys;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Observe;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import dev.countersign.outward.OutwardClient;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Arrivals;
import dev.countersign.people.Callers;
import dev.countersign.people.Departures;
import dev.countersign.people.DeviceGrants;
import dev.countersign.people.Directory;
import dev.countersign.people.Freshness;
import dev.countersign.people.Group;
import dev.countersign.people.LocalPerson;
import dev.countersign.people.Memberships;
import dev.countersign.people.Passkeys;
import dev.countersign.people.PasswordHash;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.Roster;
import dev.countersign.people.Sessions;
import dev.countersign.people.SignIns;
import dev.countersign.people.SignOuts;
import dev.countersign.people.StepUp;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Policy;
import dev.countersign.policy.RuleSource;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Surroundings;
import dev.countersign.replay.Shadow;
import dev.countersign.review.Api;
import dev.countersign.review.Guard;
import dev.countersign.signin.Logins;
import dev.countersign.source.Secrets;
import dev.countersign.source.Sources;
import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.WrappedKeys;
import dev.countersign.usage.Profiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The running dashboard over the server's own parts, on a temporary store and a clock that tests move.
///
/// Ana and Bo are on call for payments, Cy is security and administrator, Dee owns the client.
final class TestOffice implements AutoCloseable {
    static final String PAYMENTS = "https://payments.example.com";
    static final String PASSWORD = "correct horse battery";
    private static final PasswordHash HASH = TestPassword.hash(PASSWORD);

    final TestClock clock = new TestClock(Instant.parse("2026-06-01T10:00:00Z"));
    final Store store;
    final Freezes freezes;
    final Panel panel;
    final Enrolling enrolling;
    final Approvals approvals = new Approvals();
    final Absences absences;
    final Ledger ledger;
    private final OutwardClient outward = new OutwardClient();
    private final People people;
    private final SignIns signIns;
    private final Profiles profiles;
    private volatile Optional<StepUp> stepUp = Optional.empty();
    private volatile InForce inForce = inForce(Optional.empty());
    private final Judge judge;
    private final Gate gate;
    private final Api api;
    private final HttpServer server;

    TestOffice(Path folder) {
        store = TestStores.open(folder.resolve("countersign.db"), clock);
        var master = MasterKey.of(MasterKey.generate());
        var keys = WrappedKeys.open(store, master);
        ledger = Ledger.open(store, master, keys, "auth.example.com", "test", clock);
        var locals = Map.of("ana", "Ana Lima", "bo", "Bo Berg", "cy", "Cy Chen", "dee", "Dee Vance").entrySet().stream()
                .map(it -> new LocalPerson(it.getKey(), it.getValue(), "", HASH))
                .collect(Collectors.toMap(LocalPerson::user, Function.identity()));

        people = new People(store, clock);
        var hash = KeyedHash.open(store, keys, "people");
        var memberships = new Memberships(store, clock);
        var sessions = new Sessions(store, hash, clock);
        var apiTokens = new ApiTokens(store, ledger, hash, clock);
        var callers = new Callers(people, memberships, sessions, apiTokens, clock);
        signIns = new SignIns(store, ledger, people, sessions, hash, () -> locals, clock);
        absences = new Absences(store, ledger);
        var departures = new Departures(sessions, apiTokens, absences);
        var directory = new Directory(people, memberships, sessions, departures);
        store.write(tx -> directory.publish(
                tx,
                locals.values(),
                List.of(
                        new Group("payments-oncall", List.of("ana", "bo")),
                        new Group("security", List.of("cy")),
                        new Group("payments-dev", List.of("dee")),
                        new Group("administrators", List.of("cy"))),
                new Entry.Actor("operator", "test")));

        profiles = Profiles.open(store, ledger);
        var standing = new Standing();
        ledger.listen(standing::heard);
        var counting = new Counting(store, () -> inForce);
        judge = new Judge(
                () -> inForce,
                profiles,
                store,
                approvals,
                standing,
                counting,
                new Sources(outward, new Secrets(folder), clock));
        freezes = new Freezes(store, ledger);
        var revocations = new Revocations(store);
        var eligibility = new Eligibility(memberships, absences);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free());
        var origin = "http://localhost:" + address.getPort();
        var party = RelyingParty.of(origin);
        var passkeys = new Passkeys();
        var signatures = new Signatures(store, ledger, approvals, passkeys, party);
        var burden = new Burden();
        gate = new Gate(
                store,
                ledger,
                approvals,
                freezes,
                revocations,
                new Handles(store, KeyedHash.open(store, keys, "handle"), master),
                eligibility,
                judge,
                new Waiters(),
                standing,
                burden,
                counting,
                signatures,
                clock);
        panel = new Panel(store, ledger, approvals, revocations, eligibility, gate, () -> inForce, signatures, burden);
        enrolling = new Enrolling(
                store, ledger, approvals, eligibility, passkeys, gate, () -> inForce, party, origin, clock);
        var desk = new Desk(store, approvals, panel);
        var discussion = new Discussion(store, ledger, approvals, panel, gate);
        var alternatives = new Alternatives(store, approvals, () -> inForce);
        var freshness = new Freshness(() -> stepUp, clock);
        api = new Api(
                new Guard(callers, Dashboard.SESSION_COOKIE),
                store,
                ledger,
                people,
                memberships,
                desk,
                panel,
                discussion,
                new Foresight(store, judge, gate, desk, eligibility, alternatives, () -> inForce),
                alternatives,
                freezes,
                Keys.open(store, keys, ledger, clock, new Entry.Actor("system", "test")),
                () -> inForce,
                freshness,
                "http://localhost",
                clock);
        var afterwards = new Afterwards(store, ledger, eligibility, () -> inForce, signatures);
        var configurations = new Configurations(directory, ledger);
        var logins = new Logins(
                "http://localhost",
                new Arrivals(store, ledger, people, memberships, sessions, departures, clock),
                List::of,
                () -> new Roster(locals.values(), List.of()),
                hash,
                (_, _, _) -> true,
                outward,
                new Secrets(folder),
                clock);
        var signOuts = new SignOuts(store, ledger, sessions);
        var dashboard = new Dashboard(
                callers,
                sessions,
                signIns,
                logins,
                logins.logouts(signOuts, (_, _, _, _) -> true),
                signOuts,
                apiTokens,
                new DeviceGrants(store, apiTokens, clock),
                freshness,
                people,
                memberships,
                absences,
                store,
                ledger,
                profiles,
                approvals,
                desk,
                panel,
                discussion,
                alternatives,
                signatures,
                enrolling,
                afterwards,
                freezes,
                new Reports(store, configurations, profiles, afterwards, clock),
                configurations,
                new Publications(),
                new Shadow(clock),
                () -> {
                    throw new UnsupportedOperationException("only a whole server has a past");
                },
                () -> inForce,
                clock);
        var routes = new Routes();
        api.routes(routes);
        dashboard.routes(routes);
        server = HttpServer.start(new HttpServer.Settings(address, List.of(), origin), routes, dashboard::fault);
    }

    /// A port that is free now: passkeys are for the server's own origin, which has to be known before it starts.
    private static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InForce inForce(Optional<Observe> observe) {
        var refund = DetailsType.load(
                        "refund", "Refund {amount} EUR on order {order}", Risk.HIGH, """
                        { "type": "object", "additionalProperties": false, "required": ["type", "amount", "order"],
                          "properties": { "type": { "const": "refund" }, "amount": { "type": "number", "exclusiveMinimum": 0 },
                                          "order": { "type": "string" },
                                          "lines": { "type": "array", "items": { "type": "string" } } } }""", List.of("amount", "lines"))
                .orThrow()
                .with(new Harm("That amount leaves the account", "Reversal within a day"));
        var resource = new Resource(
                PAYMENTS,
                "Payments API",
                "payments-oncall",
                List.of(),
                Map.of(
                        "refunds:read",
                        new ScopeDefinition("refunds:read", "See refunds", Risk.LOW, new Harm("Amounts leak", "")),
                        "payouts:read",
                        new ScopeDefinition("payouts:read", "See payouts", Risk.MEDIUM, new Harm("Amounts leak", "")),
                        "refunds:write",
                        new ScopeDefinition(
                                "refunds:write",
                                "Refund a payment",
                                Risk.HIGH,
                                new Harm("Money leaves the account", "Reversal within a day"))),
                Map.of("refund", refund),
                Optional.empty());
        var client = new Client(
                "refund-bot",
                "Refund bot",
                "payments-dev",
                List.of(),
                new Client.Authentication.Secret(
                        Client.Method.CLIENT_SECRET_BASIC,
                        List.of(new Client.SecretHash("00".repeat(32), Optional.empty()))),
                List.of("client_credentials"),
                Map.of(PAYMENTS, Scopes.of(resource.scopes().keySet())),
                Map.of(PAYMENTS, List.of("refund")),
                Optional.empty(),
                false,
                false,
                observe,
                Optional.empty(),
                Attest.by("payments-dev"));
        var compiled = Policy.compile(
                List.of(
                        new RuleSource(
                                "someone-looks", "true", Effect.Review.by(List.of(new Stage("payments-oncall", 1)))),
                        new RuleSource(
                                "never-twice",
                                "reason == \"let me in\"",
                                Effect.Deny.because("it was asked for {scopes} before")),
                        new RuleSource(
                                "payouts-need-two",
                                "\"payouts:read\" in scopes",
                                Effect.Review.by(List.of(new Stage("security", 1))))),
                "3fa94c1e00000000");
        if (!(compiled instanceof Policy.Compiled.Ready(var policy))) {
            throw new AssertionError(compiled.toString());
        }
        return new InForce(
                Map.of(client.id(), client),
                Map.of(PAYMENTS, resource),
                policy,
                Surroundings.NONE,
                Map.of(),
                new InForce.Limits(Duration.ofMinutes(10), 20, Duration.ofSeconds(25)),
                "payments-oncall");
    }

    /// From now on votes are signed on all that is of such risk.
    void signsFrom(Risk risk) {
        var now = inForce;
        inForce = new InForce(
                now.clients(),
                now.resources(),
                now.policy().signedFrom(Optional.of(risk)),
                now.surroundings(),
                now.sources(),
                now.limits(),
                now.passkeysAgreedBy());
    }

    /// From now on as many requests of one client may wait.
    void letsWait(int most) {
        var now = inForce;
        inForce = new InForce(
                now.clients(),
                now.resources(),
                now.policy(),
                now.surroundings(),
                now.sources(),
                new InForce.Limits(now.limits().againAfter(), most, now.limits().syncWait()),
                now.passkeysAgreedBy());
    }

    /// From now on whoever approves something of such risk has to have signed in lately.
    void stepsUpFrom(Risk risk, Duration within) {
        stepUp = Optional.of(new StepUp(risk, within));
    }

    String url(String path) {
        return "http://localhost:" + server.port() + path;
    }

    /// Refund bot asks; the id of the request that now waits.
    String asks(String scopes, String details, String reason) {
        return asks(scopes, details, reason, "198.51.100.23");
    }

    /// Refund bot asks and is refused at once; the reference it is given.
    String refused(String scopes, String reason) {
        return switch (settled(scopes, "[]", reason, "198.51.100.23")) {
            case Outcome.No(_, var said) -> said.substring(said.indexOf("reference ") + "reference ".length());
            case Outcome other -> throw new AssertionError(other.toString());
        };
    }

    /// The same from that address, in a network of its own.
    String asks(String scopes, String details, String reason, String address) {
        return switch (settled(scopes, details, reason, address)) {
            case Outcome.Wait(var id, _) -> id;
            case Outcome other -> throw new AssertionError(other.toString());
        };
    }

    /// Refund bot is observed only from now on, and asks; the id of the request of which it has the token.
    String observed(String scopes, String reason) {
        inForce = inForce(Optional.of(new Observe(Instant.parse("2026-06-09T00:00:00Z"))));
        return switch (settled(scopes, "[]", reason, "198.51.100.23")) {
            case Outcome.Go(var permit) -> permit.request.id();
            case Outcome other -> throw new AssertionError(other.toString());
        };
    }

    /// Refund bot breaks the glass by a rule that lets it, which is in force from now on; the id of its request.
    String breaksGlass(String scopes, Risk signFrom) {
        var rules = List.of(new RuleSource(
                "outage",
                "true",
                new Effect.BreakTheGlass(
                        Effect.BREAK_GLASS_LIFETIME,
                        2,
                        Effect.DAY,
                        List.of(new Stage("payments-oncall", 1)),
                        Effect.DAY)));
        if (!(Policy.compile(rules, "3fa94c1e00000000") instanceof Policy.Compiled.Ready(var policy))) {
            throw new AssertionError(rules.toString());
        }
        var now = inForce;
        inForce = new InForce(
                now.clients(),
                now.resources(),
                policy.signedFrom(Optional.of(signFrom)),
                now.surroundings(),
                now.sources(),
                now.limits(),
                now.passkeysAgreedBy());
        var request = request(scopes, "[]", "payments are down", "198.51.100.23");
        return switch (gate.settle(judge.judge(inForce, request, true), Optional.empty())
                .outcome()) {
            case Outcome.Go(var permit) -> permit.request.id();
            case Outcome other -> throw new AssertionError(other.toString());
        };
    }

    private Outcome settled(String scopes, String details, String reason, String address) {
        var request = request(scopes, details, reason, address);
        return gate.settle(judge.judge(inForce, request), Optional.empty()).outcome();
    }

    /// Refund bot asks for a token that lives so long, which is a request of its own.
    String asksFor(Duration lifetime, String scopes) {
        var request = request(scopes, "[]", "nightly", "198.51.100.23", lifetime);
        return switch (gate.settle(judge.judge(inForce, request), Optional.empty())
                .outcome()) {
            case Outcome.Wait(var id, _) -> id;
            case Outcome other -> throw new AssertionError(other.toString());
        };
    }

    private AccessRequest request(String scopes, String details, String reason, String address) {
        return request(scopes, details, reason, address, Duration.ofMinutes(2));
    }

    private AccessRequest request(String scopes, String details, String reason, String address, Duration lifetime) {
        return new AccessRequest(
                Ids.next(),
                "refund-bot",
                "refund-bot",
                PAYMENTS,
                Scopes.parse(scopes),
                new AuthorizationDetails(details),
                Optional.of(lifetime),
                reason,
                "INC-1234",
                "",
                new AccessRequest.Origin("client_secret_basic", "9f31c2", address, address, "refund-bot/3.2", "a"),
                clock.instant());
    }

    String asks(String scopes) {
        return asks(scopes, "[]", "Customer 4471 was charged twice");
    }

    void says(String user, Vote.Word word, String id) {
        var result = panel.vote(id, new Ballot(person(user).id(), word, Optional.empty(), "", Via.DASHBOARD));
        if (!(result instanceof Ballot.Result.Counted)) {
            throw new AssertionError(result.toString());
        }
    }

    /// The client fetches its token.
    void collects(String id) {
        if (!(gate.collect(id) instanceof Outcome.Go)) {
            throw new AssertionError(id + " has no token");
        }
    }

    /// What the entries of a request say.
    List<EntryView> entries(String id) {
        ledger.settle();
        return ledger.entriesOf(id);
    }

    List<String> entriesOf(String id) {
        return ledger.entriesOf(id).stream().map(it -> it.code().wire()).toList();
    }

    Person person(String user) {
        return people.find(Person.LOCAL, user).orElseThrow();
    }

    Approval approval(String id) {
        return store.read(tx -> approvals.find(tx, id)).orElseThrow().approval();
    }

    @Override
    public void close() {
        api.close(); // ends the event streams, which the server would wait for
        server.close();
        signIns.close();
        profiles.close();
        outward.close();
        store.close();
    }
}
