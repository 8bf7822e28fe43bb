package dev.countersign.people;

/// Somebody as an OpenID provider names them: what a name or a mail address stands for may change, these two never do.
///
/// @param issuer the provider
/// @param subject what it calls them, and nobody else ever
public record Identity(String issuer, String subject) {}
