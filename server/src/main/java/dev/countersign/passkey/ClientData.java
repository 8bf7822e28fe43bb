package dev.countersign.passkey;

import dev.countersign.http.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the browser says it was asked for and by which page, WebAuthn §5.8.1. The authenticator signs its hash.
///
/// @param challenge in base64url
/// @param framed whether it was asked within a page of another origin
record ClientData(String type, String challenge, String origin, boolean framed) {
    static final String CREATE = "webauthn.create";
    static final String GET = "webauthn.get";

    /// Names that we do not know are left alone: §5.8.1 says there will be more.
    static ClientData read(byte[] bytes) throws Unreadable {
        JsonNode json;
        try {
            json = Json.read(bytes);
        } catch (Json.Malformed e) {
            throw new Unreadable("what the browser says is " + e.getMessage());
        }
        return new ClientData(
                json.path("type").stringValue(""),
                json.path("challenge").stringValue(""),
                json.path("origin").stringValue(""),
                json.path("crossOrigin").booleanValue(false)
                        || !json.path("topOrigin").isMissingNode());
    }

    /// Why it does not answer that challenge at that place; empty when it does. §7.1 steps 7 to 10, §7.2 steps 11 to
    /// 14.
    Optional<String> against(String type, String challenge, RelyingParty party) {
        if (!this.type.equals(type)) {
            return Optional.of("it answers another question than this");
        }
        if (!this.challenge.equals(challenge)) {
            return Optional.of("it signs something else than what was shown");
        }
        if (!origin.equals(party.origin())) {
            return Optional.of("it was made on a page of another origin than " + party.origin());
        }
        return framed ? Optional.of("it was made within a page of another origin") : Optional.empty();
    }
}
