package dev.countersign;

import dev.countersign.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Slack's Web API on loopback, as far as messages go: it holds each call to its documented form, answers
/// `invalid_arguments` and remembers why when one is not of it, and keeps the messages of one channel.
public final class TestSlack implements AutoCloseable {
    public static final String TOKEN = "xoxb-123-456-abcdef";
    public static final String CHANNEL = "C0123456789";

    private static final Set<String> OF_A_POST =
            Set.of("channel", "text", "mrkdwn", "blocks", "metadata", "unfurl_links", "unfurl_media");
    private static final Set<String> OF_A_REPLY =
            Set.of("channel", "thread_ts", "reply_broadcast", "text", "mrkdwn", "blocks");
    private static final Set<String> OF_A_WHISPER = Set.of("channel", "user", "text", "mrkdwn", "blocks");
    private static final Set<String> OF_AN_UPDATE = Set.of("channel", "ts", "text", "mrkdwn", "blocks");

    private final TestPeer peer = new TestPeer(this::answer);
    private final Map<String, JsonNode> messages = new ConcurrentSkipListMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<JsonNode> replies = new CopyOnWriteArrayList<>();
    private final List<String> whispers = new CopyOnWriteArrayList<>();
    private final AtomicInteger posted = new AtomicInteger();
    private volatile Optional<TestPeer.Says> instead = Optional.empty();
    private volatile boolean mute;
    private volatile CountDownLatch goes = new CountDownLatch(0);

    public String api() {
        return peer.url("/api");
    }

    /// The messages that stand in the channel, in their order.
    public List<JsonNode> messages() {
        return List.copyOf(messages.values());
    }

    /// What was said below messages.
    public List<JsonNode> replies() {
        return List.copyOf(replies);
    }

    /// What was said to one member alone: who, and what.
    public List<String> whispers() {
        return List.copyOf(whispers);
    }

    /// The methods that were called, in their order.
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /// What was not of the documented form.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /// Answers so from now on, and does nothing.
    public void answers(TestPeer.Says other) {
        instead = Optional.of(other);
    }

    /// Does what it is told from now on, as it should.
    public void isWell() {
        instead = Optional.empty();
        mute = false;
    }

    /// Does what it is told from now on and says so only when it may.
    public CountDownLatch hesitates() {
        goes = new CountDownLatch(1);
        return goes;
    }

    /// Does what it is told from now on and hangs up without a word.
    public void isMute() {
        mute = true;
    }

    /// Somebody takes a message out.
    public void take(int index) {
        messages.remove(new ArrayList<>(messages.keySet()).get(index));
    }

    private void answer(String request, OutputStream out) throws IOException, InterruptedException {
        var line = request.substring(0, request.indexOf("\r\n"));
        var path = line.split(" ", 3)[1];
        var method = path.replaceFirst("\\?.*", "").replaceFirst("/api/", "");
        calls.add(method);
        if (instead.isPresent()) {
            instead.get().to(request, out);
            return;
        }
        var body = request.substring(request.indexOf("\r\n\r\n") + 4);
        var before = faults.size();
        check(request.contains("\r\nAuthorization: Bearer " + TOKEN + "\r\n"), "not_authed");
        var said = switch (method) {
            case "chat.postMessage" -> post(request, Json.read(body));
            case "chat.update" -> update(request, Json.read(body));
            case "chat.postEphemeral" -> whisper(request, Json.read(body));
            case "conversations.history" -> history(line);
            default -> error("unknown_method");
        };
        var _ = goes.await(60, TimeUnit.SECONDS);
        if (!mute) {
            TestPeer.json(Json.write(faults.size() > before ? error("invalid_arguments") : said))
                    .to(request, out);
        }
    }

    private static ObjectNode error(String word) {
        return Json.object().put("ok", false).put("error", word);
    }

    private void check(boolean good, String what) {
        if (!good) {
            faults.add(what);
        }
    }

    private JsonNode post(String request, JsonNode body) {
        if (body.has("thread_ts")) {
            message(request, body, OF_A_REPLY);
            check(messages.containsKey(body.path("thread_ts").stringValue("")), "thread_not_found");
            replies.add(body);
            return Json.object().put("ok", true).put("channel", CHANNEL).put("ts", "1780308001.000001");
        }
        message(request, body, OF_A_POST);
        check(body.path("metadata").path("event_type").isString(), "metadata without event_type");
        check(body.path("metadata").path("event_payload").isObject(), "metadata without event_payload");
        var ts = "1780308000.%06d".formatted(posted.incrementAndGet());
        messages.put(ts, body);
        return Json.object().put("ok", true).put("channel", CHANNEL).put("ts", ts);
    }

    private JsonNode whisper(String request, JsonNode body) {
        message(request, body, OF_A_WHISPER);
        whispers.add(body.path("user").stringValue("") + ": "
                + body.at("/blocks/0/text/text").stringValue(""));
        return Json.object().put("ok", true).put("message_ts", "1780308002.000001");
    }

    private JsonNode update(String request, JsonNode body) {
        message(request, body, OF_AN_UPDATE);
        var ts = body.path("ts").stringValue("");
        check(Pattern.matches("[0-9]{10}\\.[0-9]{6}", ts), "ts: " + ts);
        if (!messages.containsKey(ts)) {
            return error("message_not_found");
        }
        messages.put(ts, body);
        return Json.object().put("ok", true).put("channel", CHANNEL).put("ts", ts);
    }

    private JsonNode history(String line) {
        check(
                line.matches("GET /api/conversations\\.history\\?channel=" + CHANNEL
                        + "&include_all_metadata=true&limit=[0-9]{1,3}&oldest=[0-9]{10} HTTP/1\\.1"),
                line);
        var all = new ArrayList<Object>();
        new TreeMap<>(messages).descendingMap().forEach((ts, body) -> {
            var one = Json.object().put("type", "message").put("ts", ts);
            one.set("metadata", body.path("metadata"));
            all.add(one);
        });
        return Json.node(Map.of("ok", true, "messages", all, "has_more", false));
    }

    /// https://docs.slack.dev/reference/methods/chat.postMessage, and the blocks that it refers to.
    private void message(String request, JsonNode body, Set<String> members) {
        check(request.startsWith("POST "), "not a POST");
        check(request.contains("\r\nContent-Type: application/json; charset=utf-8\r\n"), "not JSON");
        body.propertyNames().forEach(it -> check(members.contains(it), "no argument: " + it));
        check(body.path("channel").stringValue("").equals(CHANNEL), "channel_not_found");
        check(body.path("text").isString() && body.path("text").stringValue("").length() <= 4_000, "text");
        check(body.path("blocks").isArray() && body.path("blocks").size() <= 50, "blocks");
        body.path("blocks").forEach(this::block);
    }

    private void block(JsonNode block) {
        switch (block.path("type").stringValue("")) {
            case "section" -> text(block.path("text"), 3_000);
            case "actions" -> {
                check(
                        !block.path("elements").isEmpty()
                                && block.path("elements").size() <= 25,
                        "elements");
                block.path("elements").forEach(button -> {
                    check(button.path("type").stringValue("").equals("button"), "not a button");
                    check(button.path("action_id").isString(), "action_id");
                    text(button.path("text"), 75);
                    if (button.has("url")) {
                        check(button.path("url").stringValue("").matches("https?://[!-~]{1,2900}"), "url");
                    } else {
                        acts(button);
                    }
                });
            }
            default -> check(false, "block " + block);
        }
    }

    /// https://docs.slack.dev/reference/block-kit/block-elements/button-element, and the dialog that it asks in.
    private void acts(JsonNode button) {
        check(button.path("value").stringValue("").length() <= 2_000, "value");
        check(Set.of("primary", "danger").contains(button.path("style").stringValue("")), "style");
        var sure = button.path("confirm");
        text(sure.path("title"), 100);
        text(sure.path("text"), 300);
        text(sure.path("confirm"), 30);
        text(sure.path("deny"), 30);
    }

    private void text(JsonNode text, int most) {
        check(text.path("type").stringValue("").equals("plain_text"), "not plain: " + text);
        int length = text.path("text").stringValue("").length();
        check(length >= 1 && length <= most, "length " + length);
        check(text.path("emoji").isMissingNode() || text.path("emoji").isBoolean(), "emoji");
    }

    @Override
    public void close() {
        peer.close();
    }
}
