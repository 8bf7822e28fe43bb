package dev.countersign.config;

import dev.countersign.policy.PolicyTest;

/// A test that was run.
///
/// @param at where it is written
public record Trial(PolicyTest test, Place at, PolicyTest.Outcome outcome) {}
