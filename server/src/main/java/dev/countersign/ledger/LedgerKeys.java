package dev.countersign.ledger;

import dev.countersign.store.KeyedHash;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.store.WrappedKey;
import dev.countersign.store.WrappedKeys;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/// The ledger's own keys, kept among the wrapped ones: what signs checkpoints, and what values are hashed with that
/// must be comparable but not guessable.
///
/// @param signers all that are active: while a key is being replaced, both sign
record LedgerKeys(List<NoteSigner> signers, KeyedHash hashing) {
    private static final String SIGNS = "ledger";
    private static final String HASHES = "ledger-hash";

    /// Finds the keys, or makes them where there are none yet.
    static LedgerKeys open(Store store, WrappedKeys keys, String origin) {
        return store.write(tx -> {
            if (keys.all(tx, SIGNS).isEmpty()) {
                generate(tx, keys, origin);
            }
            if (keys.all(tx, HASHES).isEmpty()) {
                var secret = new byte[32];
                new SecureRandom().nextBytes(secret);
                keys.add(tx, "ledger-hash-1", HASHES, "HmacSHA256", "", secret, tx.now());
            }
            return new LedgerKeys(signers(tx, keys), hashing(tx, keys));
        });
    }

    /// Lets the keys go and makes one under another name. Returns what the new one is known by.
    static String renew(Tx tx, WrappedKeys keys, String origin) {
        keys.all(tx, SIGNS).forEach(it -> keys.retire(tx, it.id(), tx.now()));
        return generate(tx, keys, origin);
    }

    private static String generate(Tx tx, WrappedKeys keys, String origin) {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var vkey = NoteKey.of(origin, pair.getPublic()).toString();
            keys.add(tx, vkey, SIGNS, "Ed25519", vkey, pair.getPrivate().getEncoded(), tx.now());
            return vkey;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /// All that ever signed, also those that were let go.
    static List<WrappedKey> all(Tx tx, WrappedKeys keys) {
        return keys.all(tx, SIGNS);
    }

    /// True while the store has all of these and none was let go, by whichever node's clock: what another would sign is
    /// of a ledger that has ended.
    boolean stand(Tx tx, WrappedKeys keys) {
        var standing = keys.all(tx, SIGNS).stream()
                .filter(it -> it.retiredAt().isEmpty())
                .map(WrappedKey::id)
                .toList();
        return publicKeys().stream().map(NoteKey::toString).allMatch(standing::contains);
    }

    private static List<NoteSigner> signers(Tx tx, WrappedKeys keys) {
        var signers = new ArrayList<NoteSigner>();
        for (var key : keys.all(tx, SIGNS)) {
            boolean active = !key.activeFrom().isAfter(tx.now())
                    && key.retiredAt().filter(at -> !at.isAfter(tx.now())).isEmpty();
            if (active) {
                var secret = keys.secret(tx, key.id()).orElseThrow();
                signers.add(signer(key.publicPart(), secret));
            }
        }
        if (signers.isEmpty()) {
            throw new IllegalStateException("all keys of the ledger are retired");
        }
        return List.copyOf(signers);
    }

    private static NoteSigner signer(String vkey, byte[] pkcs8) {
        try {
            var privateKey = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new NoteSigner(NoteKey.parse(vkey), privateKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("not a key of the ledger: " + vkey, e);
        }
    }

    private static KeyedHash hashing(Tx tx, WrappedKeys keys) {
        var latest = keys.all(tx, HASHES).getLast();
        return KeyedHash.of(keys.secret(tx, latest.id()).orElseThrow());
    }

    /// The name that all of them sign under: the ledger's.
    String origin() {
        return signers.getFirst().key().name();
    }

    List<NoteKey> publicKeys() {
        return signers.stream().map(NoteSigner::key).toList();
    }

    @Override
    public String toString() {
        return "keys of " + publicKeys();
    }
}
