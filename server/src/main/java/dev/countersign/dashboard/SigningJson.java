package dev.countersign.dashboard;

import dev.countersign.approval.Signatures;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.http.Reply;
import dev.countersign.passkey.Assertion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What goes between the page and the browser's passkeys: what is to be signed, and the signature.
final class SigningJson {
    /// As long as somebody may look for their passkey, in milliseconds.
    static final long PATIENCE = 240_000;

    private SigningJson() {}

    /// What a word would be signed as; or why it cannot be, for the reviewer to read.
    static Reply of(Signatures.Offer offer) {
        return switch (offer) {
            case Signatures.Offer.Ready it -> {
                var json = new LinkedHashMap<String, Object>();
                json.put("shown", it.shown());
                json.put("challenge", it.challenge());
                json.put("credentials", it.credentials());
                json.put("party", it.party().id());
                json.put("patience", PATIENCE);
                yield Reply.json(200, json).noStore();
            }
            case Signatures.Offer.Unknown() -> no(404, "There is no such request.");
            case Signatures.Offer.NotPending(var now) ->
                no(409, "Your vote was not needed any more. " + Wording.headline(now) + ".");
            case Signatures.Offer.Over(var state) -> no(409, "It is " + state.word() + " already.");
            case Signatures.Offer.NoPasskey() ->
                Reply.json(409, Map.of("said", VoteWords.NO_PASSKEY, "link", "/account/passkeys"))
                        .noStore();
        };
    }

    static Reply no(int status, String said) {
        return Reply.json(status, Map.of("said", said)).noStore();
    }

    /// The signature that a form carries; empty when it has none.
    static Optional<Assertion> signature(Visit visit) {
        var signature = visit.form("signature");
        return signature.isEmpty()
                ? Optional.empty()
                : Optional.of(new Assertion(
                        visit.form("credential"),
                        visit.form("client_data"),
                        visit.form("authenticator_data"),
                        signature));
    }
}
