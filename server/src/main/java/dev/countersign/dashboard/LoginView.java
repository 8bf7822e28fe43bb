package dev.countersign.dashboard;

import java.util.List;

/// The sign-in form, and the providers beside it.
///
/// @param next where to go afterwards
/// @param wrong why the last attempt failed; empty when there was none
/// @param csrf the value of the sign-in cookie
/// @param byPassword whether anybody signs in with a password
/// @param providers who else lets people in
public record LoginView(String next, String user, String wrong, String csrf, boolean byPassword, List<Choice> providers)
        implements View {

    /// A provider.
    ///
    /// @param url where its sign-in begins
    public record Choice(String name, String url) {}
}
