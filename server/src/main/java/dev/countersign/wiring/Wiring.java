package dev.countersign.wiring;

import dev.countersign.access.Reports;
import dev.countersign.access.UsageApi;
import dev.countersign.admin.HealthEndpoint;
import dev.countersign.admin.Metrics;
import dev.countersign.approval.Afterwards;
import dev.countersign.approval.Alternatives;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Attesting;
import dev.countersign.approval.Burden;
import dev.countersign.approval.Counting;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Eligibility;
import dev.countersign.approval.Enrolling;
import dev.countersign.approval.Foresight;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Gate;
import dev.countersign.approval.Judge;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Signatures;
import dev.countersign.approval.Standing;
import dev.countersign.approval.Unread;
import dev.countersign.approval.Waiters;
import dev.countersign.client.Clients;
import dev.countersign.client.Shares;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Live;
import dev.countersign.dashboard.Dashboard;
import dev.countersign.discovery.Metadata;
import dev.countersign.http.Routes;
import dev.countersign.inspect.FirstUses;
import dev.countersign.inspect.IntrospectionEndpoint;
import dev.countersign.inspect.RevocationEndpoint;
import dev.countersign.inspect.StatusEndpoint;
import dev.countersign.issued.Handles;
import dev.countersign.issued.Revocations;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.NoteKey;
import dev.countersign.ledger.Publisher;
import dev.countersign.mint.Keys;
import dev.countersign.mint.Mint;
import dev.countersign.mint.NativeCrypto;
import dev.countersign.notify.Channels;
import dev.countersign.notify.ChatVotes;
import dev.countersign.notify.MailSender;
import dev.countersign.notify.Outbox;
import dev.countersign.notify.SlackVotes;
import dev.countersign.oauth.DpopProofs;
import dev.countersign.oauth.Edge;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import dev.countersign.oncall.OnCallFeeds;
import dev.countersign.outward.OutwardClient;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.people.Arrivals;
import dev.countersign.people.DeviceGrants;
import dev.countersign.people.Freshness;
import dev.countersign.people.LocalPerson;
import dev.countersign.people.Passkeys;
import dev.countersign.people.Provisioning;
import dev.countersign.people.Shifts;
import dev.countersign.people.SignIns;
import dev.countersign.people.SignOuts;
import dev.countersign.proof.Claims;
import dev.countersign.publish.Asking;
import dev.countersign.publish.Briefing;
import dev.countersign.publish.PublishApi;
import dev.countersign.publish.Publishing;
import dev.countersign.replay.Past;
import dev.countersign.replay.Shadow;
import dev.countersign.replay.ShadowApi;
import dev.countersign.replay.Word;
import dev.countersign.review.AbsencesApi;
import dev.countersign.review.Api;
import dev.countersign.review.AttestationApi;
import dev.countersign.review.BreakGlassApi;
import dev.countersign.review.DeviceApi;
import dev.countersign.review.Guard;
import dev.countersign.review.ScimTokensApi;
import dev.countersign.review.SessionsApi;
import dev.countersign.scim.ScimApi;
import dev.countersign.signin.Logins;
import dev.countersign.source.Secrets;
import dev.countersign.source.Sources;
import dev.countersign.store.Overloaded;
import dev.countersign.store.SingleUses;
import dev.countersign.store.StoreFailed;
import dev.countersign.token.ClientCredentialsGrant;
import dev.countersign.token.TokenEndpoint;
import dev.countersign.token.Waits;
import dev.countersign.usage.Profiles;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The object graph of a server, from the store up, and what it does by the clock.
final class Wiring implements AutoCloseable {
    /// How many connections are held for requests that wait; each costs a virtual thread and its socket.
    private static final int MOST_HELD = 20_000;

    private static final int DUE_AT_ONCE = 500;

    final Installation installation;
    final Live live;
    final Approvals approvals;
    final Counting counting;
    final Burden burden;
    final Judge judge;
    final Gate gate;
    final Panel panel;
    final Afterwards afterwards;
    final Discussion discussion;
    final Freezes freezes;
    final Keys keys;
    final SignIns signIns;
    final Shares shares = new Shares(Runtime.getRuntime().availableProcessors());
    final Metrics metrics = new Metrics();
    final Dashboard dashboard;
    final Routes routes = new Routes();
    private final SingleUses singleUses;
    final Revocations revocations;
    final Handles handles;
    final Profiles profiles;
    final FirstUses firstUses;
    private final OutwardClient outward = new OutwardClient();
    private final OutwardClient telling = new OutwardClient();
    private final MailSender mails;
    final Sources sources;
    final Outbox outbox;
    final OnCallFeeds onCall;
    private final Publisher publisher;
    private final Waiters waiters;
    private final AtomicBoolean watching = new AtomicBoolean();
    private final Api api;
    final Asking asking;
    final Attesting attesting;
    final Enrolling enrolling;
    final Signatures signatures;
    final Shadow shadow;
    final Housekeeping housekeeping = new Housekeeping();

    Wiring(Installation installation, Live live, InstantSource clock) {
        this.installation = installation;
        this.live = live;
        var store = installation.store;
        var ledger = installation.ledger;
        var issuer = live.get().node().issuer();
        var inForce = new Effective(live);
        var provider = NativeCrypto.provider().orElse(null);
        this.singleUses = new SingleUses(store);

        // who asks, and with which key
        var edge = new Edge(Wiring::refusal);
        var clients = new Clients(singleUses::spend, issuer, shares, clock, provider);
        var proofs = new DpopProofs(singleUses::spend, clock, provider);

        // what policy says
        ledger.settle();
        this.profiles = Profiles.open(store, ledger);
        this.approvals = new Approvals();
        var standing = new Standing();
        ledger.listen(standing::heard);
        housekeeping.soon("reading what is open", () -> standing.begin(store.read(approvals::open)));
        this.burden = new Burden();
        ledger.listen(burden::heard);
        this.counting = new Counting(store, inForce);
        counting.learn();
        housekeeping.soon("counting what clients are given", counting::keep);
        var secrets = new Secrets(live.get().node().folder());
        this.sources = new Sources(outward, secrets, clock);
        this.judge = new Judge(inForce, profiles, store, approvals, standing, counting, sources);

        // the gate
        this.freezes = new Freezes(store, ledger);
        this.revocations = new Revocations(store);
        this.handles = new Handles(store, installation.handleHashes, installation.master);
        var eligibility = new Eligibility(installation.memberships, installation.absences);
        this.waiters = new Waiters();
        var party = RelyingParty.of(issuer);
        var passkeys = new Passkeys();
        this.signatures = new Signatures(store, ledger, approvals, passkeys, party);
        this.gate = new Gate(
                store,
                ledger,
                approvals,
                freezes,
                revocations,
                handles,
                eligibility,
                judge,
                waiters,
                standing,
                burden,
                counting,
                signatures,
                clock);
        this.panel = new Panel(store, ledger, approvals, revocations, eligibility, gate, inForce, signatures, burden);
        this.enrolling =
                new Enrolling(store, ledger, approvals, eligibility, passkeys, gate, inForce, party, issuer, clock);
        var desk = new Desk(store, approvals, panel);
        this.discussion = new Discussion(store, ledger, approvals, panel, gate);
        var alternatives = new Alternatives(store, approvals, inForce);
        var foresight = new Foresight(store, judge, gate, desk, eligibility, alternatives, inForce);
        this.afterwards = new Afterwards(store, ledger, eligibility, inForce, signatures);

        // the mint
        this.keys = Keys.open(store, installation.wrappedKeys, ledger, clock, new Entry.Actor("system", "first-start"));
        var mint = new Mint(keys, issuer, Runtime.getRuntime().availableProcessors());

        // the endpoints
        var grant = new ClientCredentialsGrant(ledger, clock);
        var waits = new Waits(gate, MOST_HELD);
        this.shadow = new Shadow(clock);
        var token = new TokenEndpoint(
                edge, inForce, clients, proofs, grant, judge, gate, mint, handles, waits, shadow::decided, clock);
        this.firstUses = new FirstUses(store, ledger, profiles);
        var introspection = new IntrospectionEndpoint(edge, clients, keys, revocations, inForce, clock, firstUses);
        var revocation = new RevocationEndpoint(
                edge, clients, proofs, handles, panel, keys, revocations, store, ledger, inForce);
        var status = new StatusEndpoint(edge, clients, proofs, handles, discussion, desk, inForce);
        var metadata = new Metadata(
                issuer,
                keys,
                inForce,
                ledger.keys().stream().map(NoteKey::toString).collect(Collectors.joining(" ")),
                Clients.ASSERTION_ALGORITHMS,
                DpopProofs.ALGORITHMS);
        this.publisher = Publisher.start(ledger);
        var health = new HealthEndpoint(store, publisher::fault, live::fault, ledger::anchorFault);

        // people
        this.onCall = new OnCallFeeds(new Shifts(store, ledger, installation.memberships), telling, secrets, clock);
        this.signIns = new SignIns(
                store,
                ledger,
                installation.people,
                installation.sessions,
                installation.peopleHashes,
                () -> live.get().people().stream().collect(Collectors.toMap(LocalPerson::user, Function.identity())),
                clock);
        var logins = new Logins(
                issuer,
                new Arrivals(
                        store,
                        ledger,
                        installation.people,
                        installation.memberships,
                        installation.sessions,
                        installation.departures,
                        clock),
                () -> live.get().providers(),
                () -> live.get().roster(),
                installation.peopleHashes,
                singleUses::spend,
                outward,
                secrets,
                clock);
        var signOuts = new SignOuts(store, ledger, installation.sessions);
        var logouts = logins.logouts(signOuts, singleUses::spend);
        var deviceGrants = new DeviceGrants(store, installation.apiTokens, clock);
        var freshness = new Freshness(() -> live.get().stepUp(), clock);
        var guard = new Guard(installation.callers, Dashboard.SESSION_COOKIE);
        this.api = new Api(
                guard,
                store,
                ledger,
                installation.people,
                installation.memberships,
                desk,
                panel,
                discussion,
                foresight,
                alternatives,
                freezes,
                keys,
                inForce,
                freshness,
                issuer,
                clock);
        var configurations = new Configurations(installation.directory, ledger);
        this.asking = new Asking(
                store,
                configurations,
                live,
                new Publications(),
                gate,
                inForce,
                new Briefing(ledger, installation.address, Claims.installed(), clock),
                clock);
        this.attesting =
                new Attesting(store, ledger, approvals, freezes, eligibility, profiles, gate, inForce, issuer, clock);
        var publishing = new PublishApi(
                guard,
                new Publishing(
                        store,
                        configurations,
                        live,
                        installation.people,
                        live.get().node(),
                        Claims.installed(),
                        Optional.of(asking)),
                ledger);
        var reports = new Reports(store, configurations, profiles, afterwards, clock);
        this.dashboard = new Dashboard(
                installation.callers,
                installation.sessions,
                signIns,
                logins,
                logouts,
                signOuts,
                installation.apiTokens,
                deviceGrants,
                freshness,
                installation.people,
                installation.memberships,
                installation.absences,
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
                reports,
                configurations,
                new Publications(),
                shadow,
                () -> Past.open(live.get(), installation.address, clock),
                inForce,
                clock);

        routes.post("/token", metrics.timed("/token", token::token));
        routes.post("/introspect", metrics.timed("/introspect", introspection::introspect));
        routes.post("/status", metrics.timed("/status", status::status));
        routes.post("/revoke", metrics.timed("/revoke", revocation::revoke));
        routes.get("/.well-known/oauth-authorization-server", metadata::metadata);
        routes.get("/jwks", metadata::jwks);
        routes.get("/health/live", health::live);
        routes.get("/health/ready", health::ready);
        routes.get("/metrics", metrics::metrics);
        api.routes(routes);
        new AttestationApi(guard, attesting, ledger).routes(routes);
        new UsageApi(guard, reports).routes(routes);
        new BreakGlassApi(guard, afterwards, installation.people).routes(routes);
        new SessionsApi(guard, store, signOuts, installation.apiTokens, installation.people, clock).routes(routes);
        new ScimTokensApi(guard, store, installation.scimTokens, clock).routes(routes);
        new AbsencesApi(guard, installation.absences, freshness, installation.people).routes(routes);
        new DeviceApi(guard, deviceGrants, installation.people, installation.memberships, clock).routes(routes);
        publishing.routes(routes);
        new ShadowApi(guard, shadow).routes(routes);
        new ScimApi(
                        issuer,
                        installation.scimTokens,
                        new Provisioning(
                                store, ledger, installation.people, installation.memberships, installation.departures))
                .routes(routes);
        dashboard.routes(routes);

        // who is told outside; by a client of its own, so that none of them takes a place of a source's
        this.mails = new MailSender(secrets, issuer);
        var chatVotes = new ChatVotes(freshness::isNeeded);
        new SlackVotes(
                        () -> live.get().notifiers(),
                        chatVotes,
                        secrets,
                        telling,
                        desk,
                        panel,
                        installation.people,
                        issuer,
                        clock)
                .routes(routes);
        this.outbox = new Outbox(
                store,
                ledger,
                approvals,
                () -> live.get().notifiers(),
                new Channels(
                        telling,
                        mails,
                        secrets,
                        store,
                        handles,
                        installation.people,
                        inForce,
                        chatVotes,
                        (person, question) -> panel.leavesAlone(person, question, clock.instant()),
                        clock),
                handles,
                panel,
                afterwards,
                () -> live.get().reminders(),
                installation.people,
                issuer,
                clock);
        outbox.open();
        tell();

        // who waits here for what was decided elsewhere
        ledger.listen(entries -> entries.forEach(it -> it.request().ifPresent(waiters::wake)));
        ledger.listen(metrics::count);
        ledger.listen(BrokenGlass::tell);
        ledger.listen(this::published);
        metrics.gauge("countersign.waiting.connections", "Connections held for requests that wait", this::waiting);
        // Counted beforehand: whoever watches a store that hangs must not hang with it.
        var pending = new AtomicLong();
        metrics.gauge("countersign.requests.pending", "Requests that wait for votes", pending::get);
        var owed = new AtomicReference<>(Afterwards.Owed.NOTHING);
        metrics.gauge(
                "countersign.break_glass.overdue",
                "Uses of broken glass at which people should have looked by now",
                () -> owed.get().overdue());
        metrics.gauge(
                "countersign.break_glass.locked",
                "Clients that a break-glass rule lets through no more, once for each such rule",
                () -> owed.get().locked());
        metrics.gauge(
                "countersign.clients.in_work", "Requests of clients in work or waiting for their turn", shares::taken);
        metrics.counter(
                "countersign.clients.refused",
                "Requests refused because their client had its share of what is in work",
                shares::refused);
        for (var result : Sources.Result.values()) {
            metrics.counter(
                    "countersign.sources.questions",
                    "Questions to sources of facts, by what came of them",
                    Map.of("result", result.word()),
                    () -> sources.count(result));
        }
        metrics.gauge(
                "countersign.outward.asking", "Requests of the server itself that are on their way", outward::asking);
        metrics.gauge(
                "countersign.store.waiting",
                "Pieces of work that wait for the store",
                () -> store.waiting() + gate.waiting());
        metrics.gauge(
                "countersign.ledger.anchored",
                "0 while the anchor cannot be written",
                () -> ledger.anchorFault().isPresent() ? 0 : 1);
        metrics.gauge(
                "countersign.store.writable",
                "1 when the store can be written",
                () -> store.health().writable() ? 1 : 0);

        var second = Duration.ofSeconds(1);
        housekeeping.every(second, "ending what is due", this::endDue);
        housekeeping.every(second, "counting what is pending", () -> pending.set(store.read(approvals::pending)));
        housekeeping.every(second, "counting what is owed for broken glass", () -> owed.set(afterwards.owed()));
        housekeeping.every(second, "noting who is on call", onCall::turn);
        metrics.gauge("countersign.on_call.silent", "On-call calendars that cannot be heard or read", onCall::silent);
        housekeeping.every(second, "counting what waits for reviewers", this::weigh);
        housekeeping.every(second, "reading keys", keys::refresh);
        housekeeping.every(second, "reading the configuration", live::refresh);
        housekeeping.every(second, "counting what clients are given", counting::keep);
        housekeeping.every(Duration.ofSeconds(10), "forgetting what is over", this::forget);
        housekeeping.every(
                Duration.ofHours(1),
                "rotating keys",
                () -> keys.rotateWhenDue(live.get().signing().rotateEvery()));
    }

    private void tell() {
        housekeeping.every(Duration.ofSeconds(1), "telling notifiers", outbox::ring);
        metrics.gauge("countersign.notify.waiting", "Messages that wait to be told to notifiers", outbox::waiting);
        for (var outcome : Outbox.Outcome.values()) {
            metrics.counter(
                    "countersign.notify.tries",
                    "Tries to tell notifiers, by what came of them",
                    Map.of("outcome", outcome.word()),
                    () -> outbox.count(outcome));
        }
    }

    /// Judges what is decided by a candidate, too, from now on.
    void watch(Configuration candidate) {
        if (watching.compareAndSet(false, true)) {
            measureShadow();
        }
        counting.alsoFor(candidate.policy());
        housekeeping.soon("counting what clients are given", counting::keep);
        shadow.watch(candidate);
    }

    private void measureShadow() {
        for (var was : Word.values()) {
            for (var now : Word.values()) {
                metrics.counter(
                        "countersign.shadow.decisions",
                        "Decisions that the shadow judged, by the verdict that was given and the candidate's",
                        Map.of("verdict", was.word(), "candidate", now.word()),
                        () -> shadow.count(was, now));
            }
        }
        metrics.counter(
                "countersign.shadow.loosened",
                "Decisions that the candidate treats more loosely in anything",
                shadow::loosened);
        metrics.counter(
                "countersign.shadow.dropped",
                "Decisions that the shadow let go, since more was decided than it could judge",
                shadow::dropped);
        metrics.counter("countersign.shadow.failed", "Decisions that the candidate failed to judge", shadow::failed);
    }

    /// A store that cannot take it now is no reason to believe that anything was done.
    private static Optional<Refusal> refusal(RuntimeException thrown) {
        return switch (thrown) {
            case Overloaded it ->
                Optional.of(Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "too much at once, try again shortly")
                        .after(Duration.ofSeconds(10))
                        .because(it));
            case StoreFailed it ->
                Optional.of(Refusal.of(
                                ErrorCode.TEMPORARILY_UNAVAILABLE, "nothing can be recorded now, so nothing is issued")
                        .because(it));
            case Unread it ->
                Optional.of(Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "this node cannot decide now, another may")
                        .because(it));
            default -> Optional.empty();
        };
    }

    /// What is published elsewhere is in force here as soon as it is heard of.
    private void published(List<EntryView> entries) {
        if (entries.stream().anyMatch(it -> it.code() == Code.CONFIGURATION_PUBLISHED)) {
            housekeeping.soon("reading the configuration", live::refresh);
        }
    }

    /// Puts in force what people approve, and attests what they agree to, from now on.
    void publishApproved() {
        housekeeping.every(Duration.ofSeconds(1), "publishing what was approved", asking::finish);
        housekeeping.every(Duration.ofSeconds(1), "attesting what was agreed to", attesting::finish);
        housekeeping.every(Duration.ofSeconds(1), "enrolling what was agreed to", enrolling::finish);
    }

    /// Only where it is capped: what waits in the store is much to read.
    private void weigh() {
        if (!burden.isBegun() && live.get().limits().pendingPerReviewer().isPresent()) {
            burden.begin(() -> approvals.eachPending(
                    installation.store,
                    it -> burden.waits(
                            it.question(), it.heard().isEmpty() ? List.of() : installation.ledger.entriesOf(it.id()))));
        }
    }

    private void endDue() {
        while (panel.expireDue(DUE_AT_ONCE) == DUE_AT_ONCE) {
            // there is more
        }
        while (panel.escalateDue(DUE_AT_ONCE) == DUE_AT_ONCE) {
            // there is more
        }
    }

    /// All that is due by the clock.
    void catchUp() {
        endDue();
        asking.finish();
        attesting.finish();
        enrolling.finish();
        firstUses.settle();
        onCall.catchUp();
        weigh();
    }

    /// Lets go of what is over, piece by piece until nothing is left: what a flood of proofs left behind would
    /// outgrow one piece now and then.
    void forget() {
        var store = installation.store;
        while (store.write(tx -> handles.prune(tx)
                || revocations.prune(tx)
                || singleUses.prune(tx)
                || counting.prune(tx)
                || signatures.prune(tx)
                || outbox.prune(tx))) {
            // there is more
        }
    }

    /// How many connections are held.
    int waiting() {
        return waiters.count();
    }

    /// Lets go of the connections that are held, so that they are answered before the server stops.
    void stopWaiting() {
        waiters.close();
        api.close();
    }

    @Override
    public void close() {
        shadow.close();
        housekeeping.close();
        outbox.close();
        onCall.close();
        telling.close();
        mails.close();
        outward.close();
        signIns.close();
        firstUses.close();
        publisher.close();
        profiles.close();
        metrics.close();
    }
}
