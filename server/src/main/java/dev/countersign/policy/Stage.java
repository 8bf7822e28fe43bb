package dev.countersign.policy;

/// A group and how many of its members must approve.
public record Stage(String group, int votes) {}
