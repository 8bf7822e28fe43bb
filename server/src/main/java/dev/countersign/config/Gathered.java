package dev.countersign.config;

import java.util.List;
import java.util.Map;

/// The files of a folder that make its configuration: YAML, and the schemas it names. No key and no secret is among
/// them, since a configuration only says where those are.
///
/// @param files their texts by name
/// @param faults why they are not worth sending, by file and line; empty when they are
public record Gathered(Map<String, String> files, List<Fault> faults) {}
