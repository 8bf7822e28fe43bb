package dev.countersign.signin;

import dev.countersign.oauth.Jws;
import dev.countersign.oauth.Sha256;
import dev.countersign.oauth.SingleUse;
import dev.countersign.outward.OutwardClient;
import dev.countersign.people.Arrival;
import dev.countersign.people.Arrivals;
import dev.countersign.people.Identity;
import dev.countersign.people.Roster;
import dev.countersign.people.Session;
import dev.countersign.people.SignOuts;
import dev.countersign.source.Secrets;
import dev.countersign.store.KeyedHash;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way in by OpenID providers: the authorization code flow with PKCE, a nonce and a state that only the browser has
/// which began. OpenID Connect Core 1.0 §3.1, as hardened by RFC 9700.
public final class Logins {
    private static final Logger log = LoggerFactory.getLogger(Logins.class);

    private final String issuer;
    private final Arrivals arrivals;
    private final Supplier<List<Provider>> providers;
    private final Supplier<Roster> roster;
    private final Flows flows;
    private final Discovery discovery;
    private final TokenCall tokens;
    private final InstantSource clock;

    /// @param issuer this server's URL as browsers see it
    /// @param providers those of the configuration now in force
    /// @param roster what that configuration says of people
    public Logins(
            String issuer,
            Arrivals arrivals,
            Supplier<List<Provider>> providers,
            Supplier<Roster> roster,
            KeyedHash hash,
            SingleUse singleUse,
            OutwardClient client,
            Secrets secrets,
            InstantSource clock) {
        this.issuer = issuer;
        this.arrivals = arrivals;
        this.providers = providers;
        this.roster = roster;
        this.flows = new Flows(hash, singleUse, clock);
        this.discovery = new Discovery(client, clock);
        this.tokens = new TokenCall(client, secrets);
        this.clock = clock;
    }

    /// The way out that providers have, with what is known of them here.
    public Logouts logouts(SignOuts signOuts, Logouts.SpentOnce spent) {
        return new Logouts(signOuts, discovery, spent, clock);
    }

    /// The providers that people may choose from.
    public List<Provider> providers() {
        return providers.get();
    }

    /// The provider of that id.
    public Optional<Provider> provider(String id) {
        return providers.get().stream().filter(it -> it.id().equals(id)).findFirst();
    }

    /// What came of sending a browser to a provider.
    public sealed interface Begun {
        /// It goes there.
        ///
        /// @param cookie what it comes back with
        record To(URI uri, String cookie) implements Begun {
            /// Keeps the cookie out of logs.
            @Override
            public String toString() {
                return "To[" + uri.getHost() + "]";
            }
        }

        /// It cannot.
        record Not(Failure failure) implements Begun {}
    }

    /// What came of a browser's coming back.
    public sealed interface Finished {
        /// Its person is signed in.
        ///
        /// @param next where it goes now, a path of ours
        record In(Session session, String cookie, String next) implements Finished {
            /// Keeps the cookie out of logs.
            @Override
            public String toString() {
                return "In[" + session + "]";
            }
        }

        /// Nobody is.
        record Not(Failure failure) implements Finished {}
    }

    /// Sends a browser to a provider. Blocks while that is asked where its sign-in page is.
    ///
    /// @param next where it goes afterwards, a path of ours
    /// @param fresh whether they have to prove themselves there once more, whatever session they have
    public Begun begin(Provider provider, String next, boolean fresh) {
        try {
            var endpoints = discovery.endpoints(provider);
            var flow = flows.begin(provider, next, fresh);
            return new Begun.To(authorization(provider, endpoints, flow), flows.cookie(flow));
        } catch (Failed failed) {
            tell(provider, failed);
            return new Begun.Not(failed.failure);
        }
    }

    private URI authorization(Provider provider, Endpoints endpoints, Flow flow) {
        var scopes = new TreeSet<>(List.of("openid", "profile", "email"));
        scopes.addAll(provider.scopes());
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", provider.clientId());
        query.put("redirect_uri", redirect(provider));
        query.put("scope", String.join(" ", scopes));
        query.put("state", flows.state(flow));
        query.put("nonce", flows.nonce(flow));
        query.put("code_challenge", Sha256.base64url(flows.verifier(flow)));
        query.put("code_challenge_method", "S256");
        if (flow.fresh()) {
            query.put("prompt", "login");
            query.put("max_age", "0");
        } else {
            provider.maxAge().ifPresent(it -> query.put("max_age", Long.toString(it.toSeconds())));
        }
        var uri = endpoints.authorization();
        return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + TokenCall.form(query));
    }

    /// Each provider has one of its own, so that an answer that one of them was asked for cannot come from another.
    private String redirect(Provider provider) {
        return issuer + "/login/" + provider.id() + "/callback";
    }

    /// Signs in whoever comes back. Blocks while the provider is asked.
    public Finished finish(Provider provider, Callback callback) {
        try {
            var flow = flows.finish(provider, callback.flow(), callback.one("state"));
            var endpoints = discovery.endpoints(provider);
            issuer(provider, endpoints, callback);
            var token = idToken(provider, endpoints, flow, code(callback));
            return switch (arrivals.arrive(arrival(provider, callback, token))) {
                case Arrivals.Came.In(_, var session, var cookie) -> new Finished.In(session, cookie, flow.next());
                case Arrivals.Came.Nobody() -> new Finished.Not(Failure.NOBODY);
            };
        } catch (Failed failed) {
            tell(provider, failed);
            // Anybody can come back without having gone; and a provider that is away says nothing of anybody.
            switch (failed.failure) {
                case REFUSED, UNTRUSTED, CLOCK, STALE ->
                    arrivals.failed(provider.id(), failed.failure.word(), callback.from());
                case LOST, AWAY, BUSY, MISCONFIGURED, NOBODY -> {}
            }
            return new Finished.Not(failed.failure);
        }
    }

    /// RFC 9207 §2.4: whose answer it is, so that no provider's code is given to another.
    private static void issuer(Provider provider, Endpoints endpoints, Callback callback) throws Failed {
        var said = callback.one("iss");
        boolean missing = said.isEmpty() && endpoints.saysIssuer();
        if (missing || (!said.isEmpty() && !said.equals(provider.issuer()))) {
            throw new Failed(Failure.UNTRUSTED, "its answer is of another issuer, or does not say of which");
        }
    }

    private static String code(Callback callback) throws Failed {
        var error = callback.one("error");
        if (!error.isEmpty()) {
            throw new Failed(
                    Failure.REFUSED, "it said " + (error.matches("[a-z_]{1,40}") ? error : "no error of OAuth"));
        }
        var code = callback.one("code");
        if (code.isEmpty()) {
            throw new Failed(Failure.UNTRUSTED, "its answer has neither a code nor an error");
        }
        return code;
    }

    private IdToken idToken(Provider provider, Endpoints endpoints, Flow flow, String code) throws Failed {
        var compact = tokens.idToken(provider, endpoints, code, flows.verifier(flow), redirect(provider));
        Jws jws = IdTokenCheck.read(compact);
        if (!discovery.keys(provider, jws).signed(jws)) {
            throw new Failed(Failure.UNTRUSTED, "its ID token is signed by no key of its own");
        }
        var now = clock.instant();
        var maxAge = flow.fresh() ? Optional.of(Duration.between(flow.begun(), now)) : provider.maxAge();
        return new IdTokenCheck(provider, now).accept(jws, flows.nonce(flow), maxAge);
    }

    private Arrival arrival(Provider provider, Callback callback, IdToken token) {
        return new Arrival(
                provider.id(),
                new Identity(provider.issuer(), token.subject()),
                token.user(),
                token.name(),
                token.email(),
                roster.get().claimed(provider.issuer(), token.groups()),
                provider.goodFor(),
                token.authenticated(),
                token.session(),
                callback.from(),
                callback.userAgent(),
                callback.session());
    }

    private static void tell(Provider provider, Failed failed) {
        switch (failed.failure) {
            case LOST, REFUSED -> log.debug("sign-in with {}: {}", provider.id(), failed.because());
            case AWAY, BUSY, MISCONFIGURED, UNTRUSTED, CLOCK, STALE, NOBODY ->
                log.warn("sign-in with {}: {}", provider.id(), failed.because());
        }
    }
}
