package dev.countersign.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.oauth.Jws;
import dev.countersign.outward.Answer;
import dev.countersign.outward.Call;
import dev.countersign.outward.OutwardClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Where providers are and which keys they have: asked when it is needed and kept for an hour. Who asks at the
/// same time waits for the same answer, and one that did not come is not asked for again for some seconds.
final class Discovery {
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

    /// Whoever shows a signature by a key that is not known makes us ask again, but no more often than that.
    private static final Duration KEYS_AGAIN = Duration.ofSeconds(30);

    private static final int MOST = 200;

    private final OutwardClient client;
    private final InstantSource clock;
    private final Cache<Provider, Kept<Endpoints>> endpoints = cache();
    private final Cache<Provider, Kept<Keys>> keys = cache();

    Discovery(OutwardClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    private static <T> Cache<Provider, Kept<T>> cache() {
        return Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    }

    /// What came of asking.
    private sealed interface Heard<T> {
        record Known<T>(T value) implements Heard<T> {}

        record Not<T>(Failure failure, String because) implements Heard<T> {}
    }

    private record Kept<T>(CompletableFuture<Heard<T>> heard, Instant asked) {
        boolean holds(Instant now, Duration longest) {
            // A clock that was put back makes nothing live longer.
            return !heard.isDone()
                    || (!now.isBefore(asked)
                            && now.isBefore(asked.plus(heard.join() instanceof Heard.Not<T> ? FAILURE_KEPT : longest)));
        }

        T get() throws Failed {
            return switch (heard.join()) {
                case Heard.Known<T>(var value) -> value;
                case Heard.Not<T>(var failure, var because) -> throw new Failed(failure, because);
            };
        }
    }

    /// How an answer is read.
    private interface Reading<T> {
        T of(String body) throws Failed;
    }

    Endpoints endpoints(Provider provider) throws Failed {
        var uri = URI.create(provider.issuer().replaceFirst("/$", "") + "/.well-known/openid-configuration");
        return kept(endpoints, provider, uri, KEPT, body -> Endpoints.read(provider, body))
                .get();
    }

    /// The keys that may have signed it. A key that is not known may be a new one.
    Keys keys(Provider provider, Jws jws) throws Failed {
        var uri = endpoints(provider).jwks();
        var known = kept(keys, provider, uri, KEPT, Keys::read).get();
        return known.mayHaveSigned(jws)
                ? known
                : kept(keys, provider, uri, KEYS_AGAIN, Keys::read).get();
    }

    private <T> Kept<T> kept(
            Cache<Provider, Kept<T>> cache, Provider provider, URI uri, Duration longest, Reading<T> reading) {
        var now = clock.instant();
        // Nothing is waited for in here: what is put in is on its way.
        return cache.asMap()
                .compute(
                        provider,
                        (_, before) -> before != null && before.holds(now, longest)
                                ? before
                                : new Kept<>(ask(provider, uri, reading), now));
    }

    private <T> CompletableFuture<Heard<T>> ask(Provider provider, URI uri, Reading<T> reading) {
        var call = new Call("GET", uri, Map.of(), "", TIMEOUT, Endpoints.reach(provider, uri));
        return client.send(call)
                .thenApply(answer -> heard(uri, answer, reading))
                .exceptionally(failed -> new Heard.Not<>(Failure.AWAY, uri + " could not be asked: " + failed));
    }

    private static <T> Heard<T> heard(URI uri, Answer answer, Reading<T> reading) {
        return switch (answer) {
            case Answer.Said(var status, var body, _)
            when status == 200 -> {
                try {
                    yield new Heard.Known<>(reading.of(body));
                } catch (Failed failed) {
                    yield new Heard.Not<>(failed.failure, failed.because());
                }
            }
            case Answer.Said(var status, _, _) ->
                new Heard.Not<>(Failure.AWAY, uri + " answered with status " + status);
            case Answer.Nothing(var silence) ->
                new Heard.Not<>(
                        silence == Answer.Silence.BUSY ? Failure.BUSY : Failure.AWAY,
                        uri + " did not answer: " + silence);
        };
    }
}
