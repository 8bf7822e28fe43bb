package dev.countersign.dashboard;

/// A page that says one thing: not found, not allowed, not available.
///
/// @param reference names the request in our log; empty when there is nothing to look up
public record MessageView(int status, String title, String text, String reference) implements View {}
