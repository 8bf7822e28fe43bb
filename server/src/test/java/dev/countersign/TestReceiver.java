package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/// A receiver of Standard Webhooks on loopback that takes what is signed with its secret and is not old, and
/// answers as a test wants.
public final class TestReceiver implements AutoCloseable {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final TestPeer peer;
    private final byte[] secret;
    private final InstantSource clock;
    private final List<Webhook> taken = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private volatile TestPeer.Says after = TestPeer.status(204, "");

    /// What was taken.
    public record Webhook(String id, String body) {
        public JsonNode json() {
            return Json.read(body);
        }

        public String type() {
            return json().path("type").stringValue("");
        }

        public JsonNode data() {
            return json().path("data");
        }
    }

    public TestReceiver(String secret, InstantSource clock) {
        this.secret = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        this.clock = clock;
        this.peer = new TestPeer((request, out) -> {
            var verified = verify(request);
            (verified ? after : TestPeer.status(401, "")).to(request, out);
        });
    }

    /// From now on answers so to what it could verify.
    public void answers(TestPeer.Says other) {
        after = other;
    }

    /// Answers nothing until the test is over.
    public void isSilent() {
        after = peer.silence();
    }

    /// All that it could verify, whatever it answered.
    public List<Webhook> taken() {
        return List.copyOf(taken);
    }

    public List<String> types() {
        return taken.stream().map(Webhook::type).toList();
    }

    /// All that it could not.
    public List<String> refused() {
        return List.copyOf(refused);
    }

    public String url() {
        return peer.url("/hook");
    }

    private boolean verify(String request) {
        int end = request.indexOf("\r\n\r\n");
        var head = request.substring(0, end);
        var body = request.substring(end + 4);
        var id = header(head, "webhook-id");
        var at = header(head, "webhook-timestamp");
        boolean fresh = Duration.between(Instant.ofEpochSecond(Long.parseLong(at)), clock.instant())
                        .abs()
                        .compareTo(WINDOW)
                <= 0;
        var mine = "v1," + hmac(id + "." + at + "." + body);
        boolean signed =
                Arrays.asList(header(head, "webhook-signature").split(" ", -1)).contains(mine);
        if (!fresh || !signed || !head.startsWith("POST /hook HTTP/1.1\r\n")) {
            refused.add(request);
            return false;
        }
        taken.add(new Webhook(id, body));
        return true;
    }

    private static String header(String head, String name) {
        var found = Pattern.compile("(?im)^" + name + ": (.*?)\r?$").matcher(head);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + head);
        }
        return found.group(1);
    }

    private String hmac(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
