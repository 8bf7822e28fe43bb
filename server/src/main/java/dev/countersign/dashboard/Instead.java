package dev.countersign.dashboard;

import dev.countersign.policy.Facts;
import dev.countersign.policy.Otherwise;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Registrations;
import dev.countersign.policy.WhyNot;
import dev.countersign.replay.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Looks for the smallest changes of a request's facts that would have changed what policy said of it, as far as a page
/// may take.
final class Instead {
    /// How many requests are judged for each of the other verdicts at most.
    private static final int WORK = 2_000;

    /// How many answers are told of each.
    private static final int TOLD = 3;

    private Instead() {}

    /// @param verdict what policy says of it as it is
    static DecisionView.Instead of(Policy policy, Registrations registrations, Facts facts, String verdict) {
        var others = Arrays.stream(Word.values())
                .map(Word::word)
                .filter(it -> !it.equals(verdict))
                .map(it -> WhyNot.search(policy, registrations, facts, it, WORK))
                .toList();
        var changes = new ArrayList<DecisionView.Change>();
        for (var found : others) {
            found.answers().stream().limit(TOLD).map(Instead::change).forEach(changes::add);
        }
        var all = new WhyNot.Found(
                List.of(),
                others.stream().mapToInt(WhyNot.Found::tried).sum(),
                others.stream().allMatch(WhyNot.Found::whole));
        return new DecisionView.Instead(List.copyOf(changes), Otherwise.tried(all));
    }

    private static DecisionView.Change change(WhyNot.Answer it) {
        return new DecisionView.Change(
                Otherwise.of(it),
                it.verdict().word(),
                String.join(", ", it.verdict().rules()),
                Otherwise.by(it.who()));
    }
}
