package dev.countersign.policy;

/// A group and how many of its members must approve: one at least.
public record Stage(String group, int votes) {
    public Stage {
        if (group.isEmpty() || votes < 1) {
            throw new IllegalArgumentException("a stage asks one member of a group at least: " + group + " " + votes);
        }
    }
}
