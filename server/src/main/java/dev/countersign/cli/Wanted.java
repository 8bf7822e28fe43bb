package dev.countersign.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a client asks for.
final class Wanted {
    @Option(names = "--scope", paramLabel = "S", description = "A scope; give it again for more.")
    private List<String> scopes = List.of();

    @Option(names = "--reason", paramLabel = "R", description = "Why, in a sentence: reviewers read it.")
    private @Nullable String reason;

    @Option(names = "--ticket", paramLabel = "T", description = "The ticket it belongs to.")
    private @Nullable String ticket;

    @Option(names = "--details", paramLabel = "JSON", description = "Authorization details (RFC 9396), an array.")
    private @Nullable String details;

    @Option(names = "--resource", paramLabel = "URL", description = "The API the token is for.")
    private @Nullable String resource;

    @Option(names = "--lifetime", paramLabel = "2m", description = "How long the token should live.")
    private @Nullable Duration lifetime;

    @Option(
            names = "--start",
            paramLabel = "2026-12-01T22:00:00Z",
            description = "When it is needed, if that is later: approved now, collected then.")
    private @Nullable Instant start;

    @Option(
            names = "--break-glass",
            description = "Before people have looked, where a rule lets this client; they look afterwards. Needs a"
                    + " reason.")
    private boolean breakGlass;

    /// The parameters of the token request.
    Map<String, String> parameters() {
        var all = new LinkedHashMap<String, String>();
        all.put("grant_type", "client_credentials");
        all.put("completion_mode", "deferred");
        put(all, "scope", String.join(" ", scopes));
        put(all, "reason", reason);
        put(all, "ticket", ticket);
        put(all, "authorization_details", details);
        put(all, "resource", resource);
        put(all, "requested_lifetime", lifetime == null ? null : String.valueOf(lifetime.toSeconds()));
        put(all, "requested_start", start == null ? null : String.valueOf(start.getEpochSecond()));
        put(all, "break_glass", breakGlass ? "true" : null);
        return all;
    }

    /// The same for who only wants to know what would become of it.
    Map<String, Object> plan(String client) {
        if (breakGlass) {
            throw new Failure("whether the glass may be broken is not told beforehand: leave --break-glass out");
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("client", client);
        all.put("scopes", scopes);
        all.put("reason", reason == null ? "" : reason);
        all.put("ticket", ticket == null ? "" : ticket);
        all.put("resource", resource == null ? "" : resource);
        if (details != null) {
            all.put("authorization_details", RequestsCommand.details(details));
        }
        if (lifetime != null) {
            all.put("lifetime", lifetime.toSeconds());
        }
        if (start != null) {
            all.put("start", start.toString());
        }
        return all;
    }

    private static void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            all.put(name, value);
        }
    }
}
