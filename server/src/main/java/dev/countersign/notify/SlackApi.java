package dev.countersign.notify;

import dev.countersign.http.Json;
import dev.countersign.outward.Answer;
import dev.countersign.outward.Call;
import dev.countersign.outward.OutwardClient;
import dev.countersign.outward.Reach;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Slack's Web API, as far as messages are posted and rewritten. All texts are plain: what Slack would take for
/// a mention, a link or a format in them stays text.
final class SlackApi {
    /// The actions of buttons that are votes; their value is the request.
    static final String APPROVE = "approve";

    static final String DENY = "deny";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// What Slack takes in one text.
    private static final int LONGEST = 2_900;

    /// What a message of ours is found again by.
    private static final String KIND = "countersign_request";

    private final OutwardClient client;

    SlackApi(OutwardClient client) {
        this.client = client;
    }

    /// Posts a message; its reference is where it stands, for [#update].
    ///
    /// One that was tried before, of which nobody knows whether it was posted, is looked for first, by the id
    /// that is posted with it.
    ///
    /// @param takesVotes whether it has buttons that are votes
    CompletableFuture<Result> post(
            Notifier.Channel.Slack to, String token, Message message, boolean takesVotes, Words words, String url) {
        return (message.tries() > 1
                        ? find(to, token, message)
                        : CompletableFuture.completedFuture(Optional.<String>empty()))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(new Result.Told(found.get()))
                        : postAnew(to, token, message, takesVotes, words, url));
    }

    private CompletableFuture<Result> postAnew(
            Notifier.Channel.Slack to, String token, Message message, boolean takesVotes, Words words, String url) {
        var buttons = new ArrayList<>(List.of(link(words, url)));
        if (takesVotes) {
            buttons.add(vote(APPROVE, "Approve", "primary", message.request(), words));
            buttons.add(vote(DENY, "Deny", "danger", message.request(), words));
        }
        var body = body(to.channel(), words, buttons);
        body.put("metadata", Map.of("event_type", KIND, "event_payload", Map.of("id", message.id())));
        body.put("unfurl_links", false);
        body.put("unfurl_media", false);
        return call(to, token, "chat.postMessage", body)
                .thenApply(answer -> result(
                        answer,
                        said -> new Result.Told(said.path("channel").stringValue("") + " "
                                + said.path("ts").stringValue(""))));
    }

    /// Rewrites a message.
    ///
    /// @param reference what came of posting it
    CompletableFuture<Result> update(
            Notifier.Channel.Slack to, String token, String reference, Words words, String url) {
        var parts = reference.split(" ", 2);
        var body = body(parts[0], words, List.of(link(words, url)));
        body.put("ts", parts[1]);
        return call(to, token, "chat.update", body).thenApply(answer -> result(answer, _ -> new Result.Told("")));
    }

    /// Says below a message, and in the channel, that it still waits.
    ///
    /// @param reference what came of posting it
    CompletableFuture<Result> remind(Notifier.Channel.Slack to, String token, String reference, Words words) {
        var parts = reference.split(" ", 2);
        var body = new LinkedHashMap<String, Object>();
        body.put("channel", parts[0]);
        body.put("thread_ts", parts[1]);
        body.put("reply_broadcast", true);
        body.put("text", escaped("Still waits: " + words.title()));
        body.put("mrkdwn", false);
        var lines = new ArrayList<>(List.of("Still waits: " + words.title()));
        lines.addAll(words.lines());
        body.put("blocks", List.of(section(String.join("\n", lines))));
        return call(to, token, "chat.postMessage", body).thenApply(answer -> result(answer, _ -> new Result.Told("")));
    }

    /// A message of ours that was posted since it was made; empty when there is none, or we may not look.
    private CompletableFuture<Optional<String>> find(Notifier.Channel.Slack to, String token, Message message) {
        var query = "?channel=" + encoded(to.channel()) + "&include_all_metadata=true&limit=200&oldest="
                + message.madeAt().minusSeconds(60).getEpochSecond();
        return client.send(new Call(
                        "GET",
                        URI.create(to.api() + "/conversations.history" + query),
                        Map.of("Authorization", "Bearer " + token),
                        "",
                        PATIENCE,
                        Reach.OPERATOR))
                .thenApply(answer -> json(answer)
                        .flatMap(said -> said.path("messages")
                                .valueStream()
                                .filter(it -> it.path("metadata")
                                        .path("event_payload")
                                        .path("id")
                                        .stringValue("")
                                        .equals(message.id()))
                                .map(it -> to.channel() + " " + it.path("ts").stringValue(""))
                                .findFirst()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// Says something to one member of the channel that nobody else sees.
    CompletableFuture<Result> whisper(Notifier.Channel.Slack to, String token, String user, String text) {
        var body = new LinkedHashMap<String, Object>();
        body.put("channel", to.channel());
        body.put("user", user);
        body.put("text", escaped(text));
        body.put("mrkdwn", false);
        body.put("blocks", List.of(section(text)));
        return call(to, token, "chat.postEphemeral", body)
                .thenApply(answer -> result(answer, _ -> new Result.Told("")));
    }

    private static Map<String, Object> link(Words words, String url) {
        return Map.of(
                "type",
                "button",
                "action_id",
                "open",
                "text",
                plain(words.state().isEmpty() ? "Review and sign" : "Look at it"),
                "url",
                url);
    }

    /// Asks once more, in a dialog, before it counts.
    private static Map<String, Object> vote(String action, String name, String style, String request, Words words) {
        var sure = Map.of(
                "title", plain(name + "?"),
                "text", plain(words.title()),
                "confirm", plain(name),
                "deny", plain("Not yet"));
        return Map.of(
                "type",
                "button",
                "action_id",
                action,
                "text",
                plain(name),
                "style",
                style,
                "value",
                request,
                "confirm",
                sure);
    }

    private static Map<String, Object> body(String channel, Words words, List<Map<String, Object>> buttons) {
        var lines = words.state().isEmpty()
                ? String.join("\n", words.lines())
                : words.state() + "\n" + String.join("\n", words.lines());
        var blocks = new ArrayList<Map<String, Object>>();
        blocks.add(section(words.title()));
        blocks.add(section(lines));
        blocks.add(Map.of("type", "actions", "elements", buttons));
        var body = new LinkedHashMap<String, Object>();
        body.put("channel", channel);
        // What notifications on a phone show; the one text that has no plain form.
        body.put("text", escaped((words.state().isEmpty() ? "" : words.state() + ": ") + words.title()));
        body.put("mrkdwn", false);
        body.put("blocks", blocks);
        return body;
    }

    private static Map<String, Object> section(String text) {
        return Map.of("type", "section", "text", plain(text));
    }

    private static Map<String, Object> plain(String text) {
        var fits = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return Map.of("type", "plain_text", "text", fits, "emoji", false);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private CompletableFuture<Answer> call(
            Notifier.Channel.Slack to, String token, String method, Map<String, Object> body) {
        var headers = new HashMap<String, String>();
        headers.put("Authorization", "Bearer " + token);
        headers.put("Content-Type", "application/json; charset=utf-8");
        return client.send(new Call(
                "POST", URI.create(to.api() + "/" + method), headers, Json.write(body), PATIENCE, Reach.OPERATOR));
    }

    /// Slack says in its body whether it did it, with a status of 200 either way.
    private static Result result(Answer answer, Function<JsonNode, Result> done) {
        var said = json(answer);
        if (said.isEmpty()) {
            return switch (Result.of(answer)) {
                case Result.Told _ -> new Result.Failed("answered what is not its API's");
                case Result.Failed it -> it;
                case Result.Refused it -> it;
                case Result.Moot it -> it;
            };
        }
        if (said.get().path("ok").booleanValue(false)) {
            return done.apply(said.get());
        }
        var error = said.get().path("error").stringValue("");
        return switch (error) {
            // Somebody took it out of the channel.
            case "message_not_found" -> new Result.Moot();
            case "channel_not_found", "is_archived", "msg_too_long", "invalid_blocks", "cant_update_message" ->
                new Result.Refused("answered " + error);
            default -> new Result.Failed("answered " + (error.matches("[a-z_]{1,40}") ? error : "with an error"));
        };
    }

    private static Optional<JsonNode> json(Answer answer) {
        if (!(answer instanceof Answer.Said(var status, var body, _)) || status != 200) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(body)).filter(JsonNode::isObject);
        } catch (Json.Malformed _) {
            return Optional.empty();
        }
    }
}
