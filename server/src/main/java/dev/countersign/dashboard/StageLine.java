package dev.countersign.dashboard;

import dev.countersign.approval.Seen;
import java.util.List;
import java.util.Optional;

/// A group that has to agree, and how far it is.
///
/// @param escalates who may decide in its place, and from when on; empty when nobody may, or it is full
public record StageLine(String group, int heard, int needed, Optional<Escalates> escalates) {
    StageLine(String group, int heard, int needed) {
        this(group, heard, needed, Optional.empty());
    }

    /// Whose members may decide in its place.
    ///
    /// @param at from when on
    public record Escalates(String to, Moment at) {}

    /// How far each stage is.
    static List<StageLine> of(List<Seen.Place> places) {
        return places.stream()
                .map(it -> new StageLine(
                        it.group(),
                        it.needed() - it.open(),
                        it.needed(),
                        it.escalates()
                                .filter(_ -> it.open() > 0)
                                .map(to -> new Escalates(to.to(), new Moment(to.at())))))
                .toList();
    }

    /// True when nobody of the group is missing.
    public boolean full() {
        return heard >= needed;
    }
}
