package dev.countersign.dashboard;

/// Asks somebody who is signed in to prove once more who they are.
///
/// @param user the name that a browser keeps the password under
/// @param next where they go afterwards
/// @param why what it is for, or why the last attempt failed
/// @param isWrong whether that is why
/// @param provider what the provider is called that signed them in; empty when a password did
/// @param url where its sign-in begins
public record ConfirmSelfView(
        String name, String user, String next, String why, boolean isWrong, String provider, String url)
        implements View {}
