package dev.countersign.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/// Asks for a token and waits until people have decided: Deferred Token Response, by polls that the server holds.
///
/// A server that is restarted meanwhile is asked again: the approval is in its store. Ended by Ctrl-C, it takes the
/// request back, so that nobody decides about something that nobody waits for.
final class Asking {
    private static final String DEFERRED = "urn:ietf:params:oauth:grant-type:deferred";
    private static final Duration HELD = Duration.ofSeconds(20);

    private final Terminal terminal;
    private final ClientAccess access;

    Asking(Terminal terminal, ClientAccess access) {
        this.terminal = terminal;
        this.access = access;
    }

    /// The token response.
    JsonNode token(Map<String, String> parameters) {
        var request = access.form("/token", parameters).build();
        var response = access.web().send(request, HttpResponse.BodyHandlers.ofString());
        var answer = Web.json(response);
        if (answer.has("access_token")) {
            return answer;
        }
        if (!answer.has("deferral_code")) {
            throw refused(answer);
        }
        return await(answer);
    }

    private JsonNode await(JsonNode deferred) {
        var code = deferred.path("deferral_code").stringValue("");
        var hook = new Thread(() -> takeBack(code));
        Runtime.getRuntime().addShutdownHook(hook);
        var progress = new Progress(
                terminal,
                deferred.path("error_description").stringValue(""),
                Duration.ofSeconds(deferred.path("expires_in").asLong(0)));
        try {
            return polled(code, Duration.ofSeconds(deferred.path("interval").asLong(5)), progress);
        } finally {
            progress.end();
            unhook(hook);
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs: it takes back what was not collected.
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode polled(String code, Duration interval, Progress progress) {
        var pause = interval;
        var questions = new Questions(access, code, progress);
        while (true) {
            long started = System.nanoTime();
            var answer = poll(code, progress);
            if (answer.path("error").stringValue("").equals("authorization_pending")) {
                questions.look();
            }
            if (answer.has("access_token")) {
                return answer;
            }
            switch (answer.path("error").stringValue("")) {
                case "authorization_pending", "temporarily_unavailable" -> {}
                case "slow_down" -> pause = pause.plusSeconds(5);
                default -> throw refused(answer);
            }
            // The interval counts between the starts of polls.
            progress.pause(pause.minusNanos(System.nanoTime() - started));
        }
    }

    /// One poll; a server that cannot be reached is told as one that is not available now.
    private JsonNode poll(String code, Progress progress) {
        var request = access.form("/token", Map.of("grant_type", DEFERRED, "deferral_code", code))
                .header("Prefer", "wait=" + HELD.toSeconds())
                .timeout(HELD.plusSeconds(20))
                .build();
        var coming = access.web().http().sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            while (true) {
                try {
                    return Web.json(coming.get(1, TimeUnit.SECONDS));
                } catch (TimeoutException _) {
                    progress.tick();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        } catch (ExecutionException e) {
            return unavailable(request, e, progress);
        }
    }

    private static JsonNode unavailable(HttpRequest request, ExecutionException e, Progress progress) {
        if (e.getCause() instanceof IOException io && progress.left().isPositive()) {
            progress.note(Web.unreachable(request, io).getMessage() + "; trying again");
            return dev.countersign.http.Json.object().put("error", "temporarily_unavailable");
        }
        throw new Failure("the server cannot be reached (" + e.getCause() + ")");
    }

    private void takeBack(String code) {
        var request = access.form("/revoke", Map.of("token", code))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            access.web().http().send(request, HttpResponse.BodyHandlers.discarding());
            terminal.note("taken back");
        } catch (IOException e) {
            terminal.note("the request could not be taken back (" + e.getMessage() + "); it ends by itself");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Gives a token back, RFC 7009.
    void giveBack(String token) {
        var request = access.form("/revoke", Map.of("token", token)).build();
        var response = access.web().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw refused(Web.json(response));
        }
    }

    private static Failure refused(JsonNode answer) {
        var error = answer.path("error").stringValue("refused");
        var description = answer.path("error_description").stringValue("");
        return new Failure(
                switch (error) {
                    case "access_denied" -> "denied: " + description;
                    case "expired_token" -> "nobody decided, or collected, in time";
                    case "invalid_client" -> "the server does not know this client, or its secret is another";
                    default -> error + (description.isEmpty() ? "" : ": " + description);
                });
    }
}
