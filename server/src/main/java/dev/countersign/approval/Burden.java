package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// How much waits for whom, in memory and from the ledger: which groups each request is asked of that waits for votes.
/// So
/// whether somebody has room for one more costs no look into the store.
///
/// What other nodes ask is known once their entries are in their place, so there may be a few more than a cap says.
/// What
/// waited in the store already is taken in while others are served: until then nobody has too much.
public final class Burden {
    private final Map<String, Set<String>> requests = new ConcurrentHashMap<>();
    private final Map<Set<String>, Integer> counts = new ConcurrentHashMap<>();
    private final Set<String> overBefore = ConcurrentHashMap.newKeySet();
    private volatile boolean begun;

    /// Takes in what waited in the store when that was looked at: the groups of each request, by the request's id. What
    /// the ledger has told of since stands.
    public void begin(Map<String, Set<String>> waiting) {
        waiting.forEach(this::asked);
        begun = true;
        overBefore.clear();
    }

    /// Whether it knows of all that waits.
    public boolean isBegun() {
        return begun;
    }

    /// Hears of entries of the ledger, whoever wrote them.
    public void heard(List<EntryView> entries) {
        for (var entry : entries) {
            entry.request().ifPresent(request -> heard(entry, request));
        }
    }

    private void heard(EntryView entry, String request) {
        if (entry.code() == Code.REQUEST_JUDGED) {
            asked(request, groups(entry));
        } else if (entry.code() == Code.REQUEST_DECIDED || entry.code() == Code.REQUEST_ENDED) {
            ended(request);
        }
    }

    private static Set<String> groups(EntryView judged) {
        return judged.body().get(Member.STAGES) instanceof List<?> stages
                ? stages.stream()
                        .filter(it -> it instanceof Map<?, ?> stage && stage.get(Member.GROUP) instanceof String)
                        .map(it -> String.valueOf(((Map<?, ?>) it).get(Member.GROUP)))
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /// Knows of one at once that was asked here; the others come with the ledger, and so does this one.
    void asked(String request, Set<String> groups) {
        requests.computeIfAbsent(request, _ -> {
            if (overBefore.contains(request)) {
                return null;
            }
            counts.merge(groups, 1, Integer::sum);
            return groups;
        });
    }

    private void ended(String request) {
        requests.compute(request, (_, groups) -> {
            if (groups != null) {
                counts.computeIfPresent(groups, (_, n) -> n > 1 ? n - 1 : null);
            }
            if (!begun) {
                overBefore.add(request);
            }
            return null;
        });
    }

    /// How many wait for whoever is in these groups: few sums, however many wait.
    int of(Set<String> groups) {
        return begun
                ? counts.entrySet().stream()
                        .filter(it -> !Collections.disjoint(it.getKey(), groups))
                        .mapToInt(Map.Entry::getValue)
                        .sum()
                : 0;
    }
}
