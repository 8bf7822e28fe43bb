package dev.countersign;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Stands before a database on another host, and lets what some hosts and the database say to each other come late.
final class LateProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket();
    private final InetSocketAddress database;
    private final Map<String, Duration> late = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    LateProxy(InetSocketAddress listen, InetSocketAddress database) throws IOException {
        this.database = database;
        listener.bind(listen);
        Thread.ofVirtual().start(this::accept);
    }

    /// From now on each piece from and to a host comes that much later.
    void delay(String host, Duration by) {
        late.put(host, by);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        var server = new Socket();
        try {
            open.add(client);
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(database, 2_000);
        } catch (IOException away) {
            end(client);
            end(server);
            return;
        }
        var host = client.getInetAddress().getHostAddress();
        Thread.ofVirtual().start(() -> forward(host, client, server));
        Thread.ofVirtual().start(() -> forward(host, server, client));
    }

    private void forward(String host, Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                LockSupport.parkNanos(late.getOrDefault(host, Duration.ZERO).toNanos());
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException cut) {
            // either side went
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException gone) {
            // so it is closed
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(this::end);
    }
}
