package dev.countersign.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/// A closed loop: each of its connections sends the next request as soon as it has the answer to the last. One thread
/// drives them all, because the machine's cores are the server's.
final class Loop implements AutoCloseable {
    /// No answer takes this long; one that does is the end of the measurement.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// For [#wanted]: whatever comes is taken, and what is not 200 is counted.
    static final int ANY = 0;

    private final List<Connection> connections = new ArrayList<>();
    private final Selector selector;
    private final IntFunction<ByteBuffer> next;
    private final int wanted;
    private long refused;

    /// @param next what the connection of that number sends next
    /// @param wanted the status that every answer must have, or [#ANY]
    Loop(int port, int connections, int wanted, IntFunction<ByteBuffer> next) throws IOException {
        this.selector = Selector.open();
        this.next = next;
        this.wanted = wanted;
        for (int i = 0; i < connections; i++) {
            var connection = Connection.open(port);
            connection.channel.configureBlocking(false);
            connection.channel.register(selector, SelectionKey.OP_READ, i);
            this.connections.add(connection);
        }
    }

    /// Runs for that long. What is still on its way then is awaited and not counted.
    Window run(Duration length) throws IOException {
        var latencies = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
        long start = System.nanoTime();
        long end = start + length.toNanos();
        for (int i = 0; i < connections.size(); i++) {
            connections.get(i).send(next.apply(i));
        }
        int onTheWay = connections.size();
        while (onTheWay > 0) {
            if (selector.select(PATIENCE.toMillis()) == 0) {
                throw new IOException(onTheWay + " answers did not come in " + PATIENCE);
            }
            var ready = selector.selectedKeys();
            for (var key : ready) {
                int number = (Integer) key.attachment();
                var connection = connections.get(number);
                if (connection.receive()) {
                    long now = System.nanoTime();
                    check(connection);
                    if (now < end) {
                        latencies.recordValue(now - connection.sentAt());
                        connection.send(next.apply(number));
                    } else {
                        onTheWay--;
                    }
                }
            }
            ready.clear();
        }
        return new Window(length, latencies);
    }

    /// How many answers were not 200, of those that any status was wanted of.
    long refused() {
        return refused;
    }

    private void check(Connection connection) throws IOException {
        if (wanted == ANY) {
            refused += connection.status() == 200 ? 0 : 1;
        } else if (connection.status() != wanted) {
            throw new IOException("wanted " + wanted + ", got " + connection.status() + " " + connection.body());
        }
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
