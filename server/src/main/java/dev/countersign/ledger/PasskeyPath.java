package dev.countersign.ledger;

import dev.countersign.oauth.Sha256;
import dev.countersign.passkey.CredentialKey;
import java.util.Base64;
import java.util.HexFormat;

/// How the URL ends by which a passkey is asked to be enrolled or removed. It has the passkey's hash, so that what was
/// agreed to is this key of this person and no other.
public final class PasskeyPath {
    private static final String PATH = "/api/v1/passkeys/";
    private static final int SHORT = 6;

    private PasskeyPath() {}

    /// The path of a passkey.
    ///
    /// @param credential its id
    /// @param origin the pages it was made for
    public static String of(String person, String credential, CredentialKey key, String origin) {
        return PATH + hash(person, credential, key, origin);
    }

    /// As much of the hash as two people compare.
    public static String fingerprint(String person, String credential, CredentialKey key, String origin) {
        return fingerprint(of(person, credential, key, origin));
    }

    private static String hash(String person, String credential, CredentialKey key, String origin) {
        return Sha256.ofAll(person, credential, Long.toString(key.algorithm().cose), key.spki(), origin);
    }

    /// Whether a URL is of a passkey.
    public static boolean is(String url) {
        return url.contains(PATH);
    }

    /// As much of the hash in such a URL as two people compare.
    public static String fingerprint(String url) {
        var hash = url.substring(url.indexOf(PATH) + PATH.length());
        try {
            var hex = HexFormat.of().formatHex(Base64.getUrlDecoder().decode(hash), 0, SHORT);
            return hex.substring(0, 4) + " " + hex.substring(4, 8) + " " + hex.substring(8);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return "none"; // a URL that nobody of ours made
        }
    }
}
