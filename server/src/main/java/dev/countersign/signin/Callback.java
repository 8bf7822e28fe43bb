package dev.countersign.signin;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A browser that comes back from a provider.
///
/// @param parameters what the provider sends along, each with all its values
/// @param flow the cookie with which it went there
/// @param from the address it comes from, as far as trusted proxies tell
/// @param userAgent the header
/// @param session the cookie of the session it is in
public record Callback(
        Map<String, List<String>> parameters,
        Optional<String> flow,
        InetAddress from,
        Optional<String> userAgent,
        Optional<String> session) {
    /// Keeps its own copy of the parameters.
    public Callback {
        parameters = Map.copyOf(parameters);
    }

    /// Keeps code and cookies out of logs.
    @Override
    public String toString() {
        return "Callback[from " + from + "]";
    }

    /// RFC 6749 §3.1: none may stand there twice. Empty when it is missing.
    String one(String name) throws Failed {
        var values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new Failed(Failure.UNTRUSTED, "its answer has " + name + " twice");
        }
        return values.isEmpty() ? "" : values.getFirst();
    }
}
