package dev.countersign.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What goes back over HTTP. Header names are as they are sent; `no-store` and the content type are headers like any
/// other.
public record Reply(int status, Map<String, String> headers, List<Cookie> cookies, Body body) {
    /// Keeps a reply out of every cache, RFC 6749 §5.1.
    public static final Map<String, String> NO_STORE = Map.of("Cache-Control", "no-store");

    private static final Body.Bytes NOTHING = new Body.Bytes(new byte[0]);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final Map<String, String> TEXT = Map.of("Content-Type", "text/plain;charset=utf-8");
    private static final Map<String, String> HTML = plus(Pages.headers(), "Content-Type", "text/html;charset=utf-8");
    // The third is for nginx, which holds events back otherwise.
    private static final Map<String, String> EVENTS =
            Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store", "X-Accel-Buffering", "no");

    /// The bytes of a reply, or the stream that makes them while the connection stays open.
    public sealed interface Body {
        /// All of it, known before the first byte goes out.
        @SuppressWarnings("ArrayRecordComponent") // replies are written, never compared
        record Bytes(byte[] bytes) implements Body {}

        /// Runs on the request's own thread until it returns or the peer is gone.
        record Stream(Writer writer) implements Body {}

        /// The reply in whose place this one stands; waits until it is there.
        record Later(Supplier<Reply> reply) implements Body {}
    }

    /// Writes a long reply piece by piece. A write fails once the peer is gone or the server stops, which also
    /// interrupts the thread.
    @FunctionalInterface
    public interface Writer {
        /// Returns when the reply is complete.
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    /// Writes server-sent events.
    @FunctionalInterface
    public interface EventWriter {
        /// Returns when no more events are to come.
        void to(EventStream events) throws IOException, InterruptedException;
    }

    public Reply {
        headers = Map.copyOf(headers);
        headers.forEach((name, value) -> {
            if (!value.chars().allMatch(c -> c >= ' ' && c != 0x7f)) {
                throw new IllegalArgumentException("not a header value, for " + name);
            }
        });
        cookies = List.copyOf(cookies);
    }

    /// A reply that sets no cookie.
    public Reply(int status, Map<String, String> headers, Body body) {
        this(status, headers, List.of(), body);
    }

    /// A reply without a body.
    public static Reply empty(int status) {
        return new Reply(status, Map.of(), NOTHING);
    }

    /// `application/json`: a map, a list, a record or a `JsonNode`.
    public static Reply json(int status, Object value) {
        return new Reply(status, JSON, new Body.Bytes(Json.bytes(value)));
    }

    /// Bytes of any type.
    public static Reply bytes(int status, String contentType, byte[] bytes) {
        return new Reply(status, Map.of("Content-Type", contentType), new Body.Bytes(bytes));
    }

    /// `text/plain`.
    public static Reply text(int status, String text) {
        return new Reply(status, TEXT, new Body.Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// A page, with the headers of [Pages], kept out of caches.
    public static Reply html(int status, String html) {
        return new Reply(status, HTML, new Body.Bytes(html.getBytes(StandardCharsets.UTF_8)));
    }

    /// A reply written piece by piece, of unknown length.
    public static Reply stream(int status, String contentType, Writer writer) {
        return new Reply(status, Map.of("Content-Type", contentType), new Body.Stream(writer));
    }

    /// Server-sent events.
    public static Reply events(EventWriter writer) {
        return new Reply(200, EVENTS, new Body.Stream(out -> writer.to(new EventStream(out))));
    }

    /// A reply that has to be waited for, perhaps for minutes. It is waited for on a thread of its own, which has
    /// nothing of the request on its stack but what `reply` keeps, and so takes little memory.
    public static Reply later(Supplier<Reply> reply) {
        return new Reply(0, Map.of(), new Body.Later(reply));
    }

    /// 303: look there, by GET, whatever the method was.
    public static Reply seeOther(String location) {
        return new Reply(303, Map.of("Location", location, "Cache-Control", "no-store"), NOTHING);
    }

    /// The same with that header, in place of one of the same name.
    public Reply withHeader(String name, String value) {
        return new Reply(status, plus(headers, name, value), cookies, body);
    }

    /// The same with those headers, in place of ones of the same names.
    public Reply withHeaders(Map<String, String> more) {
        var all = new HashMap<>(headers);
        all.putAll(more);
        return new Reply(status, all, cookies, body);
    }

    /// The same with one cookie more.
    public Reply withCookie(Cookie cookie) {
        var all = new ArrayList<>(cookies);
        all.add(cookie);
        return new Reply(status, headers, all, body);
    }

    /// The same, kept out of every cache.
    public Reply noStore() {
        return withHeaders(NO_STORE);
    }

    private static Map<String, String> plus(Map<String, String> headers, String name, String value) {
        var all = new HashMap<>(headers);
        all.put(name, value);
        return Map.copyOf(all);
    }
}
