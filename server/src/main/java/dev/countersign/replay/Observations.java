package dev.countersign.replay;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Histories;
import dev.countersign.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What enforcing would make of what was observed only: for each client and resource how much would be held, denied,
/// capped or approved, by which rules, and how often people would be asked.
///
/// A request that would be held asks people once; the same again, while they take as long as they take over others,
/// joins it. It is counted from the ledger's entries alone, whether the facts were erased or not.
public final class Observations {
    private final int named;
    private final Waits waits = new Waits();
    private final SortedMap<Of, Line> lines = new TreeMap<>();
    private long unreadable;

    /// @param named how many requests of each kind are named of one client at one resource
    Observations(int named) {
        this.named = named;
    }

    /// Who asks whom.
    public record Of(String client, String resource) implements Comparable<Of> {
        private static final Comparator<Of> ORDER =
                Comparator.comparing(Of::client).thenComparing(Of::resource);

        @Override
        public int compareTo(Of other) {
            return ORDER.compare(this, other);
        }
    }

    /// One request, as its entry tells of it.
    private record Observation(String request, EntryView minted, Would would) {
        static Observation of(String request, EntryView minted) {
            return new Observation(request, minted, Would.of(minted));
        }

        /// What makes it the same question as another of its client.
        int question() {
            return Objects.hash(
                    minted.texts(Member.SCOPES),
                    minted.text(Member.DETAILS_DIGEST),
                    minted.number(Member.ASKED_LIFETIME),
                    minted.text(Member.JKT));
        }

        List<String> groups() {
            return minted.body().get(Member.STAGES) instanceof List<?> stages
                    ? stages.stream()
                            .map(it -> it instanceof Map<?, ?> stage ? String.valueOf(stage.get(Member.GROUP)) : "")
                            .toList()
                    : List.of();
        }
    }

    /// What was read of one batch.
    record Batch(List<Observation> observations, Waits waits, long unreadable) {}

    static Batch read(List<Histories.History> histories, Instant since) {
        var observations = new ArrayList<Observation>();
        var waits = new Waits();
        long unreadable = 0;
        for (var history : histories) {
            try {
                var decision = Decision.of(history).filter(it -> !it.at().isBefore(since));
                decision.filter(Decision::byPeople).flatMap(Decision::waited).ifPresent(waits::add);
                decision.map(it -> it.judged().entry())
                        .filter(it -> it.code() == Code.TOKEN_MINTED
                                && !it.texts(Member.OBSERVED).isEmpty())
                        .ifPresent(it -> observations.add(Observation.of(history.request(), it)));
            } catch (IllegalArgumentException notOurs) {
                unreadable++;
            }
        }
        return new Batch(observations, waits, unreadable);
    }

    void add(Batch later) {
        for (var it : later.observations()) {
            var of = new Of(it.minted().text(Member.CLIENT), it.minted().text(Member.RESOURCE));
            lines.computeIfAbsent(of, _ -> new Line(it.minted().at())).add(it);
        }
        waits.add(later.waits());
        unreadable += later.unreadable();
    }

    /// When people would be asked which question; a hash is enough to tell it from others of its client.
    ///
    /// @param refused whether it lacks something without which nobody is asked
    private record Held(Instant at, int question, List<String> groups, boolean refused) {}

    /// What would come of one client's requests at one resource.
    public final class Line {
        private final Map<Would, Long> counts = new EnumMap<>(Would.class);
        private final Map<Would, List<String>> examples = new EnumMap<>(Would.class);
        private final Map<Would, SortedMap<String, Long>> rules = new EnumMap<>(Would.class);
        private final SortedMap<String, Long> hindrances = new TreeMap<>();
        private final Map<List<String>, List<String>> groups = new HashMap<>();
        private final List<Held> held = new ArrayList<>();
        private final Instant first;
        private Instant last;

        private Line(Instant first) {
            this.first = first;
            this.last = first;
        }

        private void add(Observation it) {
            last = it.minted().at();
            counts.merge(it.would(), 1L, Long::sum);
            var examples = this.examples.computeIfAbsent(it.would(), _ -> new ArrayList<>());
            if (examples.size() < named) {
                examples.add(it.request());
            }
            var rules = this.rules.computeIfAbsent(it.would(), _ -> new TreeMap<>());
            it.minted().texts(Member.RULES).forEach(rule -> rules.merge(rule, 1L, Long::sum));
            switch (it.would()) {
                case HELD -> held.add(held(it));
                case REFUSED -> {
                    hindrances.merge(it.minted().text(Member.BECAUSE), 1L, Long::sum);
                    held.add(held(it));
                }
                case APPROVED, CAPPED, DENIED -> {}
            }
        }

        private Held held(Observation it) {
            var same = groups.computeIfAbsent(it.groups(), groups -> groups);
            return new Held(last, it.question(), same, it.would() == Would.REFUSED);
        }

        /// Those of which people would have been asked.
        ///
        /// @param complete whether what would be refused had what it lacks
        private List<Held> asked(boolean complete) {
            var wait = taken().orElse(Duration.ZERO);
            var before = new HashMap<Integer, Instant>();
            var asked = new ArrayList<Held>();
            for (var it : held) {
                if (it.refused() && !complete) {
                    continue;
                }
                var earlier = before.get(it.question());
                if (earlier == null || !it.at().isBefore(earlier.plus(wait))) {
                    before.put(it.question(), it.at());
                    asked.add(it);
                }
            }
            return asked;
        }

        /// How many requests there were.
        public long requests() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        public long count(Would would) {
            return counts.getOrDefault(would, 0L);
        }

        /// The first requests of that kind.
        public List<String> examples(Would would) {
            return List.copyOf(examples.getOrDefault(would, List.of()));
        }

        /// How many each rule settled so; two may have settled one together.
        public SortedMap<String, Long> rules(Would would) {
            return rules.getOrDefault(would, new TreeMap<>());
        }

        /// Why what would be refused at once would be, and how often: `no-reason`.
        public SortedMap<String, Long> hindrances() {
            return hindrances;
        }

        /// How often people would have been asked.
        public long prompts() {
            return asked(false).size();
        }

        /// The same once what would be refused at once has what it lacks: a reason, a ticket, a reviewer.
        public long promptsOnceComplete() {
            return asked(true).size();
        }

        /// The same by the group that would be asked; two may be asked of one request.
        public SortedMap<String, Long> groups() {
            var prompts = new TreeMap<String, Long>();
            asked(false).forEach(it -> it.groups().forEach(group -> prompts.merge(group, 1L, Long::sum)));
            return prompts;
        }

        /// From its first request to its last, a day at least.
        public double days() {
            return Math.max(1.0, Duration.between(first, last).toSeconds() / 86_400.0);
        }

        /// How often people would have been asked a day.
        public double promptsADay() {
            return prompts() / days();
        }

        /// The same once what would be refused at once has what it lacks.
        public double promptsADayOnceComplete() {
            return promptsOnceComplete() / days();
        }
    }

    /// Of each client and resource of which anything was observed only.
    public SortedMap<Of, Line> lines() {
        return Collections.unmodifiableSortedMap(lines);
    }

    /// How long people take over what they decide, the median, by which it is told what would have joined; empty when
    /// they decided nothing meanwhile, and then nothing would have.
    public Optional<Duration> taken() {
        return waits.median();
    }

    /// Of how many requests the entries cannot be read.
    public long unreadable() {
        return unreadable;
    }
}
