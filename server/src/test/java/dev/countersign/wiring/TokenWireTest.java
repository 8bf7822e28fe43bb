package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.countersign.OneStore;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Receipt;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a token says and what vouches for it; what the metadata promises.
@OneStore
class TokenWireTest extends OverTheWire {
    @Test
    void the_token_is_an_at_jwt_that_the_published_keys_verify() throws Exception {
        var answer = gate.ask("refund-bot", "scope", READ);
        var jwt = jwt(answer);

        assertThat(jwt.getHeader().getType().getType()).isEqualTo("at+jwt");
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        assertThat(answer.text("token_type")).isEqualTo("Bearer");
        var claims = jwt.getJWTClaimsSet();
        long now = gate.clock.instant().getEpochSecond();
        assertThat(claims.getIssuer()).isEqualTo(TestGate.ISSUER);
        assertThat(claims.getSubject()).isEqualTo("refund-bot");
        assertThat(claims.getAudience()).containsExactly(TestGate.PAYMENTS);
        assertThat(claims.getStringClaim("client_id")).isEqualTo("refund-bot");
        assertThat(claims.getStringClaim("scope")).isEqualTo(READ);
        assertThat(claims.getJWTID()).isNotEmpty();
        assertThat(claims.getIssueTime().toInstant().getEpochSecond()).isEqualTo(now);
        assertThat(claims.getExpirationTime().toInstant().getEpochSecond()).isEqualTo(now + 60);
        assertThat(claims.getClaim("cnf")).isNull();
        assertThat(claims.getJSONObjectClaim("approval"))
                .containsEntry("by", "policy")
                .containsEntry("votes", 0L)
                .containsEntry("signed", false)
                .containsEntry("until", now + 60)
                .containsKey("id");
    }

    @Test
    void the_token_names_its_ledger_entry_and_a_receipt_proves_it() throws Exception {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        gate.says("ana", Word.APPROVE, id);
        var claims = jwt(gate.ask("refund-bot", "scope", WRITE)).getJWTClaimsSet();
        var approval = claims.getJSONObjectClaim("approval");

        long until = gate.clock.instant().getEpochSecond() + 600 + 60;
        assertThat(approval)
                .containsEntry("id", id)
                .containsEntry("by", "people")
                .containsEntry("votes", 1L)
                .containsEntry("until", until);
        assertThat(gate.entries("token.minted").getLast().hash().text()).isEqualTo(approval.get("entry"));

        var auditor = gate.bearer("cy", "ledger:read");
        var text =
                gate.get(auditor, "/ledger/receipts/" + claims.getJWTID()).raw().body();
        var receipt = Receipt.parse(text);
        assertThat(receipt.verifies(gate.parts().installation.ledger.keys())).isTrue();
        assertThat(receipt.hash().text()).isEqualTo(approval.get("entry"));
        assertThat(receipt.entry().text("jti")).isEqualTo(claims.getJWTID());
    }

    @Test
    void a_token_asked_for_with_a_key_is_bound_to_it() {
        var key = new TestKey();
        var answer = gate.post(
                "/token", "refund-bot", key.proof(gate, "/token"), "grant_type", "client_credentials", "scope", READ);

        assertThat(answer.text("token_type")).isEqualTo("DPoP");
        assertThat(answer.claims().get("cnf")).isEqualTo(Map.of("jkt", key.thumbprint()));
    }

    @Test
    void a_proof_is_good_for_one_request() {
        var proof = new TestKey().proof(gate, "/token");
        String[] fields = {"grant_type", "client_credentials", "scope", READ};

        assertThat(gate.post("/token", "refund-bot", proof, fields).status()).isEqualTo(200);
        assertThat(gate.post("/token", "refund-bot", proof, fields).error()).isEqualTo("invalid_dpop_proof");
    }

    @Test
    void every_endpoint_that_the_metadata_lists_answers() {
        var metadata = gate.send(
                        gate.request("/.well-known/oauth-authorization-server").build())
                .body();

        assertThat(metadata.path("issuer").stringValue("")).isEqualTo(TestGate.ISSUER);
        var endpoints = metadata.propertyNames().stream()
                .filter(it -> it.endsWith("_endpoint"))
                .toList();
        assertThat(endpoints)
                .containsExactlyInAnyOrder(
                        "token_endpoint",
                        "introspection_endpoint",
                        "revocation_endpoint",
                        "countersign_status_endpoint");
        for (var name : endpoints) {
            var answer = gate.post(path(metadata.path(name).stringValue("")), "refund-bot", "token", "x");
            assertThat(answer.status()).as(name).isIn(200, 400);
            assertThat(answer.error()).as(name).isIn("", "invalid_request");
        }
        var keys = gate.send(
                gate.request(path(metadata.path("jwks_uri").stringValue(""))).build());
        assertThat(keys.body().path("keys").size()).isEqualTo(1);
        assertThat(keys.raw().body()).doesNotContain("\"d\"");
    }

    @Test
    void every_grant_that_the_metadata_lists_is_known_and_no_other() {
        var metadata = gate.send(
                        gate.request("/.well-known/oauth-authorization-server").build())
                .body();
        var listed = metadata.path("grant_types_supported")
                .valueStream()
                .map(it -> it.stringValue(""))
                .toList();

        for (var grant : listed) {
            assertThat(gate.post("/token", "refund-bot", "grant_type", grant).error())
                    .as(grant)
                    .isNotEqualTo("unsupported_grant_type");
        }
        for (var grant : List.of(
                "authorization_code",
                "refresh_token",
                "password",
                "urn:ietf:params:oauth:grant-type:device_code",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "urn:openid:params:grant-type:ciba")) {
            assertThat(listed).doesNotContain(grant);
            assertThat(gate.post("/token", "refund-bot", "grant_type", grant).error())
                    .as(grant)
                    .isEqualTo("unsupported_grant_type");
        }
    }

    @Test
    void every_client_authentication_that_the_metadata_lists_works() {
        var key = new TestKey();
        gate.configure("more.yaml", clients(key));
        var metadata = gate.send(
                        gate.request("/.well-known/oauth-authorization-server").build())
                .body();
        assertThat(metadata.path("token_endpoint_auth_methods_supported")
                        .valueStream()
                        .map(it -> it.stringValue("")))
                .containsExactlyInAnyOrder("client_secret_basic", "client_secret_post", "private_key_jwt");

        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(gate.post(
                                "/token",
                                "",
                                "grant_type",
                                "client_credentials",
                                "scope",
                                READ,
                                "client_id",
                                "post-bot",
                                "client_secret",
                                TestGate.secret("post-bot"))
                        .status())
                .isEqualTo(200);
        var assertion = key.assertion("jwt-bot", "one", gate.clock.instant());
        assertThat(asserted(assertion).status()).isEqualTo(200);
        assertThat(asserted(assertion).error()).isEqualTo("invalid_client");
    }

    private TestGate.Answer asserted(String assertion) {
        return gate.post(
                "/token",
                "",
                "grant_type",
                "client_credentials",
                "scope",
                READ,
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                assertion);
    }

    static String clients(TestKey key) {
        return """
                clients:
                  - id: post-bot
                    name: Post bot
                    owner: payments-dev
                    auth: { method: client_secret_post, secrets: [ { hash: "sha256:%s" } ] }
                    grants: [client_credentials]
                    access: { %s: ["refunds:read"] }
                  - id: jwt-bot
                    name: JWT bot
                    owner: payments-dev
                    auth: { method: private_key_jwt, jwks: { keys: [ %s ] } }
                    grants: [client_credentials]
                    access: { %s: ["refunds:read", "refunds:write"] }
                """.formatted(
                        TestGate.sha256("post-bot"),
                        TestGate.PAYMENTS,
                        key.key.toPublicJWK().toJSONString(),
                        TestGate.PAYMENTS);
    }

    private static String path(String url) {
        assertThat(url).startsWith(TestGate.ISSUER);
        return url.substring(TestGate.ISSUER.length());
    }

    /// The token, verified with the keys that are published.
    private SignedJWT jwt(TestGate.Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        var jwt = SignedJWT.parse(answer.text("access_token"));
        assertThat(jwt.verify(new ECDSAVerifier(
                        published().getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
        return jwt;
    }

    private JWKSet published() throws ParseException {
        return JWKSet.parse(gate.send(gate.request("/jwks").build()).raw().body());
    }
}
