package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// One client: what it does, when, and what it may and never does.
///
/// @param days of the last 90; empty when nothing is known
/// @param week when in the week it had its tokens; empty when it never had one
/// @param tokens how many it has had, and when the first and the last, in words
/// @param permissions what it may, those it never does first
/// @param advice what could be taken from its registration, in words
/// @param registration what that would say instead; empty when nothing could be
/// @param unknown why nothing is said of its use; empty when it is
public record ClientView(
        ClientsView.Row row,
        List<String> tags,
        Optional<Bars> days,
        Optional<Picture> week,
        String tokens,
        List<Permission> permissions,
        String advice,
        String registration,
        String unknown)
        implements View {
    /// Something it may ask for.
    ///
    /// @param state `used`, `unused` or `young`
    /// @param sentence since when and how often, with numbers
    public record Permission(String what, String at, String state, String sentence) {}
}
