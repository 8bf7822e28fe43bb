package dev.countersign.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/// The private half of a [NoteKey].
record NoteSigner(NoteKey key, PrivateKey privateKey) {
    /// The signature line for a note's text, C2SP signed-note: em dash, name, base64 of key id and signature.
    /// Ed25519 is deterministic, so that signing the same text again after a crash says nothing new.
    String line(String text) {
        try {
            var ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(privateKey);
            ed25519.update(text.getBytes(StandardCharsets.UTF_8));
            var signed = new ByteArrayOutputStream();
            signed.writeBytes(key.id());
            signed.writeBytes(ed25519.sign());
            return "— " + key.name() + " " + Base64.getEncoder().encodeToString(signed.toByteArray()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the ledger's key cannot sign", e);
        }
    }

    @Override
    public String toString() {
        return "signer of " + key;
    }
}
