package dev.countersign.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import dev.countersign.oauth.SingleUse;
import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes the ways of browsers to providers, and knows them again. The browser that begins one keeps it in a
/// cookie, with a keyed hash that nobody else can make: nothing is stored, so that nobody fills the store, and
/// any node finishes it. It is finished once.
final class Flows {
    /// How long somebody may take to sign in there.
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,3000}\\.[A-Za-z0-9_-]{43}");

    private final KeyedHash hash;
    private final SingleUse singleUse;
    private final InstantSource clock;

    Flows(KeyedHash hash, SingleUse singleUse, InstantSource clock) {
        this.hash = hash;
        this.singleUse = singleUse;
        this.clock = clock;
    }

    Flow begin(Provider provider, String next, boolean fresh) {
        var now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        return new Flow(provider.id(), next, Ids.secret(32), now, fresh);
    }

    String cookie(Flow flow) {
        var text = Json.write(Map.of(
                "login", flow.login(),
                "next", flow.next(),
                "seed", flow.seed(),
                "begun", flow.begun().getEpochSecond(),
                "fresh", flow.fresh()));
        var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
        return encoded + "." + hash.of("sign-in-flow", encoded);
    }

    /// The flow of a browser that comes back to where this provider sends it, with the state that it was given.
    ///
    /// @throws Failed when it began none such, or too long ago, or has finished it
    Flow finish(Provider provider, Optional<String> cookie, String state) throws Failed {
        var flow = cookie.flatMap(this::read)
                .orElseThrow(() -> new Failed(Failure.LOST, "the browser has no cookie of a sign-in"));
        if (!flow.login().equals(provider.id())) {
            throw new Failed(Failure.LOST, "the sign-in was begun with " + flow.login());
        }
        if (!KeyedHash.same(state(flow), state)) {
            throw new Failed(Failure.LOST, "the state is not the one this browser was given");
        }
        var now = clock.instant();
        if (now.isBefore(flow.begun()) || !now.isBefore(flow.begun().plus(LIFE))) {
            throw new Failed(Failure.LOST, "the sign-in was begun too long ago");
        }
        if (!singleUse.spend("sign-in", flow.seed(), flow.begun().plus(LIFE))) {
            throw new Failed(Failure.LOST, "the sign-in was finished before");
        }
        return flow;
    }

    private Optional<Flow> read(String cookie) {
        if (!COOKIE.matcher(cookie).matches()) {
            return Optional.empty();
        }
        int dot = cookie.indexOf('.');
        var encoded = cookie.substring(0, dot);
        if (!KeyedHash.same(hash.of("sign-in-flow", encoded), cookie.substring(dot + 1))) {
            return Optional.empty();
        }
        var json = Json.read(Base64.getUrlDecoder().decode(encoded));
        return Optional.of(new Flow(
                json.path("login").asString(""),
                json.path("next").asString(""),
                json.path("seed").asString(""),
                Instant.ofEpochSecond(json.path("begun").asLong(0)),
                json.path("fresh").asBoolean(false)));
    }

    String state(Flow flow) {
        return hash.of("sign-in-state", flow.seed());
    }

    String nonce(Flow flow) {
        return hash.of("sign-in-nonce", flow.seed());
    }

    /// RFC 7636 §4.1: 43 characters of the unreserved ones.
    String verifier(Flow flow) {
        return hash.of("sign-in-verifier", flow.seed());
    }
}
