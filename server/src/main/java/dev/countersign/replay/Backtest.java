package dev.countersign.replay;

import dev.countersign.config.Configuration;
import dev.countersign.ledger.Histories;
import dev.countersign.policy.Loosening;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Surroundings;
import dev.countersign.policy.Verdict;
import java.time.Instant;
import java.util.List;

/// Judges batches of past requests by a candidate, each by whichever thread has it.
final class Backtest {
    private final Policy candidate;
    private final Surroundings surroundings;
    private final Policies policies;
    private final Instant since;
    private final int named;

    Backtest(Configuration candidate, Policies policies, Instant since, int named) {
        this.candidate = candidate.policy();
        this.surroundings = candidate.surroundings();
        this.policies = policies;
        this.since = since;
        this.named = named;
    }

    Flips judge(List<Histories.History> batch) {
        var flips = new Flips(named);
        for (var history : batch) {
            try {
                Decision.of(history).filter(it -> !it.at().isBefore(since)).ifPresent(it -> judge(it, flips));
            } catch (IllegalArgumentException notOurs) {
                flips.unreadable++;
            }
        }
        return flips;
    }

    private void judge(Decision decision, Flips flips) {
        if (decision.byPeople()) {
            decision.waited().ifPresent(flips.waits::add);
        }
        switch (decision.recorded()) {
            case Decision.Recorded.Withheld _ -> flips.withheld++;
            case Decision.Recorded.Unreadable _ -> flips.unreadable++;
            case Decision.Recorded.Known(var facts) -> {
                // The ledger has the verdict's word and some of its terms; the policy of then has them all.
                var then = policies.of(decision.version());
                var before = then.map(it -> it.policy().judge(facts).verdict());
                var word = decision.word().or(() -> before.map(Word::of));
                if (word.isEmpty()) {
                    flips.unreadable++;
                    return;
                }
                boolean sameTime = then.filter(it -> it.surroundings().tellsTimeAs(surroundings))
                        .isPresent();
                var now = candidate
                        .judge(sameTime ? facts : facts.by(surroundings, decision.begins()))
                        .verdict();
                var same = before.filter(it -> Word.of(it) == word.get());
                if (same.isEmpty()) {
                    flips.incomparable++;
                }
                var otherwise =
                        same.map(it -> Loosening.between(it, now, facts)).orElseGet(() -> byWord(word.get(), now));
                flips.add(decision, word.get(), now, otherwise);
            }
        }
    }

    private static Loosening byWord(Word was, Verdict verdict) {
        var now = Word.of(verdict);
        var how = List.of(now.word() + " instead of " + was.word());
        return new Loosening(now.compareTo(was) < 0 ? how : List.of(), now.compareTo(was) > 0 ? how : List.of());
    }
}
