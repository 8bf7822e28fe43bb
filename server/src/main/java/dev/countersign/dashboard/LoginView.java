package dev.countersign.dashboard;

/// The sign-in page.
///
/// @param next where to go afterwards, a path of ours
/// @param user what was typed before
/// @param wrong why it did not work; empty at first
/// @param csrf what ties the form to this browser
public record LoginView(String next, String user, String wrong, String csrf) implements View {}
