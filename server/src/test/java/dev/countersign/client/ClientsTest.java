package dev.countersign.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.client.Client.Authentication;
import dev.countersign.client.Client.Method;
import dev.countersign.client.Client.SecretHash;
import dev.countersign.http.HttpServer;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Routes;
import dev.countersign.oauth.Edge;
import dev.countersign.oauth.Params;
import dev.countersign.store.SingleUses;
import dev.countersign.store.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientsTest {
    private static final String ISSUER = "https://auth.example.com";
    private static final String FAILED = "client authentication failed";
    private static final ECKey KEY = p256("one");
    private static final ECKey OTHER = p256("two");
    private static final RSAKey RSA = rsa();

    private final TestClock clock = new TestClock();
    private Map<String, Client> registered = Map.of();
    private Store store;
    private final Shares shares = new Shares(100, 100);
    private Clients clients;
    private HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        registered = clients(
                client("basic", secrets(Method.CLIENT_SECRET_BASIC, hash("s3cret")), false),
                client("post", secrets(Method.CLIENT_SECRET_POST, hash("s3cret")), false),
                client(
                        "rotating",
                        secrets(
                                Method.CLIENT_SECRET_BASIC,
                                new SecretHash(
                                        hex("old"), Optional.of(clock.instant().plus(Duration.ofDays(1)))),
                                hash("new")),
                        false),
                client("disabled", secrets(Method.CLIENT_SECRET_BASIC, hash("s3cret")), true),
                client("jwt", keys(KEY, OTHER, RSA), false),
                client("jwt2", keys(KEY), false),
                client("off", keys(KEY), true));
        store = TestStores.open(folder.resolve("test.db"), clock);
        clients = new Clients(new SingleUses(store)::spend, ISSUER, shares, clock, null);
        var edge = new Edge(_ -> Optional.empty());
        server = HttpServer.start(
                new HttpServer.Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), ISSUER),
                new Routes()
                        .post(
                                "/token",
                                request -> edge.answer(request, () -> {
                                    try (var it = clients.authenticate(registered, request, Params.of(request))) {
                                        return Reply.json(
                                                200,
                                                Map.of(
                                                        "id",
                                                        it.client.id(),
                                                        "method",
                                                        it.method,
                                                        "credential",
                                                        it.credential));
                                    }
                                })),
                (_, fault) -> Reply.text(fault.status, fault.said));
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
        store.close();
    }

    @Test
    void a_secret_proves_its_client_by_the_registered_method_only() throws Exception {
        assertProved(post(basic("basic", "s3cret")), "basic", "client_secret_basic", "1ec1c26b");
        assertProved(
                post("", "client_id", "post", "client_secret", "s3cret"), "post", "client_secret_post", "1ec1c26b");
        assertFailed(post("", "client_id", "basic", "client_secret", "s3cret"), FAILED);
        assertFailed(post(basic("post", "s3cret")), FAILED);
        assertFailed(post(basic("jwt", "s3cret")), FAILED);
    }

    @Test
    void what_was_proved_holds_for_as_long_as_its_secret_or_key_is_registered() throws Exception {
        var old = proved("rotating", secrets(Method.CLIENT_SECRET_BASIC, hash("old")));
        var key = new AuthenticatedClient(
                client("jwt", keys(KEY, OTHER, RSA), false), "private_key_jwt", thumbprint(OTHER), shares.take("jwt"));
        assertThat(clients.isGood(registered, old)).isTrue();
        assertThat(clients.isGood(registered, key)).isTrue();
        assertThat(clients.isGood(registered, proved("basic", secrets(Method.CLIENT_SECRET_BASIC, hash("other")))))
                .isFalse();
        assertThat(clients.isGood(registered, proved("basic", secrets(Method.CLIENT_SECRET_POST, hash("s3cret")))))
                .isFalse();
        assertThat(clients.isGood(registered, proved("disabled", secrets(Method.CLIENT_SECRET_BASIC, hash("s3cret")))))
                .isFalse();
        assertThat(clients.isGood(clients(client("jwt", keys(KEY), false)), key))
                .isFalse();
        assertThat(clients.isGood(Map.of(), key)).isFalse();

        clock.advance(Duration.ofDays(1));
        assertThat(clients.isGood(registered, old)).isFalse();
    }

    private AuthenticatedClient proved(String id, Authentication by) {
        var secret = ((Authentication.Secret) by).secrets().getFirst();
        return new AuthenticatedClient(
                client(id, by, false), by.wire(), secret.hex().substring(0, 8), new Shares(1).take(id));
    }

    @Test
    void for_want_of_a_place_no_assertion_is_spent_and_nobody_is_slowed() throws Exception {
        var assertion = signed(KEY, header(JWSAlgorithm.ES256).keyID("one").build(), claims("jwt", Map.of()));
        var flood = new ArrayList<Shares.Share>();
        for (int i = 0; i < 50; i++) {
            flood.add(shares.take("jwt"));
        }
        for (int i = 0; i < 11; i++) {
            var refused = send(assertion);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
        flood.forEach(Shares.Share::close);
        assertProved(send(assertion), "jwt", "private_key_jwt", thumbprint(KEY));
        assertThat(send(assertion).statusCode()).isEqualTo(401);
        assertThat(shares.taken()).isZero();
    }

    @Test
    void a_wrong_an_empty_and_a_foreign_secret_prove_nothing() throws Exception {
        for (var secret : List.of("wrong", "", "s3cret ", "S3cret", hex("s3cret"))) {
            assertFailed(post(basic("basic", secret)), FAILED);
        }
        assertFailed(post(""), FAILED);
        assertFailed(post("", "client_id", "basic"), FAILED);
        assertFailed(post("Bearer s3cret"), FAILED);
    }

    @Test
    void of_two_secrets_each_is_good_until_its_end() throws Exception {
        assertProved(
                post(basic("rotating", "old")),
                "rotating",
                "client_secret_basic",
                hex("old").substring(0, 8));
        assertProved(
                post(basic("rotating", "new")),
                "rotating",
                "client_secret_basic",
                hex("new").substring(0, 8));
        clock.advance(Duration.ofDays(1).minusSeconds(1));
        assertThat(post(basic("rotating", "old")).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertFailed(post(basic("rotating", "old")), FAILED);
        assertThat(post(basic("rotating", "new")).statusCode()).isEqualTo(200);
    }

    @Test
    void nobody_disabled_and_mistaken_are_told_the_same() throws Exception {
        var answers = List.of(
                post(basic("nobody", "s3cret")),
                post(basic("disabled", "s3cret")),
                post(basic("disabled", "wrong")),
                post(basic("basic", "wrong")),
                post(basic("jwt", "wrong")));
        assertSame(answers);
        assertThat(answers.getFirst().headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"countersign\"");
        assertSame(List.of(
                assertion("nobody", KEY, Map.of()),
                assertion("off", KEY, Map.of()),
                assertion("off", p256("x"), Map.of()),
                assertion("jwt", p256("one"), Map.of()),
                assertion("jwt2", RSA, Map.of()),
                assertion("basic", KEY, Map.of())));
    }

    private static void assertSame(List<HttpResponse<String>> answers) {
        assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
        answers.forEach(it -> assertFailed(it, FAILED));
        assertThat(answers.stream().map(it -> it.headers().map().keySet()).distinct())
                .hasSize(1);
    }

    @Test
    void an_assertion_proves_its_client_and_names_its_key() throws Exception {
        assertProved(assertion("jwt", KEY, Map.of()), "jwt", "private_key_jwt", thumbprint(KEY));
        assertProved(assertion("jwt", OTHER, Map.of()), "jwt", "private_key_jwt", thumbprint(OTHER));
        assertProved(assertion("jwt", RSA, Map.of()), "jwt", "private_key_jwt", thumbprint(RSA));
        assertProved(
                send(signed(RSA, header(JWSAlgorithm.RS256).keyID("rsa").build(), claims("jwt", Map.of()))),
                "jwt",
                "private_key_jwt",
                thumbprint(RSA));
    }

    @Test
    void without_a_kid_every_key_is_tried_and_with_one_no_other() throws Exception {
        var plain = header(JWSAlgorithm.ES256);
        assertProved(
                send(signed(OTHER, plain.build(), claims("jwt", Map.of()))),
                "jwt",
                "private_key_jwt",
                thumbprint(OTHER));
        assertFailed(send(signed(OTHER, plain.keyID("one").build(), claims("jwt", Map.of()))), FAILED);
        assertFailed(send(signed(OTHER, plain.keyID("three").build(), claims("jwt", Map.of()))), FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "client-authentication+jwt", "application/client-authentication+jwt"})
    void the_types_of_an_assertion_are_taken(String type) throws Exception {
        var header = header(JWSAlgorithm.ES256).type(new JOSEObjectType(type)).build();
        assertThat(send(signed(KEY, header, claims("jwt", Map.of()))).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dpop+jwt", "at+jwt", "JOSE"})
    void a_jwt_made_for_something_else_is_no_assertion(String type) throws Exception {
        var header = header(JWSAlgorithm.ES256).type(new JOSEObjectType(type)).build();
        assertFailed(
                send(signed(KEY, header, claims("jwt", Map.of()))), "client_assertion: its typ is not accepted here");
    }

    @Test
    void an_assertion_brings_no_key_and_no_other_algorithm() throws Exception {
        var own = header(JWSAlgorithm.ES256).jwk(KEY.toPublicJWK()).build();
        assertFailed(send(signed(KEY, own, claims("jwt", Map.of()))), "client_assertion: its header carries a key");
        var ps384 = header(JWSAlgorithm.PS384).build();
        assertFailed(
                send(signed(RSA, ps384, claims("jwt", Map.of()))), "client_assertion: its alg is not accepted here");
    }

    @Test
    void the_audience_is_the_issuer_and_nothing_else() throws Exception {
        var said = "client_assertion: its aud must be " + ISSUER + " and nothing else";
        assertThat(assertion("jwt", KEY, Map.of("aud", List.of(ISSUER))).statusCode())
                .isEqualTo(200);
        for (var audience : List.of(
                ISSUER + "/token",
                ISSUER + "/",
                List.of(ISSUER, "https://other.example"),
                List.of(ISSUER, ISSUER),
                List.of(),
                7,
                "")) {
            assertFailed(assertion("jwt", KEY, Map.of("aud", audience)), said);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exp | 300 | 200 |
            exp | 301 | 401 | its exp is more than 300 seconds ahead
            exp | 1   | 200 |
            exp | 0   | 401 | it is over
            exp | -1  | 401 | it is over
            iat | 10  | 200 |
            iat | 11  | 401 | its iat is in the future
            iat | -60 | 200 |
            nbf | 10  | 200 |
            nbf | 11  | 401 | its nbf is in the future
            """)
    void an_assertion_is_good_for_minutes_and_clocks_differ_by_seconds(String claim, int ahead, int status, String said)
            throws Exception {
        var answer = assertion(
                "jwt", KEY, Map.of(claim, clock.instant().plusSeconds(ahead).getEpochSecond()));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(said == null ? "jwt" : said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exp |       | its exp is missing
            exp | soon  | its exp is not a time
            jti |       | its jti is missing or not a string
            sub |       | its sub is missing or not a string
            iss |       | its iss is missing or not a string
            iss | other | its iss and sub are not the same
            """)
    void a_claim_that_is_missing_or_wrong_is_refused(String claim, String value, String said) throws Exception {
        assertFailed(assertion("jwt", KEY, Map.of(claim, value == null ? "" : value)), "client_assertion: " + said);
    }

    @Test
    void an_assertion_is_good_once() throws Exception {
        var assertion = signed(KEY, header(JWSAlgorithm.ES256).build(), claims("jwt", Map.of()));
        assertThat(send(assertion).statusCode()).isEqualTo(200);
        assertFailed(send(assertion), "client_assertion: it was used before");
        assertFailed(
                assertion("jwt", KEY, Map.of("jti", "x".repeat(257))),
                "client_assertion: its jti is longer than 256 characters");
    }

    @Test
    void of_many_that_send_one_assertion_at_once_one_gets_in() throws Exception {
        var assertion = signed(KEY, header(JWSAlgorithm.ES256).build(), claims("jwt", Map.of()));
        Callable<Integer> attempt = () -> send(assertion).statusCode();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = new ArrayList<Integer>();
            for (var future :
                    threads.invokeAll(Stream.generate(() -> attempt).limit(8).toList())) {
                statuses.add(future.get());
            }
            assertThat(statuses).containsOnlyOnce(200);
        }
    }

    @Test
    void another_client_may_use_the_same_jti() throws Exception {
        assertThat(assertion("jwt", KEY, Map.of("jti", "1")).statusCode()).isEqualTo(200);
        assertThat(assertion("jwt2", KEY, Map.of("jti", "1")).statusCode()).isEqualTo(200);
    }

    @Test
    void a_client_id_beside_an_assertion_says_the_same() throws Exception {
        var assertion = signed(KEY, header(JWSAlgorithm.ES256).build(), claims("jwt", Map.of()));
        assertFailed(send(assertion, "client_id", "jwt2"), "client_assertion: client_id names another client");
        assertThat(send(assertion, "client_id", "jwt").statusCode()).isEqualTo(200);
    }

    @Test
    void two_credentials_are_one_too_many() throws Exception {
        var answer = post(basic("basic", "s3cret"), "client_id", "basic", "client_secret", "s3cret");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"invalid_request\"");
    }

    @Test
    void guessing_is_slowed_and_the_client_that_is_at_home_gets_in() throws Exception {
        assertThat(post(basic("basic", "s3cret")).statusCode()).isEqualTo(200);
        for (int i = 0; i < 10; i++) {
            assertFailed(post(basic("nobody", "wrong")), FAILED);
            assertFailed(post(basic("post", "wrong")), FAILED);
            assertFailed(post(basic("basic", "wrong")), FAILED);
        }
        for (var client : List.of("nobody", "post")) {
            var answer = post(basic(client, "wrong"));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        assertThat(post(basic("basic", "s3cret")).statusCode()).isEqualTo(200);
    }

    @Test
    void assertions_that_fail_are_counted_too() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(assertion("jwt", p256("one"), Map.of()).statusCode()).isEqualTo(401);
        }
        assertThat(assertion("jwt", KEY, Map.of()).statusCode()).isEqualTo(503);
        for (int i = 0; i < 10; i++) {
            assertThat(send("nonsense").statusCode()).isEqualTo(401);
        }
        assertThat(send("nonsense").statusCode()).isEqualTo(503);
    }

    @Test
    void a_new_configuration_counts_at_once() throws Exception {
        assertThat(assertion("jwt2", KEY, Map.of()).statusCode()).isEqualTo(200);
        registered = clients(client("jwt2", keys(OTHER), false));
        assertFailed(assertion("jwt2", KEY, Map.of()), FAILED);
        assertThat(assertion("jwt2", OTHER, Map.of()).statusCode()).isEqualTo(200);
        assertFailed(post(basic("basic", "s3cret")), FAILED);
    }

    private HttpResponse<String> assertion(String client, JWK key, Map<String, Object> otherwise) throws Exception {
        var header = header(key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.PS256)
                .keyID(key.getKeyID())
                .build();
        return send(signed(key, header, claims(client, otherwise)));
    }

    private HttpResponse<String> send(String assertion, String... more) throws Exception {
        var form = new ArrayList<>(
                List.of("client_assertion_type", Credentials.ASSERTION_TYPE, "client_assertion", assertion));
        form.addAll(Arrays.asList(more));
        return post("", form.toArray(String[]::new));
    }

    private HttpResponse<String> post(String authorization, String... form) throws Exception {
        var body = new StringBuilder();
        for (int i = 0; i < form.length; i += 2) {
            body.append(form[i]).append('=').append(encoded(form[i + 1])).append('&');
        }
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body.toString()));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String basic(String user, String password) {
        var pair = encoded(user) + ":" + encoded(password);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String claims(String client, Map<String, Object> otherwise) {
        var claims = new HashMap<String, Object>(Map.of(
                "iss", client,
                "sub", client,
                "aud", ISSUER,
                "jti", UUID.randomUUID().toString(),
                "exp", clock.instant().plusSeconds(60).getEpochSecond()));
        claims.putAll(otherwise);
        claims.values().removeIf(""::equals);
        return Json.write(claims);
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm);
    }

    private static String signed(JWK key, JWSHeader header, String claims) throws JOSEException {
        var jws = new JWSObject(header, new Payload(claims));
        jws.sign(key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key));
        return jws.serialize();
    }

    private static void assertProved(HttpResponse<String> answer, String id, String method, String credential) {
        assertThat(Json.read(answer.body()))
                .isEqualTo(Json.node(Map.of("id", id, "method", method, "credential", credential)));
    }

    private static void assertFailed(HttpResponse<String> answer, String said) {
        assertThat(Json.read(answer.body()))
                .isEqualTo(Json.node(Map.of("error", "invalid_client", "error_description", said)));
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    private static Map<String, Client> clients(Client... all) {
        var byId = new HashMap<String, Client>();
        for (var client : all) {
            byId.put(client.id(), client);
        }
        return Map.copyOf(byId);
    }

    static Client client(String id, Authentication auth, boolean disabled) {
        return new Client(
                id,
                id,
                "owners",
                List.of(),
                auth,
                List.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                false,
                disabled,
                Optional.empty(),
                Optional.empty(),
                Attest.by("owners"));
    }

    private static Authentication secrets(Method method, SecretHash... hashes) {
        return new Authentication.Secret(method, List.of(hashes));
    }

    private static Authentication keys(JWK... keys) {
        return new Authentication.PrivateKeyJwt(
                new JWKSet(Arrays.stream(keys).map(JWK::toPublicJWK).toList()));
    }

    private static SecretHash hash(String secret) {
        return new SecretHash(hex(secret), Optional.empty());
    }

    private static String hex(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static String thumbprint(JWK key) throws JOSEException {
        return key.computeThumbprint().toString();
    }

    private static ECKey p256(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static RSAKey rsa() {
        try {
            return new RSAKeyGenerator(2048).keyID("rsa").generate();
        } catch (JOSEException fault) {
            throw new IllegalStateException(fault);
        }
    }
}
