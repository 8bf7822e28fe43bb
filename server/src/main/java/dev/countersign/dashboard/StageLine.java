package dev.countersign.dashboard;

/// A group that has to agree, and how far it is.
public record StageLine(String group, int heard, int needed) {
    /// True when nobody of the group is missing.
    public boolean full() {
        return heard >= needed;
    }
}
