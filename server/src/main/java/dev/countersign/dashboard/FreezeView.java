package dev.countersign.dashboard;

import java.util.List;

/// The switch that stops a client, a resource or all minting at once.
public record FreezeView(List<Standing> standing, List<Option> clients, List<Option> resources) implements View {
    /// A freeze that can be lifted.
    public record Standing(String kind, String target, String what, String by, Moment since, String reason) {}

    /// The second step: what is about to be done, to be said once more.
    ///
    /// @param lift whether it ends a freeze rather than sets one
    /// @param what "all minting"
    /// @param effect what will happen, in a sentence
    public record Step(boolean lift, String kind, String target, String what, String reason, String effect)
            implements View {}
}
