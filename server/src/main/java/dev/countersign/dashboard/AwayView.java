package dev.countersign.dashboard;

import java.util.List;

/// When somebody is away, or everybody, for administrators.
///
/// @param everybody whether it is everybody's
/// @param mayAll whether this viewer may see everybody's
/// @param people who may stand in
/// @param zone what the form says by whose clocks
public record AwayView(boolean everybody, boolean mayAll, List<Line> lines, List<Choice> people, String zone)
        implements View {
    /// One time.
    ///
    /// @param who whose
    /// @param from by the clocks of its zone, as is `until`
    /// @param substitute who stands in; empty when nobody does
    /// @param now whether it has begun
    public record Line(String id, String who, String from, String until, String zone, String substitute, boolean now) {}

    /// Somebody who may stand in.
    public record Choice(String id, String name) {}
}
