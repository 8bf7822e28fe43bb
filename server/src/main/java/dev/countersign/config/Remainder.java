package dev.countersign.config;

import dev.countersign.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What can still be judged of a folder that has faults: it, without the parts that have them.
///
/// A rule whose condition and verdict can be read stays, whatever is wrong with its groups and caps. One that cannot be
/// read is left out, and what the others say hangs on what is meant by it. So nothing is told for sure but what comes
/// out the same whichever way it is meant.
///
/// @param configuration as far as it can be read
/// @param rules where its rules and claims are written
/// @param left what was left out, in words; empty when nothing was
/// @param inPart the rules whose verdict counts and of which groups, times or the like have faults, in words
/// @param possible the policies that the folder may mean, first without what was left out; empty of too many
public record Remainder(
        Configuration configuration, Rules rules, List<String> left, List<String> inPart, List<Policy> possible) {
    /// A folder of which nothing has to be left out.
    static Remainder whole(Configuration configuration, Rules rules) {
        return new Remainder(configuration, rules, List.of(), List.of(), List.of(configuration.policy()));
    }

    /// Whether it is so of all policies that the folder may mean.
    public boolean isSure(Predicate<Policy> so) {
        return !possible.isEmpty() && possible.stream().allMatch(so);
    }

    /// Why something is not told for sure: `rule "x" cannot be read`; empty when everything can.
    public Optional<String> doubt() {
        if (!left.isEmpty()) {
            return Optional.of(String.join(" and ", left) + " cannot be read");
        }
        return inPart.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" and ", inPart) + " cannot be read whole");
    }
}
