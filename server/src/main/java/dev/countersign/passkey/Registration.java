package dev.countersign.passkey;

import java.util.Optional;

/// That an authenticator made a passkey, WebAuthn §7.1. Attestation is not asked for: who vouches for a new passkey are
/// people, not its maker.
///
/// @param clientData what the browser says, in base64url
/// @param attestation the attestation object, in base64url
public record Registration(String clientData, String attestation) {

    /// What came of it.
    public sealed interface Checked {
        /// There is a new passkey.
        ///
        /// @param credential its id, in base64url
        /// @param count how often it was used
        record Good(String credential, CredentialKey key, long count) implements Checked {}

        /// There is none, and why, as the rest of a sentence.
        record Bad(String why) implements Checked {}
    }

    /// The challenge it says it answers; empty when it cannot be read.
    public Optional<String> challenge() {
        return new Assertion("", clientData, "", "").challenge();
    }

    /// Whether it made one for that relying party, with somebody there who proved to be its holder.
    public Checked check(RelyingParty party, String challenge) {
        try {
            if (!(Cbor.map(Base64Url.read(attestation)).get("authData") instanceof byte[] said)) {
                throw new Unreadable("the authenticator says nothing");
            }
            var data = AuthenticatorData.read(said);
            var against = ClientData.read(Base64Url.read(clientData))
                    .against(ClientData.CREATE, challenge, party)
                    .or(() -> data.against(party));
            if (against.isPresent()) {
                return new Checked.Bad(against.get());
            }
            var made = data.made().orElseThrow(() -> new Unreadable("the authenticator made no passkey"));
            return new Checked.Good(made.id(), made.key(), data.count());
        } catch (Unreadable e) {
            return new Checked.Bad(e.why());
        }
    }
}
