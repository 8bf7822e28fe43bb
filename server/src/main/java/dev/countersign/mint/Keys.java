package dev.countersign.mint;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.Sha256;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.store.WrappedKey;
import dev.countersign.store.WrappedKeys;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys that sign tokens, wrapped in the store.
///
/// A new key is shown in JWKS before it signs, so that resource servers that cache the set know it by then; the old one
/// stays there until the last token that it signed is over. Each creation and retirement is in the ledger before the
/// key is used: a token signed by a key that is not there is itself evidence.
public final class Keys {
    /// How long a new key is shown before it signs.
    public static final Duration AHEAD = Duration.ofMinutes(10);

    /// How long an old key is shown after it stopped to sign: longer than any token lives.
    static final Duration OVERLAP = Duration.ofHours(24);

    private static final String KIND = "token";

    private record Active(Signer signer, WrappedKey row) {}

    private final Store store;
    private final WrappedKeys wrapped;
    private final Ledger ledger;
    private final InstantSource clock;
    private volatile List<Active> all = List.of();

    /// Tokens whose signature was found good, by the SHA-256 of all of their text: an API asks about the same one again
    /// and again. What may change, such as whether it was revoked, is not in a token.
    private final Cache<String, Signed> signed = Caffeine.newBuilder()
            .maximumSize(4_096)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();

    private record Signed(Signer by, Map<String, Object> claims) {}

    private Keys(Store store, WrappedKeys wrapped, Ledger ledger, InstantSource clock) {
        this.store = store;
        this.wrapped = wrapped;
        this.ledger = ledger;
        this.clock = clock;
    }

    /// Reads the keys; makes the first one when there is none.
    public static Keys open(Store store, WrappedKeys wrapped, Ledger ledger, InstantSource clock, Entry.Actor by) {
        var keys = new Keys(store, wrapped, ledger, clock);
        keys.refresh();
        if (keys.all.isEmpty()) {
            keys.rotate(Duration.ZERO, by);
        }
        return keys;
    }

    /// Reads what another process changed. Called about once a second.
    public void refresh() {
        all = store.read(tx -> wrapped.all(tx, KIND).stream()
                .map(row -> new Active(signer(tx, row), row))
                .toList());
    }

    private Signer signer(Tx tx, WrappedKey row) {
        return all.stream()
                .filter(it -> it.row().id().equals(row.id()))
                .findFirst()
                .map(Active::signer)
                .orElseGet(() -> Signer.of(
                        Signer.parse(new String(wrapped.secret(tx, row.id()).orElseThrow(), StandardCharsets.UTF_8))));
    }

    /// Makes a new key that signs from `ahead` on and lets the others go. Returns its key id.
    public String rotate(Duration ahead, Entry.Actor by) {
        try {
            var key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
            store.write(tx -> {
                var from = tx.now().plus(ahead);
                for (var old : wrapped.all(tx, KIND)) {
                    if (old.retiredAt().isEmpty()) {
                        wrapped.retire(tx, old.id(), from.plus(OVERLAP));
                        ledger.append(tx, entry(Code.KEY_RETIRED, old.id(), from.plus(OVERLAP), tx.now(), by));
                    }
                }
                wrapped.add(
                        tx,
                        key.getKeyID(),
                        KIND,
                        "ES256",
                        key.toPublicJWK().toJSONString(),
                        key.toJSONString().getBytes(StandardCharsets.UTF_8),
                        from);
                Failpoint.pass("rotate.added");
                ledger.append(tx, entry(Code.KEY_CREATED, key.getKeyID(), from, tx.now(), by));
                return key.getKeyID();
            });
            Failpoint.pass("rotate.kept");
            refresh();
            return key.getKeyID();
        } catch (JOSEException e) {
            throw new IllegalStateException("no P-256 key could be made", e);
        }
    }

    /// Rotates when the key that signs, or is about to, is older than `every`.
    public void rotateWhenDue(Duration every) {
        var newest = all.stream().map(it -> it.row().createdAt()).max(Comparator.naturalOrder());
        if (newest.isPresent() && newest.get().plus(every).isBefore(clock.instant())) {
            rotate(AHEAD, new Entry.Actor("system", "rotation"));
        }
    }

    private static Entry entry(Code code, String keyId, Instant from, Instant at, Entry.Actor by) {
        return new Entry(
                code,
                at,
                by,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of("kind", KIND, "kid", keyId, "alg", "ES256", "from", from.toEpochMilli()),
                List.of());
    }

    /// The key that signs now.
    Signer current() {
        var now = clock.instant();
        return all.stream()
                .filter(it -> !it.row().activeFrom().isAfter(now))
                .max(Comparator.comparing(it -> it.row().activeFrom()))
                .orElseThrow(() -> new IllegalStateException("no token signing key is active"))
                .signer();
    }

    /// The rows of all keys, for people.
    public List<WrappedKey> list() {
        return all.stream().map(Active::row).toList();
    }

    /// The public keys, RFC 7517: those that sign, will sign, or signed tokens that may still live.
    public JWKSet jwks() {
        var now = clock.instant();
        return new JWKSet(all.stream()
                .filter(it ->
                        it.row().retiredAt().filter(end -> !now.isBefore(end)).isEmpty())
                .<JWK>map(it -> it.signer().publicKey())
                .toList());
    }

    /// The claims of an access token of ours; empty for anything else. Whether it has expired is for the caller.
    public Optional<Map<String, Object>> claims(String compact) {
        var hash = Sha256.base64url(compact);
        var known = Optional.ofNullable(signed.getIfPresent(hash)).filter(it -> isThere(it.by()));
        return known.or(() -> {
                    var found = verified(compact);
                    found.ifPresent(it -> signed.put(hash, it));
                    return found;
                })
                .map(Signed::claims);
    }

    /// A key that was taken out is no longer asked, whatever it was found to have signed.
    private boolean isThere(Signer signer) {
        return all.stream().anyMatch(it -> it.signer() == signer);
    }

    private Optional<Signed> verified(String compact) {
        try {
            var jws = JWSObject.parse(compact);
            return all.stream()
                    .map(Active::signer)
                    .filter(it -> it.keyId().equals(jws.getHeader().getKeyID()))
                    .filter(it -> it.signed(jws))
                    .findFirst()
                    .map(it -> new Signed(
                            it, Collections.unmodifiableMap(jws.getPayload().toJSONObject())));
        } catch (ParseException notAJws) {
            return Optional.empty();
        }
    }
}
