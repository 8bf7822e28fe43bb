package dev.countersign.dashboard;

/// A checkable fact about a request. `good` ones reassure, the others are unusual.
///
/// @param text "last used 143 days ago"
public record FindingLine(String text, boolean good) {}
