package dev.countersign.dashboard;

import java.util.List;

/// What somebody is signed in with, or everybody, for administrators.
///
/// @param everybody whether it is everybody's
/// @param mayAll whether this viewer may see everybody's
/// @param others whether there are sessions of theirs beside the one they are in
public record AccountView(
        boolean everybody,
        boolean mayAll,
        String name,
        List<SessionLine> sessions,
        boolean others,
        List<TokenLine> tokens)
        implements View {

    /// A session.
    ///
    /// @param who whose, when everybody's are shown
    /// @param by the provider that signed it in, or a password
    /// @param current whether it is the one that looks
    public record SessionLine(
            String id, String who, String browser, String by, Moment since, Moment seen, boolean current) {}

    /// An API token.
    public record TokenLine(String id, String who, String label, String scopes, Moment since, Moment until) {}
}
