package dev.countersign.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Connections that ask without pause, or at a rate. One thread drives them all, because the machine's cores are the
/// server's.
final class Loop implements AutoCloseable {
    /// No answer takes this long; one that does is the end of the measurement.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// How exactly a rate is kept; a selector waits for whole milliseconds.
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final List<Connection> connections = new ArrayList<>();
    private final Selector selector;
    private final Traffic traffic;

    /// @param ports of the servers that the connections are to, in turn
    Loop(List<Integer> ports, int connections, Traffic traffic) throws IOException {
        this.selector = Selector.open();
        this.traffic = traffic;
        for (int i = 0; i < connections; i++) {
            var connection = Connection.open(ports.get(i % ports.size()));
            connection.channel.configureBlocking(false);
            connection.channel.register(selector, SelectionKey.OP_READ, i);
            this.connections.add(connection);
        }
    }

    /// A closed loop: each connection sends the next request as soon as it has the answer to the last. What is still
    /// on its way when the time is over is awaited and not counted.
    Window run(Duration length) throws IOException {
        var latencies = histogram();
        long end = System.nanoTime() + length.toNanos();
        for (int i = 0; i < connections.size(); i++) {
            send(i);
        }
        var onTheWay = new int[] {connections.size()};
        while (onTheWay[0] > 0) {
            hear(PATIENCE.toNanos(), number -> {
                long now = System.nanoTime();
                if (now < end) {
                    latencies.recordValue(now - connections.get(number).sentAt());
                    send(number);
                } else {
                    onTheWay[0]--;
                }
            });
        }
        return new Window(length, latencies);
    }

    /// An open loop: requests are due at fixed times, whatever became of those before. Latency is counted from when a
    /// request was due, also when no connection was free to send it, so that a server that falls behind cannot hide
    /// it (coordinated omission). All that was due is awaited and counted.
    Window run(Duration length, int perSecond) throws IOException {
        var latencies = histogram();
        var due = new long[connections.size()];
        var free = new ArrayDeque<Integer>();
        for (int i = 0; i < connections.size(); i++) {
            free.add(i);
        }
        long wanted = length.toMillis() * perSecond / 1000;
        long sent = 0;
        long start = System.nanoTime();
        while (sent < wanted || free.size() < connections.size()) {
            long next = start + sent * TimeUnit.SECONDS.toNanos(1) / perSecond;
            long left = next - System.nanoTime();
            if (sent < wanted && left <= 0 && !free.isEmpty()) {
                int number = free.poll();
                due[number] = next;
                send(number);
                sent++;
                continue;
            }
            boolean asks = sent < wanted && !free.isEmpty();
            hear(asks ? left : PATIENCE.toNanos(), number -> {
                latencies.recordValue(System.nanoTime() - due[number]);
                free.add(number);
            });
        }
        return new Window(Duration.ofNanos(System.nanoTime() - start), latencies);
    }

    private static Histogram histogram() {
        return new Histogram(Duration.ofMinutes(2).toNanos(), 3);
    }

    private void send(int number) throws IOException {
        connections.get(number).send(traffic.next(number));
    }

    private interface Heard {
        void from(int number) throws IOException;
    }

    /// Waits for answers, at most that long.
    private void hear(long nanos, Heard heard) throws IOException {
        if (nanos >= TimeUnit.MILLISECONDS.toNanos(1)) {
            if (selector.select(TimeUnit.NANOSECONDS.toMillis(nanos)) == 0 && nanos == PATIENCE.toNanos()) {
                throw new IOException("no answer came in " + PATIENCE);
            }
        } else if (selector.selectNow() == 0) {
            LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
            return;
        }
        var ready = selector.selectedKeys();
        for (var key : ready) {
            int number = (Integer) key.attachment();
            var connection = connections.get(number);
            if (connection.receive()) {
                traffic.answered(number, connection);
                heard.from(number);
            }
        }
        ready.clear();
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
