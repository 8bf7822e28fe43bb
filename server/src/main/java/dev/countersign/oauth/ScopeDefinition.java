package dev.countersign.oauth;

/// A scope as its resource registers it.
///
/// @param title what it lets one do, in plain words, for reviewers
/// @param worstCase what it can do at worst; empty when not said
/// @param undo how that is undone; empty when not said
public record ScopeDefinition(String name, String title, Risk risk, String worstCase, String undo) {}
