package dev.countersign.replay;

import dev.countersign.policy.Loosening;
import dev.countersign.policy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of judging again, the past or the present: for each verdict that was given, how often the candidate says
/// which, and what it loosens and tightens.
public final class Flips {
    private final int named;
    private final boolean latest;
    private final Map<Cell, Long> cells = new HashMap<>();
    private final List<Named> loosenings = new ArrayList<>();
    private final List<Named> tightenings = new ArrayList<>();
    final Waits waits = new Waits();
    long withheld;
    long unreadable;
    long incomparable;
    private long loosened;
    private long loosenedWithin;
    private long tightened;
    private long tightenedWithin;
    private long refusedOtherwise;
    private long unfollowed;
    private long savedSeconds;
    private long savedReviews;
    private long newReviews;

    /// @param named how many loosened requests are named, and how many tightened ones, the first
    Flips(int named) {
        this(named, false);
    }

    private Flips(int named, boolean latest) {
        this.named = named;
        this.latest = latest;
    }

    /// Names the last that were loosened, at least one, and the last that were tightened.
    static Flips latest(int named) {
        return new Flips(named, true);
    }

    private record Cell(Word was, Word now) {}

    /// How often one verdict would be another.
    public interface Cells {
        /// How many requests had the one and would have the other.
        long count(Word was, Word now);
    }

    /// A request that the candidate treats more loosely, or more strictly in something and more loosely in nothing.
    ///
    /// @param how in words
    public record Named(
            String request,
            Instant at,
            String client,
            String resource,
            List<String> scopes,
            Word was,
            List<String> rules,
            Word now,
            List<String> candidateRules,
            List<String> how) {
        /// As commands and the API write it.
        public Map<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("request", request);
            json.put("at", at.toString());
            json.put("client", client);
            json.put("resource", resource);
            json.put("scopes", scopes);
            json.put("was", was.word());
            json.put("rules", rules);
            json.put("now", now.word());
            json.put("candidate_rules", candidateRules);
            json.put("how", how);
            return json;
        }
    }

    /// A request that was judged twice.
    ///
    /// @param rules those that settled it the first time
    record Asked(String request, Instant at, String client, String resource, List<String> scopes, List<String> rules) {
        static Asked of(Decision decision) {
            return new Asked(
                    decision.request(),
                    decision.at(),
                    decision.client(),
                    decision.resource(),
                    decision.scopes(),
                    decision.rules());
        }
    }

    /// Counts a decision of the past, with what it takes of people's time.
    void add(Decision decision, Word was, Verdict verdict, Loosening otherwise) {
        var now = Word.of(verdict);
        if (!decision.refusedFor().isEmpty()) {
            refusedOtherwise++;
        } else if (decision.isUnfollowed()) {
            unfollowed++;
        } else if (was == Word.REVIEW && now != Word.REVIEW) {
            savedReviews++;
            savedSeconds += decision.waited().map(Duration::toSeconds).orElse(0L);
        } else if (was != Word.REVIEW && now == Word.REVIEW) {
            newReviews++;
        }
        add(Asked.of(decision), was, verdict, otherwise);
    }

    /// Counts one and names it when it is loosened or tightened.
    void add(Asked asked, Word was, Verdict verdict, Loosening otherwise) {
        var now = Word.of(verdict);
        cells.merge(new Cell(was, now), 1L, Long::sum);
        if (otherwise.loosens()) {
            loosened++;
            loosenedWithin += was == now ? 1 : 0;
            name(asked, was, verdict, otherwise.looser(), loosenings);
        } else if (otherwise.tightens()) {
            tightened++;
            tightenedWithin += was == now ? 1 : 0;
            name(asked, was, verdict, otherwise.tighter(), tightenings);
        }
    }

    private void name(Asked asked, Word was, Verdict verdict, List<String> how, List<Named> among) {
        if (latest && among.size() == named) {
            among.removeFirst();
        }
        if (among.size() < named) {
            among.add(new Named(
                    asked.request(),
                    asked.at(),
                    asked.client(),
                    asked.resource(),
                    asked.scopes(),
                    was,
                    asked.rules(),
                    Word.of(verdict),
                    verdict.rules(),
                    how));
        }
    }

    void add(Flips later) {
        later.cells.forEach((cell, count) -> cells.merge(cell, count, Long::sum));
        later.loosenings.stream().limit(Math.max(0, named - loosenings.size())).forEach(loosenings::add);
        later.tightenings.stream()
                .limit(Math.max(0, named - tightenings.size()))
                .forEach(tightenings::add);
        waits.add(later.waits);
        withheld += later.withheld;
        unreadable += later.unreadable;
        incomparable += later.incomparable;
        loosened += later.loosened;
        loosenedWithin += later.loosenedWithin;
        tightened += later.tightened;
        tightenedWithin += later.tightenedWithin;
        refusedOtherwise += later.refusedOtherwise;
        unfollowed += later.unfollowed;
        savedSeconds += later.savedSeconds;
        savedReviews += later.savedReviews;
        newReviews += later.newReviews;
    }

    /// How many requests had the one verdict and would have the other.
    public long count(Word was, Word now) {
        return cells.getOrDefault(new Cell(was, now), 0L);
    }

    /// The same of all verdicts: by the word that was said and the word that would be.
    public Map<String, Map<String, Long>> matrix() {
        var matrix = new LinkedHashMap<String, Map<String, Long>>();
        for (var was : Word.values()) {
            var row = new LinkedHashMap<String, Long>();
            for (var now : Word.values()) {
                row.put(now.word(), count(was, now));
            }
            matrix.put(was.word(), row);
        }
        return matrix;
    }

    /// How many were compared, and what came of it, as commands and the API write it.
    public Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("compared", compared());
        json.put("flipped", flipped());
        json.put("matrix", matrix());
        json.put("loosened", loosened);
        json.put("loosened_within", loosenedWithin);
        json.put("tightened", tightened);
        json.put("tightened_within", tightenedWithin);
        json.put("loosenings", loosenings.stream().map(Named::json).toList());
        return json;
    }

    /// What it takes of people's time and what it saves them, as commands and the API write it.
    public Map<String, @Nullable Object> waited() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("decided", waits.count());
        json.put("median_s", waits.median().map(Duration::toSeconds).orElse(null));
        json.put("saved_reviews", savedReviews());
        json.put("saved_s", savedWait().toSeconds());
        json.put("new_reviews", newReviews());
        json.put("new_s", newWait().toSeconds());
        return json;
    }

    /// How many were compared.
    public long compared() {
        return cells.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many have another verdict.
    public long flipped() {
        return cells.entrySet().stream()
                .filter(it -> it.getKey().was() != it.getKey().now())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// How many it treats more loosely in anything.
    public long loosened() {
        return loosened;
    }

    /// How many of those keep their verdict: fewer votes, longer times, less required.
    public long loosenedWithin() {
        return loosenedWithin;
    }

    /// How many it treats more strictly in something and more loosely in nothing.
    public long tightened() {
        return tightened;
    }

    /// How many of those keep their verdict.
    public long tightenedWithin() {
        return tightenedWithin;
    }

    /// Some that it treats more loosely, in the order they were made.
    public List<Named> loosenings() {
        return List.copyOf(loosenings);
    }

    /// Some that it treats more strictly in something and more loosely in nothing, in the order they were made.
    public List<Named> tightenings() {
        return List.copyOf(tightenings);
    }

    /// How many were refused at once for another reason than policy's: a freeze, nobody to decide, the same again.
    public long refusedOtherwise() {
        return refusedOtherwise;
    }

    /// Of how many policy said otherwise than what came of them: they were observed only, and asked nobody.
    public long unfollowed() {
        return unfollowed;
    }

    /// Of how many the facts were erased or never disclosed.
    public long withheld() {
        return withheld;
    }

    /// Of how many the entries, the facts or the verdict cannot be read.
    public long unreadable() {
        return unreadable;
    }

    /// Of how many only the verdict's word could be compared, since this release cannot read the policy of then.
    public long incomparable() {
        return incomparable;
    }

    /// How long people took over what they decided.
    public Waits waits() {
        return waits;
    }

    /// How many requests people would not have been asked about.
    public long savedReviews() {
        return savedReviews;
    }

    /// How long those waited, all together.
    public Duration savedWait() {
        return Duration.ofSeconds(savedSeconds);
    }

    /// How many they would have been asked about that they were not.
    public long newReviews() {
        return newReviews;
    }

    /// How long those would wait if each took the median.
    public Duration newWait() {
        return waits.median().orElse(Duration.ZERO).multipliedBy(newReviews);
    }
}
