package dev.countersign;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;

/// A server on loopback that says to each request what a test wants, byte for byte.
public final class TestPeer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

    private final ServerSocket listening;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Says says;

    /// What is said to one request, given as it came.
    public interface Says {
        void to(String request, OutputStream out) throws IOException, InterruptedException;
    }

    public TestPeer(Says says) {
        this(ServerSocketFactory.getDefault(), says);
    }

    public TestPeer(ServerSocketFactory sockets, Says says) {
        this.says = says;
        try {
            this.listening = sockets.createServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("test-peer").start(this::accept);
    }

    /// Says these bytes to every request.
    public static Says raw(String answer) {
        return (_, out) -> out.write(answer.getBytes(UTF_8));
    }

    /// Says this JSON to every request.
    public static Says json(String body) {
        return status(200, body);
    }

    public static Says status(int status, String body) {
        return raw("HTTP/1.1 " + status + " Said\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(UTF_8).length + "\r\n\r\n" + body);
    }

    /// Says nothing until the test is over.
    public Says silence() {
        return (_, _) -> {
            var _ = over.await(60, TimeUnit.SECONDS);
        };
    }

    /// From now on says something else.
    public void says(Says other) {
        says = other;
    }

    /// All that was asked, as it came.
    public List<String> heard() {
        return heard;
    }

    public int connections() {
        return connections.get();
    }

    public int port() {
        return listening.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().name("test-peer-answer").start(() -> answer(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            var request = read(socket.getInputStream());
            heard.add(request);
            says.to(request, socket.getOutputStream());
            socket.getOutputStream().flush();
        } catch (IOException gone) {
            // The client hung up, as many tests want.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("it ended in the midst of a request");
            }
            head.write(next);
        }
        var length = LENGTH.matcher(head.toString(ISO_8859_1));
        var body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return head.toString(ISO_8859_1) + new String(body, UTF_8);
    }

    @Override
    public void close() {
        over.countDown();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
