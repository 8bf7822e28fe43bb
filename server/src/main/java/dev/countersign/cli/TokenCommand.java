package dev.countersign.cli;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.countersign.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "token",
        synopsisSubcommandLabel = "COMMAND",
        description = "What is in a token, whether it is good, and its end.")
final class TokenCommand {
    private final Terminal terminal;

    TokenCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "inspect", description = "Shows what is in a token. Believes it: verify does not.")
    int inspect(
            @Parameters(
                            paramLabel = "TOKEN",
                            arity = "0..1",
                            description = "The token; else it is read from standard input.")
                    @Nullable
                    String token) {
        var parts = text(token).split("\\.", -1);
        if (parts.length != 3) {
            throw new Failure("this is no signed token: three parts with dots between");
        }
        terminal.json(Map.of("header", part(parts[0]), "claims", part(parts[1])));
        return 0;
    }

    private static JsonNode part(String base64) {
        try {
            return Json.read(new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | Json.Malformed e) {
            throw new Failure("this is no signed token: a part of it is not JSON in base64url");
        }
    }

    @Command(
            name = "verify",
            description = {
                "Checks a token's signature, issuer and time with the server's public keys.",
                "Whether it was revoked is known to /introspect alone."
            })
    int verify(
            @Parameters(
                            paramLabel = "TOKEN",
                            arity = "0..1",
                            description = "The token; else it is read from standard input.")
                    @Nullable
                    String token,
            @Option(
                            names = "--url",
                            paramLabel = "URL",
                            required = true,
                            defaultValue = "${env:COUNTERSIGN_URL}",
                            description = "The server; or COUNTERSIGN_URL.")
                    String url,
            @Option(names = "--audience", paramLabel = "URL", description = "The API that it must be for.") @Nullable
                    String audience,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var web = new Web();
        var metadata = get(
                web, Web.request(url, "/.well-known/oauth-authorization-server").build());
        var jwks = get(
                web,
                HttpRequest.newBuilder(URI.create(metadata.path("jwks_uri").stringValue("")))
                        .timeout(Duration.ofSeconds(30))
                        .build());
        var claims = signed(text(token), jwks);
        var expires = Instant.ofEpochSecond(claims.path("exp").asLong(0));
        if (!claims.path("iss").stringValue("").equals(metadata.path("issuer").stringValue(""))) {
            throw new Failure("not good: its issuer is " + claims.path("iss").stringValue(""));
        }
        if (!Instant.now().isBefore(expires)) {
            throw new Failure("not good: it ended at " + expires);
        }
        if (audience != null && !isFor(claims.path("aud"), audience)) {
            throw new Failure("not good: it is for " + Json.write(claims.path("aud")));
        }
        if (json) {
            terminal.json(Map.of("good", true, "claims", claims));
        } else {
            terminal.say("good for another " + Spans.clock(Duration.between(Instant.now(), expires)) + ": "
                    + claims.path("client_id").stringValue("") + " "
                    + claims.path("scope").stringValue("") + " on "
                    + Json.write(claims.path("aud")));
        }
        return 0;
    }

    private static JsonNode get(Web web, HttpRequest request) {
        return Web.json(web.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static boolean isFor(JsonNode aud, String audience) {
        return aud.stringValue("").equals(audience)
                || aud.valueStream().anyMatch(it -> it.stringValue("").equals(audience));
    }

    private static JsonNode signed(String token, JsonNode jwks) {
        try {
            var jws = JWSObject.parse(token);
            var key =
                    JWKSet.parse(Json.write(jwks)).getKeyByKeyId(jws.getHeader().getKeyID());
            if (!(key instanceof ECKey ec) || !jws.verify(new ECDSAVerifier(ec))) {
                throw new Failure("not good: no key of this server has signed it");
            }
            return Json.read(jws.getPayload().toString());
        } catch (ParseException | JOSEException e) {
            throw new Failure("not good: it is no token that this server signs");
        }
    }

    @Command(name = "revoke", description = "Ends a token of this client, or takes a deferral code back.")
    int revoke(
            @Mixin ClientAccess access,
            @Parameters(
                            paramLabel = "TOKEN",
                            arity = "0..1",
                            description = "The token; else it is read from standard input.")
                    @Nullable
                    String token) {
        new Asking(terminal, access).giveBack(text(token));
        terminal.note("done: if it was a good token of this client, it is not any more");
        return 0;
    }

    private static String text(@Nullable String token) {
        if (token != null && !token.equals("-")) {
            return token.strip();
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new Failure("no token could be read from standard input (" + e.getMessage() + ")");
        }
    }
}
