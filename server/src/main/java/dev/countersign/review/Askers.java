package dev.countersign.review;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Asker;
import dev.countersign.http.Request;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.Caller;

/// Who asks by a call of the API, from where, and why.
public final class Askers {
    private Askers() {}

    /// That person.
    ///
    /// @param body has `reason` and `ticket`, or not
    /// @throws Problem when they are not what people may be shown
    public static Asker of(Request request, Caller caller, Body body, Ledger ledger) {
        var origin = switch (caller.how()) {
            case Caller.How.ByToken(var token) -> AccessRequest.Origin.of("api_token", token, request, ledger);
            case Caller.How.BySession _ -> AccessRequest.Origin.of("session", "session", request, ledger);
        };
        try {
            return new Asker(
                    caller.person().id(),
                    origin,
                    ClientText.reason(body.textOr("reason", "")),
                    ClientText.ticket(body.textOr("ticket", "")));
        } catch (Refusal e) {
            throw new Problem(400, "Not a reason or a ticket", e.said);
        }
    }
}
