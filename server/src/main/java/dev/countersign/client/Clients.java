package dev.countersign.client;

import com.nimbusds.jose.JWSAlgorithm;
import dev.countersign.client.Client.Authentication;
import dev.countersign.client.Client.SecretHash;
import dev.countersign.http.Request;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Jws;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Sha256;
import dev.countersign.oauth.SingleUse;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Provider;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds out which client sent a request, RFC 6749 §2.3. The only maker of an [AuthenticatedClient].
///
/// A client that does not exist, one that is disabled, one that uses another method than it registered and one whose
/// credential is wrong are told the same, and cost the same work: a hash and two comparisons, or one signature.
public final class Clients {
    /// What assertions may be signed with; `token_endpoint_auth_signing_alg_values_supported`, RFC 8414 §2.
    public static final List<String> ASSERTION_ALGORITHMS = AssertionCheck.ALGORITHMS.stream()
            .map(JWSAlgorithm::getName)
            .sorted()
            .toList();

    private static final HexFormat HEX = HexFormat.of();

    private final Registrations registrations;
    private final AssertionCheck assertions;
    private final FailureThrottle throttle;
    private final Shares shares;
    private final Nobody nobody;
    private final InstantSource clock;

    /// A check for all endpoints.
    ///
    /// @param memory where assertions are spent
    /// @param issuer this server, the only audience an assertion may have
    /// @param shares where a client that has proved who it is gets a place for its request
    /// @param provider checks the signatures; null for the JDK's choice
    public Clients(SingleUse memory, String issuer, Shares shares, InstantSource clock, @Nullable Provider provider) {
        this.registrations = new Registrations(provider);
        this.assertions = new AssertionCheck(issuer, memory, clock);
        this.throttle = new FailureThrottle(clock);
        this.shares = shares;
        this.nobody = Nobody.make(provider);
        this.clock = clock;
    }

    /// The client that sent this, proved by the one method it is registered for. Whoever asks closes it when the
    /// request is done.
    ///
    /// @param all the clients by id; the same map until the configuration changes, then another
    /// @throws Refusal `invalid_client`; `invalid_request` for two credentials at once; `temporarily_unavailable`
    ///     after too many failures, and when the client has its share of what is in work
    public AuthenticatedClient authenticate(Map<String, Client> all, Request request, Params params) {
        return authenticate(all, Credentials.of(request, params), request.remoteAddress());
    }

    AuthenticatedClient authenticate(Map<String, Client> all, Credentials credentials, InetAddress from) {
        return switch (credentials) {
            case Credentials.Nothing(var client) ->
                throttled(client, from, () -> {
                    throw failed(client, registrations.find(all, client), "is missing");
                });
            case Credentials.Secret it -> throttled(it.client(), from, () -> bySecret(all, it));
            case Credentials.Assertion it -> byAssertion(all, it, from);
        };
    }

    private AuthenticatedClient throttled(String client, InetAddress from, Supplier<AuthenticatedClient> check) {
        throttle.admit(client, from);
        try {
            var proved = check.get();
            throttle.succeeded(client, from);
            return proved;
        } catch (Refusal refusal) {
            if (refusal.code == ErrorCode.INVALID_CLIENT) { // and not for want of a place
                throttle.failed(client, from);
            }
            throw refusal;
        }
    }

    private AuthenticatedClient bySecret(Map<String, Client> all, Credentials.Secret given) {
        var registered = registrations.find(all, given.client());
        var secrets = registered.flatMap(it -> it.secrets(given.method())).orElse(List.of());
        var hash = HEX.formatHex(Sha256.of(given.secret()));
        boolean match = matches(hash, secrets);
        if (registered.isEmpty() || registered.get().client().disabled() || !match) {
            throw failed(given.client(), registered, match ? "is right" : "is wrong, expired or sent in another way");
        }
        return proved(registered.get().client(), credential(hash), shares.take(given.client()));
    }

    /// Compares with as many hashes as any client may have, to the end and each in constant time.
    private boolean matches(String hash, List<SecretHash> registered) {
        var now = clock.instant();
        boolean match = false;
        for (int i = 0; i < Authentication.Secret.MOST; i++) {
            var one = i < registered.size() ? registered.get(i) : nobody.secret();
            boolean same = MessageDigest.isEqual(ascii(hash), ascii(one.hex()));
            match |= same && one.goodAt(now);
        }
        return match;
    }

    private static byte[] ascii(String hex) {
        return hex.getBytes(StandardCharsets.US_ASCII);
    }

    private AuthenticatedClient byAssertion(Map<String, Client> all, Credentials.Assertion given, InetAddress from) {
        try {
            var jws = AssertionCheck.read(given);
            return throttled(jws.text("sub"), from, () -> byKey(all, jws));
        } catch (Jws.Fault fault) {
            return throttled(given.client(), from, () -> {
                throw wrong(fault);
            });
        }
    }

    private AuthenticatedClient byKey(Map<String, Client> all, Jws jws) {
        var id = jws.claims.path("sub").asString();
        var registered = registrations.find(all, id);
        var candidates = registered.map(it -> it.keys().candidates(jws)).orElse(List.of());
        if (candidates.isEmpty()) {
            nobody.workAsMuch(jws);
        }
        var signer = candidates.stream().filter(key -> key.signed(jws)).findFirst();
        if (registered.isEmpty() || registered.get().client().disabled() || signer.isEmpty()) {
            throw failed(id, registered, signer.isPresent() ? "is right" : "is by none of its keys");
        }
        var share = shares.take(id); // spending the assertion is a write already
        try {
            assertions.accept(jws, id);
            return proved(registered.get().client(), signer.get().thumbprint, share);
        } catch (Jws.Fault fault) {
            share.close();
            throw wrong(fault);
        } catch (RuntimeException | Error failed) {
            share.close();
            throw failed;
        }
    }

    /// True while what a client proved itself by is registered: a connection may be held for longer than that, and a
    /// secret that is taken out while it is held must not be worth a token any more.
    ///
    /// @param all the clients as they are now
    public boolean isGood(Map<String, Client> all, AuthenticatedClient proved) {
        var now = clock.instant();
        return registrations
                .find(all, proved.client.id())
                .filter(it -> !it.client().disabled())
                .filter(it -> it.client().auth().wire().equals(proved.method))
                .filter(it -> it.has(proved.credential, now))
                .isPresent();
    }

    /// The short name of the secret with this hash.
    static String credential(String hash) {
        return hash.substring(0, 8);
    }

    private static AuthenticatedClient proved(Client client, String credential, Shares.Share share) {
        return new AuthenticatedClient(client, client.auth().wire(), credential, share);
    }

    /// What is wrong with an assertion itself: told to whoever made it, because it says nothing of us.
    private static Refusal wrong(Jws.Fault fault) {
        return Refusal.of(ErrorCode.INVALID_CLIENT, Refusal.sayable("client_assertion: " + fault.said()));
    }

    /// One text for all that must not be told apart; the log knows which it was.
    private static Refusal failed(String id, Optional<Registrations.Registered> registered, String credential) {
        var client = registered
                .map(it -> it.client().disabled()
                        ? "is disabled"
                        : "is registered for " + it.client().auth().wire())
                .orElse("is unknown");
        return Refusal.of(ErrorCode.INVALID_CLIENT, "client authentication failed")
                .because("client " + id + " " + client + ", its credential " + credential);
    }
}
