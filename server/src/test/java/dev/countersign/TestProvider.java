package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import dev.countersign.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// An OpenID provider on loopback. It holds clients to the standards, reads what they send with another library
/// than the server has, and lies when a test wants that.
public final class TestProvider implements AutoCloseable {
    public static final String CLIENT = "countersign";
    public static final String SECRET = "a secret for tests, & more";

    public final TestPeer peer;
    private final InstantSource clock;
    private final Map<String, Asked> codes = new ConcurrentHashMap<>();
    private final AtomicInteger keysAsked = new AtomicInteger();
    private volatile ECKey key = key("k1");
    private volatile List<ECKey> shown = List.of(key);
    private volatile boolean saysIssuer = true;
    private volatile Consumer<JWTClaimsSet.Builder> lie = _ -> {};
    private volatile Function<JWTClaimsSet, String> sign = this::signed;

    /// What somebody was sent here with, and who they are.
    private record Asked(AuthenticationRequest request, Map<String, Object> person) {}

    public TestProvider(InstantSource clock) {
        this.clock = clock;
        this.peer = new TestPeer(TestPeer.status(500, ""));
        peer.says(this::answer);
    }

    public String issuer() {
        return peer.url("/idp");
    }

    public static ECKey key(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(kid)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /// From now on says something else than is true.
    public void lies(Consumer<JWTClaimsSet.Builder> lie) {
        this.lie = lie;
    }

    /// From now on signs otherwise.
    public void signs(Function<JWTClaimsSet, String> sign) {
        this.sign = sign;
    }

    /// Tells the truth again.
    public void honest() {
        lie = _ -> {};
        sign = this::signed;
    }

    public void saysIssuer(boolean says) {
        saysIssuer = says;
    }

    /// From now on signs with another key, and shows it or does not.
    public void rotate(boolean show) {
        key = key(UUID.randomUUID().toString());
        if (show) {
            shown = List.of(key);
        }
    }

    public ECKey key() {
        return key;
    }

    public int keysAsked() {
        return keysAsked.get();
    }

    public String signed(JWTClaimsSet claims) {
        return signed(claims, new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()), key);
    }

    /// Of another type, such as `logout+jwt`.
    public String signed(JWTClaimsSet claims, String type) {
        return signed(
                claims,
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).type(new JOSEObjectType(type)),
                key);
    }

    public static String signed(JWTClaimsSet claims, JWSHeader.Builder header, ECKey by) {
        try {
            var jwt = new SignedJWT(header.build(), claims);
            jwt.sign(new ECDSASigner(by));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /// Somebody who comes here signs in; where the browser goes then.
    public URI signIn(URI asked, String subject, Object groups) {
        var person = new HashMap<String, Object>();
        person.put("sub", subject);
        person.put("name", "Person " + subject);
        person.put("preferred_username", "user-" + subject);
        if (!groups.equals("")) {
            person.put("groups", groups);
        }
        return signIn(asked, person);
    }

    public URI signIn(URI asked, Map<String, Object> person) {
        try {
            var request = AuthenticationRequest.parse(asked);
            if (!request.getClientID().getValue().equals(CLIENT)
                    || !CodeChallengeMethod.S256.equals(request.getCodeChallengeMethod())
                    || request.getNonce() == null
                    || request.getNonce().getValue().length() < 20
                    || request.getState() == null
                    || request.getState().getValue().length() < 20
                    || !request.getScope().contains("openid")) {
                throw new AssertionError("not a request as it should be: " + asked);
            }
            var code = UUID.randomUUID().toString();
            codes.put(code, new Asked(request, person));
            return back(request, "code", code);
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    /// Somebody who comes here does not sign in.
    public URI refuse(URI asked) {
        try {
            return back(AuthenticationRequest.parse(asked), "error", "access_denied");
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    private URI back(AuthenticationRequest request, String name, String value) {
        return URI.create(request.getRedirectionURI() + "?" + name + "=" + value + "&state="
                + request.getState().getValue()
                + (saysIssuer ? "&iss=" + URLEncoder.encode(issuer(), UTF_8) : ""));
    }

    private void answer(String request, OutputStream out) throws IOException, InterruptedException {
        var line = request.substring(0, request.indexOf("\r\n"));
        if (line.startsWith("GET /idp/.well-known/openid-configuration ")) {
            TestPeer.json(Json.write(Map.of(
                            "issuer", issuer(),
                            "authorization_endpoint", peer.url("/idp/authorize?tenant=1"),
                            "token_endpoint", peer.url("/idp/token"),
                            "jwks_uri", peer.url("/idp/keys"),
                            "authorization_response_iss_parameter_supported", saysIssuer)))
                    .to(request, out);
        } else if (line.startsWith("GET /idp/keys ")) {
            keysAsked.incrementAndGet();
            TestPeer.json(new JWKSet(shown.stream()
                                    .map(it -> (com.nimbusds.jose.jwk.JWK) it.toPublicJWK())
                                    .toList())
                            .toString())
                    .to(request, out);
        } else if (line.startsWith("POST /idp/token ")) {
            token(request).to(request, out);
        } else {
            TestPeer.status(404, "{}").to(request, out);
        }
    }

    private TestPeer.Says token(String request) {
        var basic = Base64.getEncoder()
                .encodeToString(
                        (URLEncoder.encode(CLIENT, UTF_8) + ":" + URLEncoder.encode(SECRET, UTF_8)).getBytes(UTF_8));
        if (!request.contains("Authorization: Basic " + basic + "\r\n")) {
            return TestPeer.status(401, "{\"error\":\"invalid_client\"}");
        }
        var form = form(request.substring(request.indexOf("\r\n\r\n") + 4));
        var asked = codes.remove(form.getOrDefault("code", ""));
        if (asked == null
                || !asked.request().getRedirectionURI().toString().equals(form.get("redirect_uri"))
                || !CodeChallenge.compute(
                                CodeChallengeMethod.S256, new CodeVerifier(form.getOrDefault("code_verifier", "")))
                        .equals(asked.request().getCodeChallenge())) {
            return TestPeer.status(400, "{\"error\":\"invalid_grant\"}");
        }
        return TestPeer.json(Json.write(
                Map.of("access_token", "unused", "token_type", "Bearer", "id_token", sign.apply(claims(asked)))));
    }

    private JWTClaimsSet claims(Asked asked) {
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("nonce", asked.request().getNonce().getValue());
        asked.person().forEach(claims::claim);
        lie.accept(claims);
        return claims.build();
    }

    /// As seconds, for claims that are times.
    public static long seconds(Instant at) {
        return at.getEpochSecond();
    }

    private static Map<String, String> form(String body) {
        return List.of(body.split("&", -1)).stream()
                .map(it -> it.split("=", 2))
                .filter(it -> it.length == 2)
                .collect(
                        Collectors.toMap(it -> URLDecoder.decode(it[0], UTF_8), it -> URLDecoder.decode(it[1], UTF_8)));
    }

    @Override
    public void close() {
        peer.close();
    }
}
