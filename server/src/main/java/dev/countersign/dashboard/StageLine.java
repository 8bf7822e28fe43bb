package dev.countersign.dashboard;

import dev.countersign.approval.Seen;
import java.util.List;

/// A group that has to agree, and how far it is.
public record StageLine(String group, int heard, int needed) {
    /// How far each stage is.
    static List<StageLine> of(List<Seen.Place> places) {
        return places.stream()
                .map(it -> new StageLine(it.group(), it.needed() - it.open(), it.needed()))
                .toList();
    }

    /// True when nobody of the group is missing.
    public boolean full() {
        return heard >= needed;
    }
}
