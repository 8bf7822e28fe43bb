package dev.countersign.dashboard;

import java.util.List;

/// Asks somebody whether a command line may act as them.
///
/// @param code what the command line shows, too
/// @param rights what it may do then, in words
/// @param lifetime for how long, in words
public record DeviceView(
        String name, String code, String label, List<String> rights, String lifetime, String challenge, String scopes)
        implements View {}
