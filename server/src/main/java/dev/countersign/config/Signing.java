package dev.countersign.config;

import java.time.Duration;

/// How tokens are signed. This version signs by ES256 alone.
///
/// @param rotateEvery how long a key signs before the next takes over
public record Signing(Duration rotateEvery) {}
