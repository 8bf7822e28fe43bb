package dev.countersign.dashboard;

import java.util.List;

/// What became of several requests that were decided together, a line each.
///
/// @param headline "You approved 3 of 4", or that nothing was done
/// @param why what that is because of; empty when all went well
/// @param back the queue as it was
public record BatchView(String headline, String why, List<Line> lines, String back) implements View {
    /// One of them.
    ///
    /// @param sentence what it asks for; empty when there is none of that id
    /// @param outcome what became of it, or what keeps it from being decided here
    /// @param done whether a vote was cast on it
    public record Line(String id, String sentence, String outcome, boolean done) {}
}
