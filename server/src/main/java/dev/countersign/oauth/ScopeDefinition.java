package dev.countersign.oauth;

/// A scope as its resource registers it.
///
/// @param title what it lets one do, in plain words, for reviewers
/// @param harm what it can do at worst
public record ScopeDefinition(String name, String title, Risk risk, Harm harm) {}
