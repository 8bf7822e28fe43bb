package dev.countersign.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/// One connection, with two things that Jetty's own has not.
///
/// It can be asked whether the peer is there while a request is held: a read that would block says so, and what it
/// finds instead is kept for the next [#fill]. And it has a deadline, so that a peer cannot hold it by sending one byte
/// now and then: Jetty's idle timeout starts anew with each. [Deadlines] looks after it.
///
/// Its state is guarded by its monitor, the deadline apart; no read below it ever blocks.
final class Wire extends SocketChannelEndPoint {
    /// What a peer may send ahead before we stop looking further for its end.
    private static final int MAX_AHEAD = 4096;

    private static final byte[] NOTHING = {};
    private static final long NONE = 0;

    private final HttpServer.Limits limits;
    private byte[] ahead = NOTHING;
    private boolean ended;
    private volatile boolean answering;
    private volatile long deadline = NONE;

    Wire(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            HttpServer.Limits limits) {
        super(channel, selector, key, scheduler);
        this.limits = limits;
    }

    /// The wire under a connection's end point.
    static Wire under(EndPoint endPoint) {
        return switch (endPoint) {
            case Wire wire -> wire;
            case SslConnection.SslEndPoint tls -> under(tls.getSslConnection().getEndPoint());
            default -> throw new IllegalStateException("not a connection of ours: " + endPoint);
        };
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled;
        synchronized (this) {
            filled = ahead.length > 0 ? fillFromAhead(buffer) : super.fill(buffer);
        }
        if (filled > 0 && !answering && deadline == NONE) {
            expire(limits.head().toNanos());
        }
        return filled;
    }

    /// Whether the peer has closed neither the connection nor its half of it.
    synchronized boolean present() {
        if (ended || isInputShutdown() || !isOpen()) {
            return false;
        }
        var found = ByteBuffer.allocate(256);
        try {
            while (ahead.length < MAX_AHEAD) {
                int read = getChannel().read(found.clear());
                if (read <= 0) {
                    ended = read < 0;
                    return !ended;
                }
                int kept = ahead.length;
                ahead = Arrays.copyOf(ahead, kept + read);
                found.flip().get(ahead, kept, read);
            }
            return true;
        } catch (IOException e) {
            // Reset by the peer.
            ended = true;
            return false;
        }
    }

    /// The head of a request is complete.
    void answering() {
        answering = true;
        deadline = NONE;
    }

    /// The answer has been written; what comes next is another request.
    void answered() {
        deadline = NONE;
        answering = false;
    }

    void expectBody() {
        expire(limits.body().toNanos());
    }

    void bodyCame() {
        deadline = NONE;
    }

    void writing() {
        expire(limits.write().toNanos());
    }

    void written() {
        deadline = NONE;
    }

    /// Whether something that was to be over by now is not.
    boolean late(long now) {
        long by = deadline;
        return by != NONE && now - by > 0;
    }

    private void expire(long nanos) {
        deadline = System.nanoTime() + nanos | 1;
    }

    private int fillFromAhead(ByteBuffer buffer) {
        int position = BufferUtil.flipToFill(buffer);
        int taken = Math.min(buffer.remaining(), ahead.length);
        buffer.put(ahead, 0, taken);
        ahead = taken == ahead.length ? NOTHING : Arrays.copyOfRange(ahead, taken, ahead.length);
        BufferUtil.flipToFlush(buffer, position);
        notIdle();
        return taken;
    }
}
