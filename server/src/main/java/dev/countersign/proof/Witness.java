package dev.countersign.proof;

import java.util.Map;

/// A request that shows something, by the policy's own word.
///
/// @param given as tests give it and `policy explain` takes it
/// @param verdict what it gets
public record Witness(Map<String, Object> given, String verdict) {}
