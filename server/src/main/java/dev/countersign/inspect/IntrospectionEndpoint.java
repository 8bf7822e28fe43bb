package dev.countersign.inspect;

import dev.countersign.approval.InForce;
import dev.countersign.client.Clients;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.issued.Revocations;
import dev.countersign.mint.Keys;
import dev.countersign.oauth.Edge;
import dev.countersign.oauth.Params;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// POST /introspect, RFC 7662. Only a client that the token's resource names as its introspector, and the client the
/// token was given to, learn anything of it; for anybody else, and for deferral codes, it is inactive. That an API asks
/// is how it is seen that a token is used.
public final class IntrospectionEndpoint {
    private static final Map<String, Object> INACTIVE = Map.of("active", false);
    private static final List<String> CLAIMS = List.of(
            "scope", "client_id", "exp", "iat", "sub", "aud", "iss", "jti", "cnf", "authorization_details", "approval");

    private final Edge edge;
    private final Clients clients;
    private final Keys keys;
    private final Revocations revocations;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;
    private final FirstUses uses;

    public IntrospectionEndpoint(
            Edge edge,
            Clients clients,
            Keys keys,
            Revocations revocations,
            Supplier<InForce> inForce,
            InstantSource clock,
            FirstUses uses) {
        this.edge = edge;
        this.clients = clients;
        this.keys = keys;
        this.revocations = revocations;
        this.inForce = inForce;
        this.clock = clock;
        this.uses = uses;
    }

    public Reply introspect(Request request) {
        return edge.answer(request, () -> {
            var params = Params.of(request);
            var now = inForce.get();
            try (var caller = clients.authenticate(now.clients(), request, params)) {
                var good = keys.claims(params.one("token"))
                        .filter(claims -> maySee(now, caller.client.id(), claims))
                        .filter(this::isAlive);
                // That a client looks at its own token is no use of it.
                good.filter(claims -> !caller.client.id().equals(claims.get("client_id")))
                        .ifPresent(claims -> uses.seen(caller.client.id(), claims));
                return Reply.json(200, good.map(IntrospectionEndpoint::active).orElse(INACTIVE))
                        .noStore();
            }
        });
    }

    private static boolean maySee(InForce now, String caller, Map<String, Object> claims) {
        var resource = Optional.ofNullable(now.resources().get(String.valueOf(claims.get("aud"))));
        return caller.equals(claims.get("client_id"))
                || resource.filter(it -> it.introspectedBy().contains(caller)).isPresent();
    }

    private boolean isAlive(Map<String, Object> claims) {
        return claims.get("exp") instanceof Number exp
                && clock.instant().getEpochSecond() < exp.longValue()
                && !revocations.contains(String.valueOf(claims.get("jti")));
    }

    private static Map<String, Object> active(Map<String, Object> claims) {
        var body = new LinkedHashMap<String, Object>();
        body.put("active", true);
        body.put("token_type", claims.containsKey("cnf") ? "DPoP" : "Bearer");
        for (var name : CLAIMS) {
            if (claims.containsKey(name)) {
                body.put(name, claims.get(name));
            }
        }
        return body;
    }
}
