package dev.countersign.config;

import dev.countersign.approval.Recorded;
import dev.countersign.policy.Policy;
import dev.countersign.policy.PolicyTest;
import dev.countersign.policy.Registrations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs a test: whether the verdict is as it expects, and what the ledger would record of it.
final class EntryTrial {
    private EntryTrial() {}

    static PolicyTest.Outcome run(PolicyTest test, Policy policy, Registrations registrations) {
        var outcome = test.run(policy, registrations);
        if (test.expect().entry().isEmpty()
                || outcome.facts().isEmpty()
                || outcome.judgement().isEmpty()) {
            return outcome;
        }
        var recorded =
                Recorded.of(outcome.judgement().get().verdict(), outcome.facts().get());
        return outcome.and(compare(test.name(), test.expect().entry().get(), recorded));
    }

    private static List<String> compare(String name, PolicyTest.ExpectedEntry expected, Recorded recorded) {
        var wrong = new ArrayList<String>();
        other("code", expected.code(), recorded.code().wire()).ifPresent(wrong::add);
        other("rules", expected.rules().map(EntryTrial::sorted), sorted(recorded.rules()))
                .ifPresent(wrong::add);
        other("because", expected.because(), recorded.because()).ifPresent(wrong::add);
        other("by", expected.by(), recorded.by()).ifPresent(wrong::add);
        other("sentence", expected.sentence(), recorded.sentence()).ifPresent(wrong::add);
        return wrong.isEmpty() ? List.of() : List.of(name + ": " + String.join("; ", wrong));
    }

    private static Optional<String> other(String what, Optional<String> expected, String is) {
        return expected.filter(it -> !it.equals(is))
                .map(it -> "expected an entry with " + what + " `" + it + "`, "
                        + (is.isEmpty() ? "and it has none" : "got `" + is + "`"));
    }

    private static String sorted(List<String> rules) {
        return String.join(", ", rules.stream().sorted().toList());
    }
}
