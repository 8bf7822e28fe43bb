package dev.countersign.policy;

import java.util.List;

/// How one rule weighed, for reviewers, the ledger and whoever asks why.
///
/// @param effect `approve`, `break_glass`, `review` or `deny`
/// @param applied whether the verdict heeds it
/// @param unknown the facts it would have needed, sorted
/// @param fault what failed in its condition; empty when nothing did
public record RuleTrace(String rule, Truth truth, String effect, boolean applied, List<String> unknown, String fault) {
    @Override
    public String toString() {
        var why = fault.isEmpty() ? "" : ": " + fault;
        var missing = unknown.isEmpty() ? "" : ": " + String.join(", ", unknown);
        return rule + " (" + effect + ") " + truth.word() + missing + why;
    }
}
