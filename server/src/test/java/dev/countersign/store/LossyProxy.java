package dev.countersign.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/// Stands between a store and its database, and when it is told to, hands on the next COMMIT of something that was
/// inserted and then cuts the connection, so that nobody hears what became of it.
final class LossyProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int database;
    private final AtomicBoolean armed = new AtomicBoolean();

    LossyProxy(int database) throws IOException {
        this.database = database;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void loseTheNextAcknowledgement() {
        armed.set(true);
    }

    boolean hasLost() {
        return !armed.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), database);
                Thread.ofVirtual().start(() -> forward(client, server, true));
                Thread.ofVirtual().start(() -> forward(server, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void forward(Socket from, Socket to, boolean asks) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[64 * 1024];
            boolean wrote = false; // a connection that was just made commits, too
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                var said = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                wrote |= said.contains("INSERT");
                boolean lost = asks && wrote && said.contains("COMMIT") && armed.compareAndSet(true, false);
                wrote &= !said.contains("COMMIT");
                if (lost) {
                    // The other direction ends with its socket, before the answer can come through.
                    from.close();
                }
                out.write(buffer, 0, n);
                out.flush();
                if (lost) {
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
            }
        } catch (IOException cut) {
            // either side went
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
