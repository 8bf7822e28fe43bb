package dev.countersign.bench;

import dev.countersign.http.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// From a reviewer's vote to the answer of the request that is held for it. Many are held, and decided one after the
/// other.
final class Reviewing implements AutoCloseable {
    private static final int HELD = 64;
    private static final int HELD_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Folder folder;
    private final String headers;
    private final Connection reviewer;
    private final List<Connection> held = new ArrayList<>();
    private int asked;

    /// @param first the number of its first request; one that was asked before would be joined, or answered at once
    /// @param token a bearer token that may review
    /// @param votes the port of the server that hears the votes
    /// @param holds the port of the server that holds the requests; another node's, or the same
    Reviewing(int votes, int holds, int first, Folder folder, String token) throws IOException {
        this.asked = first;
        this.folder = folder;
        this.headers = "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n";
        this.reviewer = Connection.open(votes);
        for (int i = 0; i < HELD; i++) {
            held.add(Connection.open(holds));
        }
    }

    /// Votes for that long, and to the end of those that are held then.
    Window run(Duration length) throws IOException {
        var latencies = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
        long start = System.nanoTime();
        while (System.nanoTime() - start < length.toNanos()) {
            for (var entry : hold().entrySet()) {
                latencies.recordValue(vote(entry.getKey(), entry.getValue()));
            }
        }
        return new Window(Duration.ofNanos(System.nanoTime() - start), latencies);
    }

    /// Asks on all connections; the requests' ids, once all of them wait.
    private Map<String, Connection> hold() throws IOException {
        var byTicket = new TreeMap<String, Connection>();
        for (var connection : held) {
            var ticket = "bench-" + asked;
            connection.send(ByteBuffer.wrap(Asking.held(folder, asked++, ticket, HELD_SECONDS)));
            byTicket.put(ticket, connection);
        }
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE.toNanos()) {
            var list = Connection.request("GET", "/api/v1/requests?state=pending&limit=" + HELD, headers, "");
            var waiting = new TreeMap<String, Connection>();
            reviewer.ask(list);
            reviewer.expect(200);
            for (var item : Json.read(reviewer.body()).get("items")) {
                var connection = byTicket.get(item.get("ticket").stringValue());
                if (connection != null) {
                    waiting.put(item.get("id").stringValue(), connection);
                }
            }
            if (waiting.size() == HELD) {
                return waiting;
            }
        }
        throw new IOException("not all of " + HELD + " requests wait after " + PATIENCE);
    }

    /// Nanoseconds from sending the vote to the last byte of the held answer.
    private long vote(String id, Connection waiting) throws IOException {
        var path = "/api/v1/requests/" + id + "/votes";
        var vote = ByteBuffer.wrap(Connection.request("POST", path, headers, "{\"vote\":\"approve\"}"));
        try (var selector = Selector.open()) {
            waiting.channel.configureBlocking(false);
            waiting.channel.register(selector, SelectionKey.OP_READ);
            reviewer.send(vote);
            do {
                selector.selectedKeys().clear();
                if (selector.select(PATIENCE.toMillis()) == 0) {
                    throw new IOException("no answer " + PATIENCE + " after the vote");
                }
            } while (!waiting.receive());
        }
        long took = System.nanoTime() - reviewer.sentAt();
        waiting.channel.configureBlocking(true);
        waiting.expect(200);
        while (!reviewer.receive()) {
            // the rest is still to come
        }
        reviewer.expect(200);
        return took;
    }

    @Override
    public void close() throws IOException {
        reviewer.close();
        for (var connection : held) {
            connection.close();
        }
    }
}
