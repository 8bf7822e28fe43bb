package dev.countersign.review;

import dev.countersign.approval.Freezes;
import dev.countersign.approval.InForce;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// `/api/v1/freezes`: the switch that stops a client, a resource or all minting at once.
final class FreezeApi {
    private static final String ALL = "*";

    private final Guard guard;
    private final Store store;
    private final Freezes freezes;
    private final Supplier<InForce> inForce;

    FreezeApi(Guard guard, Store store, Freezes freezes, Supplier<InForce> inForce) {
        this.guard = guard;
        this.store = store;
        this.freezes = freezes;
        this.inForce = inForce;
    }

    Reply list(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        return standing();
    }

    private Reply standing() {
        var standing = store.read(freezes::standing);
        return Page.of(standing.stream().map(FreezeApi::json).toList(), Optional.empty());
    }

    Reply set(Request request) {
        var caller = guard.caller(request, ApiScope.OPERATE);
        var body = Body.of(request, Set.of("kind", "target", "reason"));
        var kind = kind(body);
        var target = target(kind, body);
        if (kind == Freezes.Kind.CLIENT && !inForce.get().clients().containsKey(target)) {
            throw new Problem(404, "No such client", "there is no client " + target);
        }
        if (kind == Freezes.Kind.RESOURCE && !inForce.get().resources().containsKey(target)) {
            throw new Problem(404, "No such resource", "there is no resource " + target);
        }
        if (!freezes.set(kind, target, reason(body), actor(caller))) {
            throw new Problem(409, "Frozen already", "this is frozen already");
        }
        return standing();
    }

    Reply lift(Request request) {
        var caller = guard.caller(request, ApiScope.OPERATE);
        var body = Body.of(request, Set.of("kind", "target"));
        var kind = kind(body);
        if (!freezes.lift(kind, target(kind, body), actor(caller))) {
            throw new Problem(409, "Not frozen", "this is not frozen");
        }
        return standing();
    }

    private static Freezes.Kind kind(Body body) {
        return switch (body.text("kind")) {
            case "client" -> Freezes.Kind.CLIENT;
            case "resource" -> Freezes.Kind.RESOURCE;
            case "all" -> Freezes.Kind.ALL;
            default -> throw new Problem(400, "Unknown kind", "kind is client, resource or all");
        };
    }

    private static String target(Freezes.Kind kind, Body body) {
        return kind == Freezes.Kind.ALL ? ALL : body.text("target");
    }

    private static String reason(Body body) {
        try {
            var reason = ClientText.reason(body.text("reason"));
            if (reason.isEmpty()) {
                throw new Problem(400, "No reason", "say why: everybody is shown it");
            }
            return reason;
        } catch (Refusal e) {
            throw new Problem(
                    400, "Not a reason", "a reason is plain text of at most " + ClientText.REASON + " characters");
        }
    }

    private static Entry.Actor actor(Caller caller) {
        return new Entry.Actor("person", caller.person().id().value());
    }

    private static Map<String, Object> json(Freezes.Freeze it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("kind", it.kind().word());
        json.put("target", it.target());
        json.put("reason", it.reason());
        json.put("set_by", it.setBy());
        json.put("set_at", it.setAt().toString());
        return json;
    }
}
