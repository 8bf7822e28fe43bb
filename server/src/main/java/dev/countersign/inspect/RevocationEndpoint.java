package dev.countersign.inspect;

import dev.countersign.approval.InForce;
import dev.countersign.approval.Panel;
import dev.countersign.client.Clients;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.issued.Handles;
import dev.countersign.issued.Revocations;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.mint.Keys;
import dev.countersign.oauth.DpopProofs;
import dev.countersign.oauth.Edge;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import dev.countersign.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// POST /revoke, RFC 7009: ends an access token of the client's own, or cancels a request that waits when the token is
/// its deferral code (Deferred Token Response §2.6). The end of a token is the end of the approval behind it, when that
/// would give more tokens. Whatever else comes is answered 200 and changes nothing.
public final class RevocationEndpoint {
    private final Edge edge;
    private final Clients clients;
    private final DpopProofs proofs;
    private final Handles handles;
    private final Panel panel;
    private final Keys keys;
    private final Revocations revocations;
    private final Store store;
    private final Ledger ledger;
    private final Supplier<InForce> inForce;

    public RevocationEndpoint(
            Edge edge,
            Clients clients,
            DpopProofs proofs,
            Handles handles,
            Panel panel,
            Keys keys,
            Revocations revocations,
            Store store,
            Ledger ledger,
            Supplier<InForce> inForce) {
        this.edge = edge;
        this.clients = clients;
        this.proofs = proofs;
        this.handles = handles;
        this.panel = panel;
        this.keys = keys;
        this.revocations = revocations;
        this.store = store;
        this.ledger = ledger;
        this.inForce = inForce;
    }

    public Reply revoke(Request request) {
        return edge.answer(request, () -> {
            var params = Params.of(request);
            try (var caller = clients.authenticate(inForce.get().clients(), request, params)) {
                revoke(
                        caller.client.id(),
                        proofs.verify(request).map(it -> it.jkt).orElse(""),
                        params.one("token"));
            }
            return Reply.empty(200).noStore();
        });
    }

    /// §2.1: the hint only says where to look first, so both are looked at whatever it says.
    private void revoke(String client, String key, String token) {
        var handle = handles.find(token).filter(it -> it.client().equals(client));
        var claims = keys.claims(token).filter(it -> client.equals(it.get("client_id")));
        if (handle.isPresent()) {
            cancel(client, handle.get(), key);
        } else if (claims.isPresent()) {
            end(client, claims.get());
        }
    }

    private void cancel(String client, Handles.Handle handle, String key) {
        if (!handle.key().equals(key)) {
            throw Refusal.of(ErrorCode.INVALID_DPOP_PROOF, "this deferral code is bound to another key");
        }
        panel.cancel(handle.approvalId(), new Entry.Actor("client", client));
    }

    private void end(String client, Map<String, Object> claims) {
        var tokenId = String.valueOf(claims.get("jti"));
        var expiresAt = Instant.ofEpochSecond(((Number) claims.getOrDefault("exp", 0L)).longValue());
        store.write(tx -> {
            boolean first = tx.now().isBefore(expiresAt) && revocations.add(tx, tokenId, expiresAt);
            if (first) {
                ledger.append(
                        tx,
                        new Entry(
                                Code.TOKEN_REVOKED,
                                tx.now(),
                                new Entry.Actor("client", client),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Map.of(Member.JTI, tokenId, Member.BY, "client"),
                                List.of()));
            }
            return first;
        });
        if (claims.get("approval") instanceof Map<?, ?> approval) {
            panel.giveBack(String.valueOf(approval.get("id")), new Entry.Actor("client", client));
        }
    }
}
