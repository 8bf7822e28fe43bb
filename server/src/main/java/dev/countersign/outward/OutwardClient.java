package dev.countersign.outward;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Asks others over HTTP: everything that leaves the server goes through here.
///
/// A host is resolved once, its addresses are looked at, and one of these very addresses is connected to, so
/// that a name which leads elsewhere the next time leads nowhere. TLS is proved for the name. No redirect is
/// followed, no proxy of the environment is used, no cookie is kept and no connection is used twice. An answer
/// has 64 KiB unless a call says more, and its whole way one deadline: whoever waits is told then, whatever still
/// hangs.
///
/// Platform threads: finding a host is a call of the operating system's, which a virtual thread would hold its
/// carrier for. There are so many, and so much is asked at once.
public final class OutwardClient implements AutoCloseable {
    /// How much is asked at once.
    public static final int AT_ONCE = 64;

    /// How many bytes of an answer are read unless a call says otherwise.
    public static final int MOST = 64 * 1024;

    private static final int QUEUE = 1024;

    private final Resolver resolver;
    private final Supplier<SSLSocketFactory> tls;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;

    /// Asks with the addresses and the trust of this machine.
    public OutwardClient() {
        this(Resolver.SYSTEM, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /// @param tls what proves hosts; not made before one is asked, since to read whom to trust takes a start's
    ///     time
    public OutwardClient(Resolver resolver, Supplier<SSLSocketFactory> tls) {
        this.resolver = resolver;
        this.tls = tls;
        this.threads = new ThreadPoolExecutor(
                AT_ONCE,
                AT_ONCE,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE),
                Thread.ofPlatform().daemon().name("outward-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("outward-deadlines").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Asks. What comes back is there when the call's time is up at the latest, and never fails.
    public CompletableFuture<Answer> send(Call call) {
        var answer = new CompletableFuture<Answer>();
        var exchange = new Exchange(call, System.nanoTime() + call.timeout().toNanos());
        try {
            var late = timer.schedule(
                    () -> {
                        answer.complete(new Answer.Nothing(Answer.Silence.LATE));
                        exchange.abandon();
                    },
                    call.timeout().toNanos(),
                    TimeUnit.NANOSECONDS);
            threads.execute(() -> {
                answer.complete(exchange.run());
                late.cancel(false);
            });
        } catch (RejectedExecutionException _) {
            answer.complete(new Answer.Nothing(Answer.Silence.BUSY));
        }
        return answer;
    }

    /// How much is asked just now.
    public int asking() {
        return threads.getActiveCount();
    }

    /// What still is asked is not waited for.
    @Override
    public void close() {
        threads.shutdownNow();
        timer.shutdownNow();
    }

    /// One request on its way. Its socket is closed by whichever comes first, its end or its deadline.
    private final class Exchange {
        private final Call call;
        private final long end;
        private Socket socket = new Socket(Proxy.NO_PROXY);
        private boolean abandoned;

        Exchange(Call call, long end) {
            this.call = call;
            this.end = end;
        }

        Answer run() {
            try {
                return ask();
            } catch (Unread it) {
                return nothing(it.silence());
            } catch (SSLException it) {
                return nothing(Answer.Silence.UNTRUSTED);
            } catch (IOException | RuntimeException it) {
                // A library of the system's that fails is one more way not to be answered.
                return nothing(Answer.Silence.UNREACHABLE);
            } finally {
                abandon();
            }
        }

        /// Whatever a closed socket fails with, that is why.
        private Answer nothing(Answer.Silence silence) {
            return new Answer.Nothing(left().isPositive() ? silence : Answer.Silence.LATE);
        }

        private Duration left() {
            return Duration.ofNanos(end - System.nanoTime());
        }

        private Answer ask() throws IOException, Unread {
            if (!left().isPositive()) {
                throw new Unread(Answer.Silence.LATE);
            }
            var plain = connect(allowed());
            var wire = call.isSecure() ? secure(plain) : plain;
            wire.getOutputStream().write(request());
            wire.getOutputStream().flush();
            return new AnswerReader(new BufferedInputStream(wire.getInputStream()), call.most()).read();
        }

        private List<InetAddress> allowed() throws UnknownHostException, Unread {
            var allowed = resolver.addresses(call.host()).stream()
                    .filter(call.reach()::allows)
                    // What is not encrypted does not leave the machine, whatever its name leads to.
                    .filter(it -> call.isSecure() || it.isLoopbackAddress())
                    .toList();
            if (allowed.isEmpty()) {
                throw new Unread(Answer.Silence.FORBIDDEN);
            }
            return allowed;
        }

        private Socket connect(List<InetAddress> addresses) throws IOException, Unread {
            boolean late = false;
            for (int i = 0; i < addresses.size(); i++) {
                long share = left().toMillis() / (addresses.size() - i);
                if (share <= 0) {
                    throw new Unread(Answer.Silence.LATE);
                }
                try {
                    var fresh = hold(new Socket(Proxy.NO_PROXY));
                    fresh.connect(new InetSocketAddress(addresses.get(i), call.port()), Math.toIntExact(share));
                    return fresh;
                } catch (IOException next) {
                    // Nobody there: another address of the host may answer.
                    late = next instanceof SocketTimeoutException;
                    release();
                }
            }
            throw new Unread(late ? Answer.Silence.LATE : Answer.Silence.UNREACHABLE);
        }

        private Socket secure(Socket plain) throws IOException {
            var secure = (SSLSocket) tls.get().createSocket(plain, call.host(), call.port(), true);
            var parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            if (!call.uri().getHost().startsWith("[") && !call.host().matches("[0-9.]+")) {
                parameters.setServerNames(List.of(new SNIHostName(call.host())));
            }
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        }

        private byte[] request() {
            var uri = call.uri();
            var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            var head = new StringBuilder(call.method() + " " + path + query + " HTTP/1.1\r\n");
            head.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
            head.append("Connection: close\r\nUser-Agent: countersign\r\n");
            var headers = new TreeMap<>(call.headers());
            headers.putIfAbsent("Accept", "application/json");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            var body = call.body().getBytes(UTF_8);
            if (call.method().equals("POST")) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            var all = new ByteArrayOutputStream();
            all.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
            all.writeBytes(body);
            return all.toByteArray();
        }

        private synchronized Socket hold(Socket fresh) throws IOException {
            if (abandoned) {
                fresh.close();
            }
            socket = fresh;
            return fresh;
        }

        private synchronized void release() throws IOException {
            socket.close();
        }

        /// Closes the socket below TLS: what is encrypted ends with it, and nothing waits for a last word.
        private synchronized void abandon() {
            abandoned = true;
            try {
                socket.close();
            } catch (IOException _) {
                // It is closed, as was wanted.
            }
        }
    }
}
