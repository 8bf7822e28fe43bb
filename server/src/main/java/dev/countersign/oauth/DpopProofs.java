package dev.countersign.oauth;

import com.nimbusds.jose.JWSAlgorithm;
import dev.countersign.http.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks DPoP proofs, RFC 9449 §4.3, at endpoints where no access token is presented.
public final class DpopProofs {
    /// What a proof may be signed with; `dpop_signing_alg_values_supported`, §5.1.
    public static final List<String> ALGORITHMS = List.of("ES256", "PS256");

    private static final Set<JWSAlgorithm> ACCEPTED = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.PS256);

    /// How old a proof may be, and how far its maker's clock may be ahead of ours.
    private static final Duration OLD = Duration.ofSeconds(60);

    private static final Duration AHEAD = Duration.ofSeconds(10);

    private static final int LONGEST_ID = 256;

    private final SingleUse memory;
    private final InstantSource clock;
    private final @Nullable Provider provider;

    /// A check for all endpoints.
    ///
    /// @param memory where proofs are spent
    /// @param provider checks the signatures; null for the JDK's choice
    public DpopProofs(SingleUse memory, InstantSource clock, @Nullable Provider provider) {
        this.memory = memory;
        this.clock = clock;
        this.provider = provider;
    }

    /// The key that the request proves, or empty when it carries no proof. Spends the proof.
    ///
    /// @throws Refusal `invalid_dpop_proof`
    public Optional<DpopProof> verify(Request request) {
        var proofs = request.headers("DPoP");
        if (proofs.size() > 1) { // §4.3 1
            throw refusal("there is more than one DPoP header");
        }
        return proofs.isEmpty()
                ? Optional.empty()
                : Optional.of(verify(proofs.getFirst(), request.method(), request.url()));
    }

    /// @param url this request's URL as clients know it, without query
    DpopProof verify(String proof, String method, String url) {
        try {
            var jws = Jws.read(proof, ACCEPTED, Set.of("dpop+jwt")); // §4.3 2, 4, 5
            var key = signer(jws);
            if (!jws.text("htm").equals(method)) { // §4.3 8
                throw new Jws.Fault("its htm is not this request's method");
            }
            var target = normal(url);
            if (!normal(jws.text("htu")).equals(target)) { // §4.3 9
                throw new Jws.Fault("its htu is not this request's URL");
            }
            spend(jws, key, target);
            return new DpopProof(key.thumbprint);
        } catch (Jws.Fault fault) {
            throw refusal(fault.said());
        }
    }

    /// §4.3 6 and 7. That the key has no private part is seen to by Nimbus when it reads the header.
    private SignatureKey signer(Jws jws) throws Jws.Fault {
        var jwk = jws.header.getJWK();
        if (jwk == null) {
            throw new Jws.Fault("its header has no jwk");
        }
        var key = SignatureKey.of(jwk, provider);
        if (!key.signed(jws)) {
            throw new Jws.Fault("its signature is not by its jwk");
        }
        return key;
    }

    /// §4.3 11 and §11.1: recent, and never seen before with this key and target.
    private void spend(Jws jws, SignatureKey key, String target) throws Jws.Fault {
        var madeAt = jws.time("iat").orElseThrow(() -> new Jws.Fault("its iat is missing"));
        var now = clock.instant();
        if (madeAt.isBefore(now.minus(OLD)) || madeAt.isAfter(now.plus(AHEAD))) {
            throw new Jws.Fault("its iat is not now; this server's time is " + now.getEpochSecond());
        }
        var id = jws.text("jti");
        if (id.length() > LONGEST_ID) {
            throw new Jws.Fault("its jti is longer than " + LONGEST_ID + " characters");
        }
        // Kept a second longer than the proof is good, so that no instant is in neither.
        if (!memory.spend(
                "dpop",
                Sha256.ofAll(key.thumbprint, target, id),
                madeAt.plus(OLD).plusSeconds(1))) {
            throw new Jws.Fault("it was used before");
        }
    }

    /// RFC 3986 §6.2.2 and §6.2.3: scheme and host in lower case, no default port, `/` for no path; without query and
    /// fragment, which §4.3 9 leaves out of the comparison.
    private static String normal(String url) throws Jws.Fault {
        try {
            var uri = new URI(url);
            if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
                throw new Jws.Fault("its htu is not an absolute URL");
            }
            var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            int usual = scheme.equals("https") ? 443 : 80;
            var port = uri.getPort() == -1 || uri.getPort() == usual ? "" : ":" + uri.getPort();
            var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path;
        } catch (URISyntaxException fault) {
            throw new Jws.Fault("its htu is not an absolute URL");
        }
    }

    private static Refusal refusal(String said) {
        return Refusal.of(ErrorCode.INVALID_DPOP_PROOF, Refusal.sayable("DPoP proof: " + said));
    }
}
