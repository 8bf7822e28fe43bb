package dev.countersign.bench;

import dev.countersign.http.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.HdrHistogram.Histogram;

/// One client asks on a thousand connections as fast as it is answered and heeds no `Retry-After`. Beside it another
/// client asks one thing after the other, and a reviewer votes and looks at the queue.
final class Flood {
    private static final int CONNECTIONS = 1_000;
    private static final int VOTES = 300;

    private final int port;
    private final Folder folder;
    private final String headers;
    private int asked;

    /// @param token a bearer token that may review
    Flood(int port, Folder folder, String token) {
        this.port = port;
        this.folder = folder;
        this.headers = "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n";
    }

    /// What one of them saw.
    ///
    /// @param latencies of answers as wanted
    /// @param refused how many answers were not
    record Seen(Histogram latencies, long refused) {}

    /// What all of them saw in one window.
    record Tide(Seen flood, Seen other, Seen votes, Seen queue) {}

    /// Runs for that long, or until all is voted on.
    ///
    /// @param floods whether the one client does; the others are measured without it otherwise
    Tide run(Duration length, boolean floods) throws IOException {
        var ids = pending();
        long end = System.nanoTime() + length.toNanos();
        // Platform threads: a virtual one that floods never leaves its carrier to the others.
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var flood = threads.submit(() -> floods ? flood(length) : nothing());
            var other = threads.submit(() -> again(end, _ -> routine("reader-1")));
            var queue = threads.submit(() -> again(end, _ -> look()));
            var votes = threads.submit(() -> again(end, n -> n < ids.size() ? vote(ids.get(n)) : new byte[0]));
            return new Tide(flood.get(), other.get(), votes.get(), queue.get());
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException("a flood ended early", e);
        }
    }

    private static Seen nothing() {
        return new Seen(new Histogram(Duration.ofMinutes(1).toNanos(), 3), 0);
    }

    private Seen flood(Duration length) throws IOException {
        var flooding = new Flooding(routine("reader-0"));
        try (var loop = new Loop(List.of(port), CONNECTIONS, flooding)) {
            return new Seen(loop.run(length).latencies(), flooding.refused);
        }
    }

    /// Takes whatever comes, and counts what is not 200.
    private static final class Flooding implements Traffic {
        private final byte[] request;
        private long refused;

        Flooding(byte[] request) {
            this.request = request;
        }

        @Override
        public ByteBuffer next(int connection) {
            return ByteBuffer.wrap(request);
        }

        @Override
        public void answered(int connection, Connection answer) {
            refused += answer.status() == 200 ? 0 : 1;
        }
    }

    private interface Next {
        /// What is asked next; nothing when there is no more.
        byte[] request(int number);
    }

    private Seen again(long end, Next next) throws IOException {
        var seen = nothing();
        long refused = 0;
        try (var connection = Connection.open(port)) {
            for (int n = 0; System.nanoTime() < end; n++) {
                var request = next.request(n);
                if (request.length == 0) {
                    break;
                }
                connection.ask(request);
                if (connection.status() == 200) {
                    seen.latencies().recordValue(System.nanoTime() - connection.sentAt());
                } else {
                    refused++;
                }
                Child.pause(Duration.ofMillis(5));
            }
        }
        return new Seen(seen.latencies(), refused);
    }

    /// Requests that wait for votes.
    private List<String> pending() throws IOException {
        var ids = new ArrayList<String>();
        try (var connection = Connection.open(port)) {
            for (int i = 0; i < VOTES; i++) {
                var body = "grant_type=client_credentials&completion_mode=deferred&scope="
                        + Folder.WRITE.replace(":", "%3A") + "&requested_lifetime=" + (3_000_000 + asked);
                var client = folder.headers("writer-" + asked++ % Folder.WRITERS);
                connection.ask(Connection.request("POST", "/token", client, body));
                var said =
                        Json.read(connection.body()).path("error_description").asString("");
                ids.add(said.substring(said.indexOf("reference ") + 10));
            }
        }
        return ids;
    }

    private byte[] routine(String client) {
        var body = "grant_type=client_credentials&scope=" + Folder.READ.replace(":", "%3A");
        return Connection.request("POST", "/token", folder.headers(client), body);
    }

    private byte[] vote(String id) {
        return Connection.request("POST", "/api/v1/requests/" + id + "/votes", headers, "{\"vote\":\"approve\"}");
    }

    private byte[] look() {
        return Connection.request("GET", "/api/v1/requests?state=pending&limit=20", headers, "");
    }
}
