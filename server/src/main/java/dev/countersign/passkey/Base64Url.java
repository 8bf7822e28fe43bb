package dev.countersign.passkey;

import java.util.Base64;

/// Bytes as they stand in JSON and in the ledger: base64url without padding, in one spelling.
final class Base64Url {
    private Base64Url() {}

    static String write(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] read(String text) throws Unreadable {
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            if (write(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new Unreadable("it is not base64url");
        }
        throw new Unreadable("it is not base64url as everybody writes it");
    }
}
