package dev.countersign.review;

import dev.countersign.approval.Attesting;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.ApiScope;
import java.util.Map;
import java.util.Set;

/// `/api/v1/clients/{id}/attestations`: that a client which was not used for long is still needed.
public final class AttestationApi {
    private final Guard guard;
    private final Attesting attesting;
    private final Ledger ledger;

    public AttestationApi(Guard guard, Attesting attesting, Ledger ledger) {
        this.guard = guard;
        this.attesting = attesting;
        this.ledger = ledger;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.post("/api/v1/clients/{id}/attestations", Api.answered(this::propose));
    }

    private Reply propose(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var body = Body.of(request, Set.of("reason", "ticket"));
        var id = request.pathParam("id");
        var asker = Askers.of(request, caller, body, ledger);
        if (asker.reason().isBlank()) {
            throw new Problem(400, "No reason", "say why it is still needed: whoever has to agree reads it");
        }
        return switch (attesting.propose(id, asker)) {
            case Attesting.Result.Asked(var asked, var group) ->
                Reply.json(202, Map.of("client", id, "state", "pending", "request", asked, "group", group))
                        .noStore();
            case Attesting.Result.Unknown() -> throw new Problem(404, "No such client", "there is no client " + id);
            case Attesting.Result.NotOwner(var owner) ->
                throw new Problem(
                        403, "Not its owner", "members of " + owner + ", which owns the client, may attest it");
            case Attesting.Result.Pointless(var said) -> throw new Problem(409, "Nothing to propose", said);
            case Attesting.Result.Refused(var said) -> throw new Problem(403, "Refused", said);
        };
    }
}
