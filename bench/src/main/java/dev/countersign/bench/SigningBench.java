package dev.countersign.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.countersign.mint.NativeCrypto;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What an ES256 token costs, by the provider of the signature.
@State(Scope.Benchmark)
public class SigningBench {
    private static final byte[] CLAIMS = """
            {"iss":"https://auth.example.com","sub":"order-bot","aud":"https://orders.example.com","client_id":"order-bot",\
            "iat":1780308000,"exp":1780308060,"jti":"0198a6f2-6c1e-7b3a-9c55-0f2a7d1e4b90","scope":"orders:read",\
            "approval":{"id":"0198a6f2-6c1e-7b3a-9c55-0f2a7d1e4b91","until":1780308060,\
            "entry":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU","by":"policy","votes":0,"signed":false}}""".getBytes(StandardCharsets.UTF_8);

    /// Whose signature it is.
    @Param({"native", "jdk"})
    public String provider = "jdk";

    private final JWSHeader header = new JWSHeader(JWSAlgorithm.ES256);
    private @Nullable ECDSASigner signer;

    /// Makes a key, translated for the provider once, as the server does.
    @Setup
    public void key() throws JOSEException, GeneralSecurityException {
        var key = new ECKeyGenerator(Curve.P_256).generate();
        if (provider.equals("jdk")) {
            signer = new ECDSASigner(key);
            return;
        }
        var crypto = NativeCrypto.provider().orElseThrow();
        var encoded = new PKCS8EncodedKeySpec(key.toECPrivateKey().getEncoded());
        var translated = (ECPrivateKey) KeyFactory.getInstance("EC", crypto).generatePrivate(encoded);
        var made = new ECDSASigner(translated, Curve.P_256);
        made.getJCAContext().setProvider(crypto);
        signer = made;
    }

    /// One token.
    @Benchmark
    public String sign() throws JOSEException {
        var jws = new JWSObject(header, new Payload(CLAIMS));
        jws.sign(signer);
        return jws.serialize();
    }
}
