package dev.countersign.inspect;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Comment;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.ExpectedWait;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Seen;
import dev.countersign.client.Clients;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.issued.Handles;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.DpopProofs;
import dev.countersign.oauth.Edge;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// POST /status: how a client's own request stands that people decide, how long that usually takes, what they ask about
/// it, the client's answer, and that it reminds them. Of ours alone: no standard has it. Authenticated like a poll of
/// Deferred Token Response, by the
/// deferral code and the key it is bound to. It never says who the reviewers are.
public final class StatusEndpoint {
    private final Edge edge;
    private final Clients clients;
    private final DpopProofs proofs;
    private final Handles handles;
    private final Discussion discussion;
    private final Desk desk;
    private final Supplier<InForce> inForce;

    public StatusEndpoint(
            Edge edge,
            Clients clients,
            DpopProofs proofs,
            Handles handles,
            Discussion discussion,
            Desk desk,
            Supplier<InForce> inForce) {
        this.edge = edge;
        this.clients = clients;
        this.proofs = proofs;
        this.handles = handles;
        this.discussion = discussion;
        this.desk = desk;
        this.inForce = inForce;
    }

    public Reply status(Request request) {
        return edge.answer(request, () -> {
            var params = Params.of(request);
            try (var caller = clients.authenticate(inForce.get().clients(), request, params)) {
                var client = caller.client.id();
                var key = proofs.verify(request).map(it -> it.jkt).orElse("");
                var id = id(client, key, params.one("deferral_code"));
                var answer = ClientText.reason(params.optional("comment")).strip();
                if (!answer.isEmpty()) {
                    said(discussion.answer(id, client, answer));
                }
                if (nudges(params)) {
                    said(discussion.nudge(id, client));
                }
                return Reply.json(200, body(discussion.stands(id).orElseThrow(StatusEndpoint::unknown)))
                        .noStore();
            }
        });
    }

    private String id(String client, String key, String code) {
        var handle = handles.find(code).filter(it -> it.client().equals(client)).orElseThrow(StatusEndpoint::unknown);
        if (!handle.key().equals(key)) {
            throw Refusal.of(ErrorCode.INVALID_DPOP_PROOF, "this deferral code is bound to another key");
        }
        return handle.approvalId();
    }

    private static boolean nudges(Params params) {
        var text = params.optional("nudge");
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, "nudge is true or false");
        }
        return text.equals("true");
    }

    private static void said(Discussion.Result result) {
        switch (result) {
            case Discussion.Result.Done(), Discussion.Result.NotPending _ -> {} // the state says so
            case Discussion.Result.TooMany() ->
                throw Refusal.of(ErrorCode.INVALID_REQUEST, "a client may say " + Discussion.MOST + " things at most");
            case Discussion.Result.TooSoon(var from) ->
                throw Refusal.of(
                        ErrorCode.INVALID_REQUEST,
                        "those who decide may be reminded from " + from.truncatedTo(ChronoUnit.SECONDS) + " on");
            case Discussion.Result.Unknown(), Discussion.Result.NotYours _, Discussion.Result.Claimed _ ->
                throw unknown();
        }
    }

    private Map<String, Object> body(Discussion.Stands stands) {
        var approval = stands.approval();
        var body = new LinkedHashMap<String, Object>();
        body.put("id", approval.id());
        body.put("state", approval.state());
        body.put("created_at", approval.question().request().madeAt().toString());
        approval.deadline().ifPresent(it -> body.put("expires_at", it.toString()));
        body.put("stages", stands.places().stream().map(StatusEndpoint::stage).toList());
        if (approval instanceof Approval.Pending) {
            body.put("nudge_from", stands.nudge().next().toString());
            desk.usualWait(approval).ifPresent(it -> body.put("expected_wait", usual(it)));
        }
        body.put("asked", stands.hasQuestion());
        body.put(
                "comments",
                stands.comments().stream().map(StatusEndpoint::comment).toList());
        return body;
    }

    private static Map<String, Object> stage(Seen.Place it) {
        var stage = new LinkedHashMap<String, Object>();
        stage.put("group", it.group());
        stage.put("needed", it.needed());
        stage.put("votes", it.needed() - it.open());
        it.escalates()
                .ifPresent(to -> stage.put(
                        "escalates", Map.of("to", to.to(), "at", to.at().toString())));
        return stage;
    }

    private static Map<String, Object> usual(ExpectedWait it) {
        return Map.of("median", it.median().toSeconds(), "p95", it.slow().toSeconds(), "decided", it.decided());
    }

    private static Map<String, Object> comment(Comment it) {
        return Map.of(
                "side", it.side().word(), "comment", it.words(), "at", it.at().toString());
    }

    private static Refusal unknown() {
        return Refusal.of(ErrorCode.INVALID_GRANT, "no request of this client waits under this deferral code");
    }
}
