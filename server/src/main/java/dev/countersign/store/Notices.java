package dev.countersign.store;

import java.sql.SQLException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what other nodes notify of, on a connection of its own. It only makes them quicker: whoever subscribes looks
/// by the clock as well, since a notice can be lost with the connection, and some databases have none.
final class Notices implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Notices.class);
    private static final int LISTENS_MILLIS = 1_000;
    private static final long TRIES_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Subscriber(String channel, Runnable heard) {}

    private final StoreAddress.Postgres address;
    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private boolean started;

    Notices(StoreAddress.Postgres address) {
        this.address = address;
    }

    synchronized Subscription subscribe(String channel, Runnable heard) {
        if (!channel.matches("[a-z_]+")) {
            throw new IllegalArgumentException("not the name of a channel: " + channel);
        }
        var subscriber = new Subscriber(channel, heard);
        subscribers.add(subscriber);
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("store-notices").start(this::loop);
        }
        return () -> subscribers.remove(subscriber);
    }

    private void loop() {
        boolean said = false;
        while (!closed) {
            try {
                listen();
            } catch (SQLException | RuntimeException e) {
                if (!said && !closed) {
                    log.warn("no notices from other nodes, they are looked for by the clock: {}", e.getMessage());
                }
                said = true;
                LockSupport.parkNanos(TRIES_AGAIN_NANOS);
            }
        }
    }

    private void listen() throws SQLException {
        try (var connection = PostgresPools.listening(address).getConnection();
                var statement = connection.createStatement()) {
            for (var channel :
                    subscribers.stream().map(Subscriber::channel).distinct().toList()) {
                statement.execute("LISTEN " + channel);
            }
            // Whatever was said before is heard now.
            subscribers.forEach(it -> it.heard().run());
            var notified = connection.unwrap(PGConnection.class);
            while (!closed) {
                var notices = notified.getNotifications(LISTENS_MILLIS);
                if (notices == null || notices.length == 0) {
                    statement.execute("SELECT 1"); // tells a dead connection from a quiet one
                    continue;
                }
                for (var notice : notices) {
                    for (var subscriber : subscribers) {
                        if (subscriber.channel().equals(notice.getName())) {
                            subscriber.heard().run();
                        }
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
