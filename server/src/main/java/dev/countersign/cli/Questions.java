package dev.countersign.cli;

import dev.countersign.dashboard.Moment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// What is told while a client waits: how long that usually takes, once, and what reviewers ask: each question once,
/// and
/// what is typed on a terminal is the answer.
/// Without a terminal the owner of the client answers, on the dashboard. Nobody's waiting ends for any of this.
final class Questions {
    private final ClientAccess access;
    private final String code;
    private final Progress progress;
    private int told;
    private boolean reads;
    private boolean usual;

    Questions(ClientAccess access, String code, Progress progress) {
        this.access = access;
        this.code = code;
        this.progress = progress;
    }

    /// Tells what is new.
    void look() {
        var stands = status(Map.of());
        usually(stands.path("expected_wait"));
        var comments = stands.path("comments").valueStream().toList();
        for (var comment : comments.subList(Math.min(told, comments.size()), comments.size())) {
            if (comment.path("side").stringValue("").equals("reviewer")) {
                progress.note("a reviewer asks: "
                        + RequestsCommand.quoted(comment.path("comment").stringValue("")));
                progress.note(
                        progress.isInteractive()
                                ? "type an answer and press Enter"
                                : "the owner of the client can answer on the dashboard");
                read();
            }
        }
        told = comments.size();
    }

    /// How long it usually takes, once.
    private void usually(JsonNode wait) {
        if (!usual && wait.has("median")) {
            usual = true;
            progress.note("usually half of what is like it is decided within " + words(wait, "median")
                    + ", 19 of 20 within " + words(wait, "p95"));
        }
    }

    private static String words(JsonNode wait, String name) {
        return Moment.words(Duration.ofSeconds(wait.path(name).asLong(0)));
    }

    /// One thread reads what is typed from then on.
    private void read() {
        if (progress.isInteractive() && !reads) {
            reads = true;
            Thread.ofPlatform().daemon().name("answers").start(this::answers);
        }
    }

    private void answers() {
        try (var lines = new BufferedReader(
                Objects.requireNonNull(System.console(), "a terminal has one").reader())) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    var answer = status(Map.of("comment", line.strip()));
                    progress.note(answer.has("error") ? RequestsCommand.text(answer, "error_description") : "answered");
                }
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /// A server of before knows no such thing, and one that cannot be reached is asked again with the next poll.
    private JsonNode status(Map<String, String> more) {
        var form = new HashMap<>(more);
        form.put("deferral_code", code);
        try {
            var response = access.web()
                    .http()
                    .send(access.form("/status", form).build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 404 ? dev.countersign.http.Json.object() : Web.json(response);
        } catch (IOException unreachable) {
            return dev.countersign.http.Json.object();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }
}
