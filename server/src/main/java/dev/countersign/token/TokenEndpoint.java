package dev.countersign.token;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Gate;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Judge;
import dev.countersign.approval.Judged;
import dev.countersign.approval.Outcome;
import dev.countersign.client.AuthenticatedClient;
import dev.countersign.client.Clients;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.issued.Handles;
import dev.countersign.mint.AccessToken;
import dev.countersign.mint.Mint;
import dev.countersign.oauth.DpopProofs;
import dev.countersign.oauth.Edge;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import dev.countersign.policy.Heard;
import dev.countersign.store.Failpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// POST /token, RFC 6749 §3.2. Every token this server gives out, [#token] gives out, by the steps it names in the
/// order it names them.
public final class TokenEndpoint {
    private final Edge edge;
    private final Supplier<InForce> inForce;
    private final Clients clients;
    private final DpopProofs proofs;
    private final ClientCredentialsGrant clientCredentials;
    private final Judge judge;
    private final Gate gate;
    private final Mint mint;
    private final Handles handles;
    private final Waits waits;
    private final Consumer<Judged> decided;
    private final Polls polls = new Polls();
    private final InstantSource clock;

    /// @param decided hears of each decision once it is durable; it neither waits nor fails
    public TokenEndpoint(
            Edge edge,
            Supplier<InForce> inForce,
            Clients clients,
            DpopProofs proofs,
            ClientCredentialsGrant clientCredentials,
            Judge judge,
            Gate gate,
            Mint mint,
            Handles handles,
            Waits waits,
            Consumer<Judged> decided,
            InstantSource clock) {
        this.edge = edge;
        this.inForce = inForce;
        this.clients = clients;
        this.proofs = proofs;
        this.clientCredentials = clientCredentials;
        this.judge = judge;
        this.gate = gate;
        this.mint = mint;
        this.handles = handles;
        this.waits = waits;
        this.decided = decided;
        this.clock = clock;
    }

    public Reply token(Request request) {
        return edge.answer(request, () -> {
            var now = inForce.get(); //                                          one configuration, to the verdict
            var params = Params.of(request);
            try (var client = clients.authenticate(now.clients(), request, params)) { // who asks?  §2.3
                var key = proofs.verify(request).map(it -> it.jkt); //           with which key? RFC 9449 §5
                return switch (TokenRequest.parse(params)) { //                  for what?      §4
                    case TokenRequest.ClientCredentials it ->
                        ask(now, client, clientCredentials.prove(now, client, it, key, request), it, request);
                    case TokenRequest.Collect(var code) -> collect(client, code, key.orElse(""), request);
                };
            }
        });
    }

    private Reply ask(
            InForce now,
            AuthenticatedClient client,
            AccessRequest asked,
            TokenRequest.ClientCredentials it,
            Request request) {
        var code = it.deferred() ? Optional.of(fresh(client, it)) : Optional.<Handles.Fresh>empty();
        return switch (issue(now, client, asked, it.breakGlass(), code)) {
            case Mint.Issue.Token(var token) -> granted(token);
            case Mint.Issue.Ready(var id) -> fetch(client, id);
            case Mint.Issue.Wait(var wait) ->
                code.map(fresh -> defer(fresh, wait)).orElseGet(() -> hold(now, client, wait, request));
        };
    }

    private Handles.Fresh fresh(AuthenticatedClient client, TokenRequest.ClientCredentials it) {
        return client.client.callback().isPresent()
                ? handles.freshForCallback(it.notificationToken())
                : handles.fresh();
    }

    private Mint.Issue issue(
            InForce now,
            AuthenticatedClient client,
            AccessRequest asked,
            boolean breakGlass,
            Optional<Handles.Fresh> code) {
        if (now.sources().isEmpty()) {
            return mint.issue(() -> settle(judge.judge(now, asked, breakGlass), code));
        }
        // Sources take their time: nobody waits for them with a place at the mint or a turn.
        var judged = client.share.aside(() -> judge.judge(now, asked, breakGlass));
        return mint.issue(() -> settle(judged, code));
    }

    private Outcome settle(Judged judged, Optional<Handles.Fresh> code) {
        var settled = gate.settle(judged, code);
        if (decides(settled.outcome(), judged.request().id())) {
            decided.accept(settled.judged());
        }
        return settled.outcome();
    }

    /// Whether it was decided just now, and did not join another or get the token of another again.
    private static boolean decides(Outcome outcome, String id) {
        return switch (outcome) {
            case Outcome.Go(var permit) -> permit.request.id().equals(id);
            case Outcome.Wait(var waits, _) -> waits.equals(id);
            case Outcome.Ready _ -> false;
            case Outcome.No _ -> true;
        };
    }

    /// The client takes a deferred answer: a code to poll with, §2.2 of Deferred Token Response.
    private Reply defer(Handles.Fresh code, Outcome.Wait wait) {
        var body = new LinkedHashMap<String, Object>();
        body.put("error", ErrorCode.AUTHORIZATION_PENDING.wire());
        body.put("error_description", "people are asked; reference " + wait.id());
        body.put("deferral_code", code.code());
        body.put("expires_in", Duration.between(clock.instant(), wait.until()).toSeconds());
        body.put("interval", Polls.INTERVAL.toSeconds());
        return Reply.json(ErrorCode.AUTHORIZATION_PENDING.status, body).noStore();
    }

    /// The client knows nothing of waiting: its connection is held as long as it may be, and a request that is made
    /// again joins the one that waits.
    private Reply hold(InForce now, AuthenticatedClient client, Outcome.Wait wait, Request request) {
        var patience = waits.patience(client, now.limits().syncWait(), request);
        return later(client, wait.id(), patience, request, outcome -> switch (outcome) {
            case Outcome.Ready(var id) -> {
                refuseIfOutdated(client);
                yield fetch(client, id);
            }
            case Outcome.No no -> throw no.refusal();
            case Outcome.Wait _, Outcome.Go _ ->
                throw Refusal.of(
                        ErrorCode.ACCESS_DENIED,
                        "approval is pending, reference " + wait.id() + "; the same request again will join it");
        });
    }

    /// A connection that is held is in nobody's way, and has no place among what is in work until it goes on.
    private Reply later(
            AuthenticatedClient client, String id, Duration patience, Request request, Function<Outcome, Reply> then) {
        if (!waits.place(client, id, patience)) {
            return then.apply(waits.look(id, Duration.ZERO, request));
        }
        return Reply.later(() -> edge.answer(request, () -> {
            var outcome = waits.hold(client, id, patience, request);
            try (var _ = client.share.comeBack()) {
                return then.apply(outcome);
            }
        }));
    }

    /// Whoever was held came in by a secret or key that may be gone by now. The approval stays, for whoever comes with
    /// one that is not.
    private void refuseIfOutdated(AuthenticatedClient client) {
        if (!clients.isGood(inForce.get().clients(), client)) {
            throw Refusal.of(ErrorCode.INVALID_CLIENT, "client authentication failed")
                    .because("the credential of " + client.client.id() + " was taken out while it waited");
        }
    }

    private Reply fetch(AuthenticatedClient client, String id) {
        var heard = hear(client, id);
        return minted(mint.issue(() -> gate.fetch(id, heard)));
    }

    /// What sources say now of what is about to be redeemed.
    private Heard hear(AuthenticatedClient client, String id) {
        return gate.asksSources() ? client.share.aside(() -> gate.hear(id)) : Heard.NOTHING;
    }

    /// Deferred Token Response §2.3. A code that is unknown and one of another client are answered alike, byte for
    /// byte.
    private Reply collect(AuthenticatedClient client, String code, String key, Request request) {
        var polled = gate.polled(code)
                .filter(it -> it.handle().client().equals(client.client.id()))
                .orElseThrow(() -> Refusal.of(ErrorCode.INVALID_GRANT, "there is no such deferral code"));
        if (!polled.handle().key().equals(key)) {
            throw Refusal.of(ErrorCode.INVALID_DPOP_PROOF, "this deferral code is bound to another key");
        }
        var pace = polls.start(code, clock.instant());
        var id = polled.handle().approvalId();
        var patience = waits.patience(pace, request);
        if (!polled.pending()) {
            return collect(client, id, gate.look(id), pace);
        }
        return patience.isPositive()
                ? later(client, id, patience, request, _ -> collect(client, id, gate.look(id), pace))
                : collect(client, id, new Outcome.Wait(id, polled.handle().expiresAt()), pace);
    }

    private Reply collect(AuthenticatedClient client, String id, Outcome outcome, Polls.Pace pace) {
        return switch (outcome) {
            case Outcome.Ready _ -> {
                refuseIfOutdated(client);
                var heard = hear(client, id);
                yield minted(mint.issue(() -> gate.collect(id, heard)));
            }
            case Outcome.No no -> throw no.refusal();
            case Outcome.Wait _, Outcome.Go _ ->
                throw switch (pace) {
                    case FINE -> Refusal.of(ErrorCode.AUTHORIZATION_PENDING, "people are asked");
                    case TOO_FAST -> Refusal.of(ErrorCode.SLOW_DOWN, "poll 5 seconds less often");
                    case ABUSE -> Refusal.of(ErrorCode.INVALID_REQUEST, "polled too fast for too long");
                };
        };
    }

    private Reply minted(Mint.Issue issue) {
        return switch (issue) {
            case Mint.Issue.Token(var token) -> granted(token);
            // The clock was set back to before its start.
            case Mint.Issue.Wait _ ->
                throw Refusal.of(ErrorCode.AUTHORIZATION_PENDING, "it was approved and has not started");
            case Mint.Issue.Ready _ -> throw new IllegalStateException("it was ready to be collected");
        };
    }

    /// RFC 6749 §5.1. What was granted is said whenever it may differ from what was asked: always.
    private Reply granted(AccessToken token) {
        var body = new LinkedHashMap<String, Object>();
        body.put("access_token", token.compact());
        body.put("token_type", token.type());
        body.put("expires_in", secondsUntil(token.expiresAt()));
        if (!token.permit().granted.scopes().isEmpty()) {
            body.put("scope", token.permit().granted.scopes().toString());
        }
        if (!token.permit().granted.details().isEmpty()) {
            body.put("authorization_details", token.permit().granted.details().objects());
        }
        Failpoint.pass("answer.before");
        return Reply.json(200, body).noStore();
    }

    /// In whole seconds, a begun one counted: a fresh token of 60 s is told as 60.
    private long secondsUntil(Instant end) {
        return Duration.between(clock.instant(), end).plusMillis(999).toSeconds();
    }
}
