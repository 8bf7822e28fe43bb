package dev.countersign.passkey;

import java.util.Arrays;
import java.util.Optional;

/// That a passkey signed something, WebAuthn §7.2. All of it in base64url, as browsers and the ledger have it.
///
/// @param credential the passkey's id
/// @param clientData what the browser says, to the byte
/// @param authenticatorData what the authenticator says, to the byte
/// @param signature over both
public record Assertion(String credential, String clientData, String authenticatorData, String signature) {

    /// Whether it is good.
    public sealed interface Checked {
        /// It is.
        ///
        /// @param count how often the passkey was used by now; 0 when it does not count
        record Good(long count) implements Checked {}

        /// It is not, and why, as the rest of a sentence.
        record Bad(String why) implements Checked {}
    }

    /// The challenge it says it answers; empty when it cannot be read.
    public Optional<String> challenge() {
        try {
            return Optional.of(ClientData.read(Base64Url.read(clientData)).challenge());
        } catch (Unreadable e) {
            return Optional.empty();
        }
    }

    /// Whether this passkey signed that challenge for that relying party, with somebody there who proved to be its
    /// holder.
    ///
    /// @param challenge in base64url
    /// @param count how often the passkey was used when it was last seen
    public Checked check(RelyingParty party, String challenge, CredentialKey key, long count) {
        try {
            var client = Base64Url.read(clientData);
            var said = Base64Url.read(authenticatorData);
            var data = AuthenticatorData.read(said);
            var against = ClientData.read(client)
                    .against(ClientData.GET, challenge, party)
                    .or(() -> data.against(party))
                    .or(() -> isBack(count, data.count())
                            ? Optional.of("its counter went back: there may be a copy of the passkey")
                            : Optional.empty());
            if (against.isPresent()) {
                return new Checked.Bad(against.get());
            }
            // Steps 19 and 20.
            var signed = Arrays.copyOf(said, said.length + 32);
            System.arraycopy(AuthenticatorData.sha256(client), 0, signed, said.length, 32);
            return key.signed(signed, Base64Url.read(signature))
                    ? new Checked.Good(data.count())
                    : new Checked.Bad("its passkey did not sign this");
        } catch (Unreadable e) {
            return new Checked.Bad(e.why());
        }
    }

    /// Step 22: a counter goes up, unless there is none on either side.
    private static boolean isBack(long was, long now) {
        return (was != 0 || now != 0) && now <= was;
    }
}
