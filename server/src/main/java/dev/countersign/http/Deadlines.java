package dev.countersign.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Connector;

/// Closes every connection whose peer is late. One look at all of them now and then costs less than a timer for each
/// request.
final class Deadlines implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Connector connector;
    private final Thread thread;

    Deadlines(Connector connector) {
        this.connector = connector;
        this.thread = Thread.ofVirtual().name("http-deadlines").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                look(System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(long now) {
        for (var endPoint : connector.getConnectedEndPoints()) {
            if (endPoint instanceof Wire wire && wire.late(now)) {
                wire.close(new TimeoutException("the peer is too slow"));
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
