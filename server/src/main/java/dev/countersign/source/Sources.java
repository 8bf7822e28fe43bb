package dev.countersign.source;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.http.Json;
import dev.countersign.outward.Answer;
import dev.countersign.outward.Call;
import dev.countersign.outward.OutwardClient;
import dev.countersign.outward.Reach;
import dev.countersign.policy.Heard;
import dev.countersign.policy.SourceFacts;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks sources about requests. It blocks for as long as the slowest of them may take: whoever calls holds
/// neither a transaction nor a lock.
///
/// Several are asked side by side. Who asks the same at the same time waits for the same answer, and what was
/// said is good for a while. What went wrong is remembered for a second, so that it does not cost everybody its
/// time-out.
public final class Sources {
    private static final Logger log = LoggerFactory.getLogger(Sources.class);

    /// How much is kept of what was said, in characters.
    private static final long KEPT = 8_000_000;

    private static final int BREAKERS = 1_000;

    private final OutwardClient client;
    private final Secrets secrets;
    private final InstantSource clock;
    private final Map<Question, CompletableFuture<Heard>> flights = new ConcurrentHashMap<>();
    private final Cache<Question, Kept> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT)
            .<Question, Kept>weigher((question, it) -> question.weight() + it.weight())
            .executor(Runnable::run)
            .build();
    private final Cache<FactSource, Breaker> breakers =
            Caffeine.newBuilder().maximumSize(BREAKERS).executor(Runnable::run).build();
    private final Map<Result, LongAdder> results = new ConcurrentHashMap<>();

    public Sources(OutwardClient client, Secrets secrets, InstantSource clock) {
        this.client = client;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// What comes of one question, for metrics.
    public enum Result {
        /// The source gave all its facts.
        ANSWERED,
        /// It answered, and not all of them were there.
        UNUSABLE,
        /// It did not answer.
        SILENT,
        /// It said so a moment ago, or is being asked the same.
        SHARED,
        /// It was not asked: it has fallen silent, or the request has nothing to ask about.
        SPARED;

        /// The word in metrics: lower case.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a source is asked: a URL, and a body where there is one.
    private record Question(FactSource source, URI uri, String body) {
        int weight() {
            return 200 + uri.toString().length() + body.length();
        }
    }

    private record Kept(Heard heard, Instant from, Instant until) {
        boolean holds(Instant now) {
            // A clock that was put back makes nothing live longer.
            return !now.isBefore(from) && now.isBefore(until);
        }

        int weight() {
            return 100
                    + heard.facts().toString().length()
                    + heard.silent().toString().length();
        }
    }

    /// What sources say of a request.
    public Heard ask(Collection<FactSource> sources, Inquiry inquiry) {
        var asked = sources.stream().map(it -> ask(it, inquiry)).toList();
        return asked.stream().map(CompletableFuture::join).reduce(Heard.NOTHING, Heard::and);
    }

    /// How many questions came to this.
    public long count(Result result) {
        var count = results.get(result);
        return count == null ? 0 : count.sum();
    }

    private void add(Result result) {
        results.computeIfAbsent(result, _ -> new LongAdder()).increment();
    }

    private CompletableFuture<Heard> ask(FactSource source, Inquiry inquiry) {
        return switch (question(source, inquiry)) {
            case Asks.About(var question) -> ask(question);
            case Asks.Not(var why) -> spared(source, why);
        };
    }

    private CompletableFuture<Heard> spared(FactSource source, String why) {
        add(Result.SPARED);
        return CompletableFuture.completedFuture(Heard.silent(source.name(), why));
    }

    private sealed interface Asks {
        record About(Question question) implements Asks {}

        record Not(String why) implements Asks {}
    }

    private static Asks question(FactSource source, Inquiry inquiry) {
        return switch (source.asked()) {
            case FactSource.Asked.Page(var url, _) ->
                switch (url.fill(inquiry)) {
                    case Template.Filled.Url(var uri) -> new Asks.About(new Question(source, uri, ""));
                    case Template.Filled.Unasked(var why) -> new Asks.Not(why);
                };
            case FactSource.Asked.Decision(var endpoint) ->
                new Asks.About(new Question(source, endpoint, Evaluation.of(inquiry)));
        };
    }

    private CompletableFuture<Heard> ask(Question question) {
        var known = known(question);
        if (known.isPresent()) {
            add(Result.SHARED);
            return CompletableFuture.completedFuture(known.get());
        }
        var mine = new CompletableFuture<Heard>();
        var flight = flights.putIfAbsent(question, mine);
        if (flight != null) {
            add(Result.SHARED);
            return flight;
        }
        // Another may have landed since it was looked for.
        var landed = known(question);
        if (landed.isPresent()) {
            add(Result.SHARED);
            land(question, mine, landed.get());
        } else if (!breaker(question.source()).lets(clock.instant())) {
            add(Result.SPARED);
            land(
                    question,
                    mine,
                    Heard.silent(question.source().name(), "was not asked, since it did not answer a moment ago"));
        } else {
            fly(question, mine);
        }
        return mine;
    }

    private Optional<Heard> known(Question question) {
        return Optional.ofNullable(kept.getIfPresent(question))
                .filter(it -> it.holds(clock.instant()))
                .map(Kept::heard);
    }

    /// Whatever happens on the way, it lands: somebody waits for it.
    private void fly(Question question, CompletableFuture<Heard> mine) {
        var source = question.source();
        var _ = heard(question)
                .exceptionally(failed -> {
                    log.error("source {} could not be asked", source.name(), failed);
                    return Heard.silent(source.name(), "could not be asked");
                })
                .thenAccept(heard -> {
                    try {
                        keep(question, heard);
                    } finally {
                        land(question, mine, heard);
                    }
                });
    }

    private void land(Question question, CompletableFuture<Heard> mine, Heard heard) {
        flights.remove(question, mine);
        mine.complete(heard);
    }

    private void keep(Question question, Heard heard) {
        var cache = question.source().cache();
        var good = heard.silent().isEmpty() ? cache : Breaker.PAUSE;
        if (good.isPositive()) {
            var now = clock.instant();
            kept.put(question, new Kept(heard, now, now.plus(good)));
        }
    }

    private CompletableFuture<Heard> heard(Question question) {
        var source = question.source();
        var headers = new HashMap<String, String>();
        if (source.authorization().isPresent()) {
            var secret = secrets.read(source.authorization().get());
            if (secret.isEmpty()) {
                return CompletableFuture.completedFuture(silent(
                        source, "was not asked, since " + source.authorization().get() + " holds nothing to be sent"));
            }
            headers.put("Authorization", secret.get());
        }
        boolean asksForDecision = !question.body().isEmpty();
        if (asksForDecision) {
            headers.put("Content-Type", "application/json");
        }
        try {
            return client.send(new Call(
                            asksForDecision ? "POST" : "GET",
                            question.uri(),
                            headers,
                            question.body(),
                            source.timeout(),
                            Reach.OPERATOR))
                    .thenApply(it -> heard(source, it));
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private Breaker breaker(FactSource source) {
        return breakers.get(source, _ -> new Breaker());
    }

    private Heard heard(FactSource source, Answer answer) {
        return switch (answer) {
            case Answer.Said(var status, var body, _) -> {
                breaker(source).answered();
                var heard = said(source, status, body);
                add(heard.silent().isEmpty() ? Result.ANSWERED : Result.UNUSABLE);
                yield heard;
            }
            // That this node is busy is not the source's silence.
            case Answer.Nothing(var silence)
            when silence == Answer.Silence.BUSY -> {
                add(Result.SPARED);
                yield Heard.silent(source.name(), words(silence, source));
            }
            case Answer.Nothing(var silence) -> silent(source, words(silence, source));
        };
    }

    private Heard silent(FactSource source, String why) {
        add(Result.SILENT);
        int times = breaker(source).silent(clock.instant());
        if (Integer.bitCount(times) == 1) { // one that is away for long does not fill the log
            log.warn("source {} {}, number {} in a row", source.name(), why, times);
        }
        return Heard.silent(source.name(), why);
    }

    private static Heard said(FactSource source, int status, String body) {
        if (status != 200) {
            return Heard.silent(source.name(), "answered with status " + status);
        }
        try {
            var json = Json.read(body);
            var facts = new TreeMap<String, Object>();
            var missing = new TreeSet<String>();
            for (var reading : source.asked().readings()) {
                var fact = SourceFacts.fact(source.name(), reading.name(), reading.type());
                reading.of(json)
                        .ifPresentOrElse(
                                it -> facts.put(fact.name(), it),
                                () -> missing.add(
                                        reading.name() + " (" + reading.type().cel() + ")"));
            }
            var heard = Heard.of(facts);
            return missing.isEmpty()
                    ? heard
                    : heard.and(Heard.silent(source.name(), "gave no " + String.join(", ", missing)));
        } catch (Json.Malformed _) {
            return Heard.silent(source.name(), "answered what is not JSON");
        }
    }

    private static String words(Answer.Silence silence, FactSource source) {
        return switch (silence) {
            case LATE -> "did not answer within " + seconds(source) + " s";
            case UNREACHABLE -> "could not be reached";
            case FORBIDDEN -> "is at an address that is never asked";
            case UNTRUSTED -> "could not prove who it is";
            case TOO_LARGE -> "answered more than 64 KiB";
            case NOT_HTTP -> "answered what is not HTTP";
            case BUSY -> "was not asked, since this node asks too much at once";
        };
    }

    private static String seconds(FactSource source) {
        var millis = source.timeout().toMillis();
        return millis % 1_000 == 0 ? String.valueOf(millis / 1_000) : String.valueOf(millis / 1_000.0);
    }
}
