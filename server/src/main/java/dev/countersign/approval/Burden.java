package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How much waits for whom, in memory and from the ledger: which groups each request still needs that waits for
/// votes. So whether somebody has room for one more costs no look into the store.
///
/// The ledger alone tells of it, in its order, so that nothing is counted whose end was told already. What is
/// asked is known once its entry is in its place, so there may be a few more than a cap says. What waited in
/// the store is taken in while others are served: until then nobody has too much, and unless that is begun
/// nothing is kept.
///
/// What changes is changed by one thread at a time; whoever counts waits for none of them.
public final class Burden {
    private final Map<String, Waiting> requests = new HashMap<>();
    private final Map<Kind, Integer> counts = new ConcurrentHashMap<>();

    /// The same of those that somebody has voted on, who has nothing more to say.
    private final Map<String, Map<Kind, Integer>> spoken = new ConcurrentHashMap<>();

    /// What the ledger tells while the store is read; null at any other time.
    private @Nullable List<EntryView> meanwhile;

    private volatile boolean begun;

    /// What makes a request wait for somebody.
    ///
    /// @param groups those that have places left
    /// @param owner the group on whose side it is asked
    private record Kind(Set<String> groups, String owner) {
        boolean isFor(Set<String> member) {
            return !Collections.disjoint(groups, member) && !member.contains(owner);
        }
    }

    /// A request that waits for votes.
    private static final class Waiting {
        private final List<Stage> stages;
        private final String owner;

        /// The groups for which each counts who approves.
        private final Map<String, Set<String>> approvals = new HashMap<>();

        /// Who voted, and in whose places.
        private final Set<String> heard = new HashSet<>();

        private Kind kind;

        Waiting(List<Stage> stages, String owner) {
            this.stages = stages;
            this.owner = owner;
            this.kind = new Kind(stages.stream().map(Stage::group).collect(Collectors.toUnmodifiableSet()), owner);
        }

        void hear(EntryView vote) {
            var person = vote.actor().id();
            heard.add(person);
            if (!vote.text(Member.IN_PLACE_OF).isEmpty()) {
                heard.add(vote.text(Member.IN_PLACE_OF));
            }
            if (vote.text(Member.VOTE).equals(Member.APPROVE)) {
                approvals.put(person, Set.copyOf(vote.texts(Member.STAGES)));
                kind = new Kind(unfilled(), owner);
            }
        }

        /// The groups that have places left: one more who votes for nothing else would fill one.
        private Set<String> unfilled() {
            int open = open(approvals);
            return stages.stream()
                    .map(Stage::group)
                    .filter(group -> {
                        var more = new HashMap<>(approvals);
                        more.put("", Set.of(group));
                        return open(more) < open;
                    })
                    .collect(Collectors.toUnmodifiableSet());
        }

        private int open(Map<String, Set<String>> people) {
            return Quorum.open(stages, people).stream().mapToInt(it -> it).sum();
        }
    }

    /// Begins to count. What the ledger tells while the store is read is taken in after it.
    ///
    /// @param reading tells of each request that waits in the store, by [#waits]
    public void begin(Runnable reading) {
        synchronized (this) {
            if (begun || meanwhile != null) {
                return;
            }
            meanwhile = new ArrayList<>();
        }
        try {
            reading.run();
            begin();
        } finally {
            stopReading();
        }
    }

    private synchronized void begin() {
        Objects.requireNonNull(meanwhile).forEach(this::take);
        begun = true;
    }

    private synchronized void stopReading() {
        meanwhile = null;
        if (!begun) {
            List.copyOf(requests.keySet()).forEach(this::ended);
        }
    }

    /// Whether it knows of all that waits.
    public boolean isBegun() {
        return begun;
    }

    /// Takes in what waits in the store.
    ///
    /// @param entries what the ledger has of it; empty when nobody has voted
    public synchronized void waits(Question question, List<EntryView> entries) {
        var request = question.request().id();
        asked(request, question.verdict().stages(), question.ownedBy());
        entries.stream().filter(it -> it.code() == Code.REQUEST_VOTED).forEach(it -> voted(request, it));
    }

    /// Hears of entries of the ledger, whoever wrote them.
    public synchronized void heard(List<EntryView> entries) {
        if (meanwhile != null) {
            entries.stream().filter(it -> it.request().isPresent()).forEach(meanwhile::add);
        } else if (begun) {
            entries.forEach(this::take);
        }
    }

    private void take(EntryView entry) {
        entry.request().ifPresent(request -> take(entry, request));
    }

    private void take(EntryView entry, String request) {
        switch (entry.code()) {
            case REQUEST_JUDGED -> asked(request, stages(entry), entry.text(Member.OWNER));
            case REQUEST_VOTED -> voted(request, entry);
            case REQUEST_DECIDED, REQUEST_ENDED -> ended(request);
            default -> {
                // stays as it is
            }
        }
    }

    private static List<Stage> stages(EntryView judged) {
        return judged.body().get(Member.STAGES) instanceof List<?> stages
                ? stages.stream().flatMap(it -> stage(it).stream()).toList()
                : List.of();
    }

    private static Optional<Stage> stage(Object stage) {
        return stage instanceof Map<?, ?> it
                        && it.get(Member.GROUP) instanceof String group
                        && it.get(Member.VOTES) instanceof Number votes
                ? Optional.of(new Stage(group, votes.intValue()))
                : Optional.empty();
    }

    private void asked(String request, List<Stage> stages, String owner) {
        if (!requests.containsKey(request)) {
            var waiting = new Waiting(stages, owner);
            requests.put(request, waiting);
            add(waiting, 1);
        }
    }

    private void voted(String request, EntryView vote) {
        var waiting = requests.get(request);
        if (waiting != null) {
            add(waiting, -1);
            waiting.hear(vote);
            add(waiting, 1);
        }
    }

    private void ended(String request) {
        var waiting = requests.remove(request);
        if (waiting != null) {
            add(waiting, -1);
        }
    }

    private void add(Waiting waiting, int by) {
        var kind = waiting.kind;
        add(counts, kind, by);
        waiting.heard.forEach(person -> spoken.compute(person, (_, was) -> {
            var theirs = was == null ? new ConcurrentHashMap<Kind, Integer>() : was;
            add(theirs, kind, by);
            return theirs.isEmpty() ? null : theirs;
        }));
    }

    private static void add(Map<Kind, Integer> counts, Kind kind, int by) {
        counts.merge(kind, by, (was, more) -> was + more == 0 ? null : was + more);
    }

    /// How many wait for somebody who is in these groups: few sums, however many wait. What they have voted on
    /// does not, nor what is asked on their side.
    int of(PersonId person, Set<String> groups) {
        return begun ? sum(counts, groups) - sum(spoken.getOrDefault(person.value(), Map.of()), groups) : 0;
    }

    private static int sum(Map<Kind, Integer> counts, Set<String> groups) {
        return counts.entrySet().stream()
                .filter(it -> it.getKey().isFor(groups))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /// How many requests it keeps.
    synchronized int kept() {
        return requests.size() + (meanwhile == null ? 0 : meanwhile.size());
    }
}
