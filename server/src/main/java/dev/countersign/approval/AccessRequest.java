package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.http.Prefix;
import dev.countersign.http.Request;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Terms;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Scopes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a token request proves: who asks for what, why and with which key. Frozen when it is made.
///
/// @param id UUIDv7, made with the request; the reference that clients are told
/// @param client the authenticated client
/// @param subject whom the token will speak for; the client itself under RFC 6749 §4.4
/// @param resource the audience, RFC 8707
/// @param lifetime the lifetime asked for; empty when the client leaves it to policy
/// @param reason the client's own words, at most 500 characters; empty when it gave none
/// @param ticket the client's own reference, at most 100 characters; empty when it gave none
/// @param key the RFC 7638 thumbprint of the DPoP key that was proved; empty when none was
/// @param start when it is needed; empty for now
public record AccessRequest(
        String id,
        String client,
        String subject,
        String resource,
        Scopes scopes,
        AuthorizationDetails details,
        Optional<Duration> lifetime,
        String reason,
        String ticket,
        String key,
        Origin origin,
        Instant madeAt,
        Optional<Instant> start) {

    /// One that is needed now.
    public AccessRequest(
            String id,
            String client,
            String subject,
            String resource,
            Scopes scopes,
            AuthorizationDetails details,
            Optional<Duration> lifetime,
            String reason,
            String ticket,
            String key,
            Origin origin,
            Instant madeAt) {
        this(
                id,
                client,
                subject,
                resource,
                scopes,
                details,
                lifetime,
                reason,
                ticket,
                key,
                origin,
                madeAt,
                Optional.empty());
    }

    /// When what it asks for begins: its start, or when it was made.
    public Instant begins() {
        return start.filter(madeAt::isBefore).orElse(madeAt);
    }

    /// Whether that has still to come.
    boolean waits(Instant now) {
        return start.filter(now::isBefore).isPresent();
    }

    /// Where a request came from and how its client authenticated.
    ///
    /// @param method the client authentication method as registered, `client_secret_basic`
    /// @param credential a short name of the credential that was used
    /// @param address the IP address, personal data
    /// @param network the ledger's keyed hash of the address's /24 or /48
    /// @param userAgent the User-Agent header, at most 200 characters, personal data
    /// @param agent the ledger's keyed hash of the user agent's family
    public record Origin(
            String method, String credential, String address, String network, String userAgent, String agent) {
        /// Where a request over HTTP came from.
        public static Origin of(String method, String credential, Request request, Ledger ledger) {
            var address = request.remoteAddress();
            var agent = ClientText.inert(request.header("User-Agent").orElse(""), 200);
            return new Origin(
                    method,
                    credential,
                    address.getHostAddress(),
                    ledger.keyedHash("network", Prefix.of(address).text()),
                    agent,
                    ledger.keyedHash("agent", family(agent)));
        }

        /// The product a program says it is, RFC 9110 §10.1.5, without its version: `curl` of `curl/8.5.0`.
        private static String family(String userAgent) {
            int end = 0;
            while (end < userAgent.length() && userAgent.charAt(end) != '/' && userAgent.charAt(end) != ' ') {
                end++;
            }
            return userAgent.substring(0, end);
        }
    }

    /// The hash of what makes two requests of one client the same question: scope, details in any order,
    /// resource, subject.
    ///
    /// Reason and ticket are not part of it. Neither are the lifetime and the start: a reviewer can shorten the
    /// one, and a client must not get round a denial by asking for a second more or later.
    public String snapshot() {
        return hash(
                "countersign-snapshot/v1",
                client,
                subject,
                resource,
                scopes.toString(),
                details.objects().stream().map(Json::canonical).sorted().collect(Collectors.joining(",")));
    }

    /// The hash under which a retry joins this request: the same question for the same lifetime and start, and the
    /// proved key.
    ///
    /// Without a key, the credential and the network stand in for it, because a thief with the secret must
    /// not ride on a real approval.
    public String joinKey() {
        return joinKey(snapshot());
    }

    /// The same for who has its snapshot already.
    String joinKey(String snapshot) {
        var asked = lifetime.map(Duration::toString).orElse("")
                + start.map(it -> " from " + it).orElse("");
        return key.isEmpty()
                ? hash("countersign-join/v1", snapshot, asked, "", origin.credential(), origin.network())
                : hash("countersign-join/v1", snapshot, asked, key);
    }

    /// The hash of where this comes from: the proved key, or without one the credential and the network.
    ///
    /// Not the lifetime: a client that asks for another one is no thief.
    public String originKey() {
        return key.isEmpty()
                ? hash("countersign-origin/v1", "", origin.credential(), origin.network())
                : hash("countersign-origin/v1", key);
    }

    /// What is seen, granted and minted when that much of it is: the same through votes, decision and mint unless
    /// it was narrowed.
    public Terms terms(Allowance allowance) {
        return new Terms(
                client,
                subject,
                resource,
                allowance.scopes().names(),
                allowance.details().digest(),
                key,
                allowance.lifetime().toSeconds(),
                allowance.uses(),
                start.map(Instant::getEpochSecond).orElse(0L));
    }

    private static String hash(String... parts) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                sha256.update(new byte[] {
                    (byte) (bytes.length >>> 24),
                    (byte) (bytes.length >>> 16),
                    (byte) (bytes.length >>> 8),
                    (byte) bytes.length
                });
                sha256.update(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has SHA-256
        }
    }
}
