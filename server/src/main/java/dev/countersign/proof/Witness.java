package dev.countersign.proof;

import dev.countersign.http.Json;
import java.util.Map;
import java.util.stream.Collectors;

/// A request that shows something, by the policy's own word.
///
/// @param given as tests give it and `policy explain` takes it
/// @param verdict what it gets
public record Witness(Map<String, Object> given, String verdict) {
    /// The request as `policy explain --given` takes it.
    public String text() {
        return given.entrySet().stream()
                .map(it -> it.getKey() + ": " + Json.write(it.getValue()))
                .collect(Collectors.joining(", "));
    }

    /// The same for a shell.
    public String quoted() {
        return "'" + text().replace("'", "'\\''") + "'";
    }
}
