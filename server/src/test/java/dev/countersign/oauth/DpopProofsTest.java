package dev.countersign.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.countersign.TestClock;
import dev.countersign.http.HttpServer;
import dev.countersign.http.Reply;
import dev.countersign.http.Routes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DpopProofsTest {
    private static final String URL = "https://auth.example.com/token";
    private static final ECKey KEY = p256();

    private final TestClock clock = new TestClock();
    private final Map<String, Instant> spent = new ConcurrentHashMap<>();
    private final SingleUse memory = (kind, value, until) -> spent.putIfAbsent(kind + " " + value, until) == null;
    private final DpopProofs proofs = new DpopProofs(memory, clock, null);
    private final Proofs maker = new Proofs(KEY);

    /// RFC 9449 §4.1, Figure 2; its key's thumbprint is in §6.1.
    @Test
    void the_example_of_the_standard_is_taken() {
        var then = new DpopProofs(memory, new TestClock(Instant.ofEpochSecond(1562262616)), null);
        var proof = then.verify(
                "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZ"
                        + "OXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
                        + "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8"
                        + "vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiML"
                        + "vqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
                "POST",
                "https://server.example.com/token");
        assertThat(proof.jkt).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    @Test
    void a_proof_names_the_key_that_made_it() throws Exception {
        assertThat(verify(maker.good(clock.instant())).jkt)
                .isEqualTo(KEY.computeThumbprint().toString());
        var rsa = new RSAKeyGenerator(2048).generate();
        assertThat(verify(new Proofs(rsa).good(clock.instant())).jkt)
                .isEqualTo(rsa.computeThumbprint().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            htm |                                  | its htm is missing or not a string
            htm | GET                              | its htm is not this request's method
            htm | post                             | its htm is not this request's method
            htu |                                  | its htu is missing or not a string
            htu | https://auth.example.com/revoke  | its htu is not this request's URL
            htu | https://evil.example/token       | its htu is not this request's URL
            htu | http://auth.example.com/token    | its htu is not this request's URL
            htu | https://auth.example.com:8443/token | its htu is not this request's URL
            htu | https://auth.example.com/Token   | its htu is not this request's URL
            htu | https://a@auth.example.com/token | its htu is not an absolute URL
            htu | /token                           | its htu is not an absolute URL
            htu | https://auth.example.com/to ken  | its htu is not an absolute URL
            iat |                                  | its iat is missing
            iat | now                              | its iat is not a time
            jti |                                  | its jti is missing or not a string
            """)
    void a_claim_that_is_missing_or_wrong_is_refused(String claim, String value, String said) {
        var proof = maker.with(clock.instant(), Map.of(claim, value == null ? "" : value));
        assertRefused(proof, said);
    }

    @Test
    void claims_have_their_types_and_sizes() {
        assertRefused(maker.with(clock.instant(), Map.of("jti", 7)), "its jti is missing or not a string");
        assertRefused(maker.with(clock.instant(), Map.of("jti", "x".repeat(257))), "its jti is longer than");
        assertRefused(maker.with(clock.instant(), Map.of("iat", 1e300)), "its iat is not a time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTPS://AUTH.example.com/token",
                "https://auth.example.com:443/token",
                "https://auth.example.com/token?x=1",
                "https://auth.example.com/token#x"
            })
    void a_url_is_compared_in_its_normal_form_without_query_and_fragment(String htu) {
        assertThat(verify(maker.with(clock.instant(), Map.of("htu", htu)))).isNotNull();
    }

    @Test
    void no_path_is_the_root() {
        var proof = maker.with(clock.instant(), Map.of("htu", "https://auth.example.com"));
        assertThat(proofs.verify(proof, "POST", "https://auth.example.com/")).isNotNull();
    }

    @Test
    void a_proof_is_good_for_a_minute_and_ten_seconds_early() {
        assertThat(verify(maker.good(clock.instant().minusSeconds(60)))).isNotNull();
        assertThat(verify(maker.good(clock.instant().plusSeconds(10)))).isNotNull();
        assertRefused(maker.good(clock.instant().minusSeconds(61)), "its iat is not now");
        assertRefused(maker.good(clock.instant().plusSeconds(11)), "its iat is not now");
    }

    @Test
    void a_proof_is_good_once() {
        var proof = maker.good(clock.instant());
        verify(proof);
        assertRefused(proof, "it was used before");
    }

    @Test
    void a_proof_is_remembered_for_longer_than_it_is_good() {
        verify(maker.good(clock.instant().plusSeconds(10)));
        assertThat(spent.values())
                .allMatch(until -> until.isAfter(clock.instant().plusSeconds(70)));
    }

    @Test
    void another_key_may_use_the_same_jti() {
        var id = Map.<String, Object>of("jti", "one");
        verify(maker.with(clock.instant(), id));
        assertThat(verify(new Proofs(p256()).with(clock.instant(), id))).isNotNull();
        assertRefused(maker.with(clock.instant(), id), "it was used before");
    }

    @Test
    void a_refused_proof_is_not_spent() {
        var proof = maker.good(clock.instant().plus(Duration.ofSeconds(20)));
        assertRefused(proof, "its iat is not now");
        assertThat(spent).isEmpty();
        clock.advance(Duration.ofSeconds(20));
        assertThat(verify(proof)).isNotNull();
    }

    @Test
    void the_signature_is_checked() {
        var other = Proofs.signed(maker.header().build(), payload(), p256());
        assertRefused(other, "its signature is not by its jwk");
        var good = maker.good(clock.instant());
        int dot = good.lastIndexOf('.');
        assertRefused(good.substring(0, dot + 1) + "AAAA", "its signature is not by its jwk");
    }

    @Test
    void the_key_has_to_be_there_and_public() {
        assertRefused(
                Proofs.signed(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(new JOSEObjectType("dpop+jwt"))
                                .build(),
                        payload(),
                        KEY),
                "its header has no jwk");
        var header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + KEY.toJSONString() + "}";
        assertRefused(raw(header), "its header cannot be read");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"typ":"dpop+jwt","alg":"none","jwk":KEY}                          | cannot be read
            {"typ":"dpop+jwt","alg":"HS256","jwk":KEY}                         | its alg is not accepted here
            {"typ":"dpop+jwt","alg":"RS256","jwk":KEY}                         | its alg is not accepted here
            {"typ":"dpop+jwt","alg":"ES384","jwk":KEY}                         | its alg is not accepted here
            {"typ":"dpop+jwt","alg":"PS256","jwk":KEY}                         | its signature is not by its jwk
            {"typ":"JWT","alg":"ES256","jwk":KEY}                              | its typ is not accepted here
            {"typ":"at+jwt","alg":"ES256","jwk":KEY}                           | its typ is not accepted here
            {"alg":"ES256","jwk":KEY}                                          | its typ is not accepted here
            {"typ":"dpop+jwt","alg":"ES256","jwk":KEY,"crit":["x"],"x":1}      | it has a crit header
            {"typ":"dpop+jwt","alg":"ES256","jwk":KEY,"crit":[]}               | it has a crit header
            {"typ":"dpop+jwt","alg":"ES256","alg":"ES256","jwk":KEY}           | its header is not JSON
            {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"oct","k":"AAAA"}}    | cannot be read
            ["typ"]                                                            | its header is not a JSON object
            """)
    void a_header_that_is_not_a_proofs_is_refused(String header, String said) {
        assertRefused(raw(header.replace("KEY", KEY.toPublicJWK().toJSONString())), said);
    }

    @Test
    void weak_and_costly_keys_are_refused() throws Exception {
        var small = new RSAKeyGenerator(1024, true).generate().toPublicJWK().toJSONString();
        assertRefused(raw("{\"typ\":\"dpop+jwt\",\"alg\":\"PS256\",\"jwk\":" + small + "}"), "neither P-256 nor RSA");
        var exponent = Base64URL.encode(new byte[256]).toString().replace('A', '_');
        var modulus = new RSAKeyGenerator(2048).generate().getModulus();
        var costly = "{\"kty\":\"RSA\",\"e\":\"" + exponent + "\",\"n\":\"" + modulus + "\"}";
        assertRefused(raw("{\"typ\":\"dpop+jwt\",\"alg\":\"PS256\",\"jwk\":" + costly + "}"), "neither P-256 nor RSA");
        var curve = new ECKeyGenerator(Curve.P_384).generate().toPublicJWK().toJSONString();
        assertRefused(raw("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + curve + "}"), "neither P-256 nor RSA");
        var other = KEY.toPublicJWK().toJSONString().replace("\"kty\"", "\"use\":\"enc\",\"kty\"");
        assertRefused(raw("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + other + "}"), "not for signatures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "a.b", "a.b.c.d", "a..c", "a.b.", "é.b.c", "a.b.c,a.b.c", "e30=.e30.AA"})
    void what_is_no_compact_jws_is_refused(String proof) {
        assertRefused(proof, "it is not a JWS in compact form");
    }

    @Test
    void payload_and_length_have_limits() {
        assertRefused("x".repeat(8 * 1024 + 1), "it is longer than 8192 characters");
        var header = maker.header().build();
        assertRefused(Proofs.signed(header, "[1]", KEY), "its payload is not a JSON object");
        assertRefused(Proofs.signed(header, "{\"jti\":\"a\",\"jti\":\"b\"}", KEY), "its payload is not JSON");
    }

    @Test
    void over_the_wire_there_is_one_proof_for_the_url_that_clients_know() throws Exception {
        var edge = new Edge(_ -> java.util.Optional.empty());
        var routes = new Routes()
                .post(
                        "/token",
                        request -> edge.answer(
                                request,
                                () -> Reply.text(
                                        200,
                                        proofs.verify(request).map(it -> it.jkt).orElse("no proof"))));
        var settings = new HttpServer.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), "https://auth.example.com");
        try (var server = HttpServer.start(settings, routes, (_, fault) -> Reply.text(fault.status, fault.said));
                var client = HttpClient.newHttpClient()) {
            var proof = maker.good(clock.instant());
            assertThat(post(client, server.port(), List.of())).isEqualTo("no proof");
            assertThat(post(client, server.port(), List.of(proof, maker.good(clock.instant()))))
                    .contains("\"invalid_dpop_proof\"", "there is more than one DPoP header");
            assertThat(post(client, server.port(), List.of(proof)))
                    .isEqualTo(KEY.computeThumbprint().toString());
            assertThat(post(client, server.port(), List.of(proof))).contains("it was used before");
        }
    }

    private static String post(HttpClient client, int port, List<String> proofs) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/token?a=b"))
                .POST(BodyPublishers.noBody());
        proofs.forEach(proof -> request.header("DPoP", proof));
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    private DpopProof verify(String proof) {
        return proofs.verify(proof, "POST", URL);
    }

    private void assertRefused(String proof, String said) {
        assertThatThrownBy(() -> verify(proof)).isInstanceOfSatisfying(Refusal.class, it -> {
            assertThat(it.code).isEqualTo(ErrorCode.INVALID_DPOP_PROOF);
            assertThat(it.said).contains(said);
        });
    }

    private String payload() {
        return "{\"jti\":\"x\",\"htm\":\"POST\",\"htu\":\"" + URL + "\",\"iat\":"
                + clock.instant().getEpochSecond() + "}";
    }

    /// A proof with any header at all, signed as if it were ES256.
    private String raw(String header) {
        var signature = Set.of(maker.good(clock.instant()).split("\\.")).stream()
                .filter(it -> it.length() == 86)
                .findFirst()
                .orElseThrow();
        return Base64URL.encode(header) + "." + Base64URL.encode(payload()) + "." + signature;
    }

    private static ECKey p256() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (com.nimbusds.jose.JOSEException fault) {
            throw new IllegalStateException(fault);
        }
    }
}
