package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import dev.countersign.OneStore;
import dev.countersign.approval.Vote.Word;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that others wrote, unchanged.
@OneStore
class StockClientTest {
    @TempDir
    Path folder;

    private TestGate gate;
    private String issuer = "";

    @BeforeEach
    void start() throws IOException {
        int port = freePort();
        issuer = "http://localhost:" + port;
        gate = new TestGate(folder, OverTheWire.REVIEW, issuer, port);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    @Test
    void nimbus_discovers_asks_waits_verifies_introspects_and_revokes() throws Exception {
        var server = AuthorizationServerMetadata.resolve(new Issuer(issuer));
        var auth = new ClientSecretBasic(new ClientID("refund-bot"), new Secret(TestGate.secret("refund-bot")));

        var token =
                granted(server, auth, "wait=60").toSuccessResponse().getTokens().getAccessToken();
        assertThat(token.getScope()).isEqualTo(new Scope("refunds:write"));

        var verifier = new DefaultJWTProcessor<SecurityContext>();
        verifier.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        verifier.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.ES256,
                JWKSourceBuilder.create(server.getJWKSetURI().toURL()).build()));
        verifier.setJWTClaimsSetVerifier((_, _) -> {}); // the test's clock is not that of this machine
        assertThat(verifier.process(token.getValue(), null).getAudience()).containsExactly(TestGate.PAYMENTS);

        assertThat(isActive(server, auth, token)).isTrue();
        var revoked = new TokenRevocationRequest(server.getRevocationEndpointURI(), auth, token)
                .toHTTPRequest()
                .send();
        assertThat(revoked.getStatusCode()).isEqualTo(200);
        assertThat(isActive(server, auth, token)).isFalse();
    }

    private TokenResponse granted(AuthorizationServerMetadata server, ClientAuthentication auth, String prefer)
            throws Exception {
        var request = new TokenRequest.Builder(server.getTokenEndpointURI(), auth, new ClientCredentialsGrant())
                .scope(new Scope("refunds:write"))
                .build()
                .toHTTPRequest();
        request.setHeader("Prefer", prefer);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = pool.submit(() -> TokenResponse.parse(request.send()));
            approveWhatIsHeld();
            return answer.get();
        }
    }

    private static boolean isActive(
            AuthorizationServerMetadata server,
            ClientAuthentication auth,
            com.nimbusds.oauth2.sdk.token.AccessToken token)
            throws Exception {
        var request = new TokenIntrospectionRequest(server.getIntrospectionEndpointURI(), auth, token);
        return TokenIntrospectionResponse.parse(request.toHTTPRequest().send())
                .toSuccessResponse()
                .isActive();
    }

    private void approveWhatIsHeld() {
        gate.untilHeld(1);
        var id = gate.entries("request.judged").getLast().request().orElseThrow();
        gate.says("ana", Word.APPROVE, id, Optional.empty());
    }

    @Test
    void curl_waits_for_its_token() throws Exception {
        var curl = new ProcessBuilder(List.of(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--noproxy",
                        "*",
                        "--max-time",
                        "60",
                        "--user",
                        "refund-bot:" + TestGate.secret("refund-bot"),
                        "--header",
                        "Prefer: wait=60",
                        "--data",
                        "grant_type=client_credentials",
                        "--data-urlencode",
                        "scope=refunds:write",
                        issuer + "/token"))
                .redirectErrorStream(true)
                .start();
        approveWhatIsHeld();

        assertThat(new String(curl.getInputStream().readAllBytes(), UTF_8))
                .contains("\"access_token\":\"ey")
                .contains("\"expires_in\":60");
        assertThat(curl.waitFor()).isZero();
    }
}
