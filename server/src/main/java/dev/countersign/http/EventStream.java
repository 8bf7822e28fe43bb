package dev.countersign.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Server-sent events, as HTML's `text/event-stream` has them. Each goes out at once.
public final class EventStream {
    private static final byte[] BEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /// Sends one event. The client sends its last `id` again as `Last-Event-ID` when it comes back.
    public void send(String id, String name, String data) throws IOException {
        var event = new StringBuilder(data.length() + 64);
        line(event, "id", id);
        line(event, "event", name);
        data.lines().forEach(line -> line(event, "data", line));
        if (data.isEmpty()) {
            line(event, "data", "");
        }
        write(event.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Sends what no client shows, so that a proxy sees life and a lost peer is noticed.
    public void beat() throws IOException {
        write(BEAT);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static void line(StringBuilder event, String name, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an event's " + name + " is one line: " + value);
        }
        event.append(name).append(": ").append(value).append('\n');
    }
}
