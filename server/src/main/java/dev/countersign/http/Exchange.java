package dev.countersign.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one request to its handler and the reply back to the client.
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final HttpField NOSNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");

    private static final int MAX_SHOWN = 200;
    private static final int PIECE = 32 * 1024;

    private final Routes routes;
    private final BiFunction<Request, HttpFault, Reply> faults;
    private final Outside outside;
    private final Set<Thread> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    Exchange(Routes routes, BiFunction<Request, HttpFault, Reply> faults, Outside outside) {
        this.routes = routes;
        this.faults = faults;
        this.outside = outside;
    }

    /// Answers one request on its own thread.
    void answer(org.eclipse.jetty.server.Request raw, Response response, Callback callback) {
        var wire = Wire.under(raw.getConnectionMetaData().getConnection().getEndPoint());
        wire.answering();
        var request = new Request(raw, wire, outside);
        answer(() -> routes.handle(request), new Asked(request, response, callback, wire));
    }

    /// What was asked, and all that its answer takes.
    private record Asked(Request request, Response response, Callback callback, Wire wire) {}

    private void answer(Supplier<Reply> answer, Asked asked) {
        var request = asked.request();
        try {
            var reply = reply(answer, request);
            if (reply.body() instanceof Reply.Body.Later(var later)) {
                request.forgetBody();
                Thread.ofVirtual().name("held").start(() -> answer(later, asked));
                return;
            }
            send(reply, asked);
            request.takeRest();
            asked.wire().answered();
            asked.callback().succeeded();
        } catch (IOException e) {
            LOG.debug("request {} lost its peer", request.id(), e);
            abort(asked, e);
        } catch (RuntimeException | Error e) {
            LOG.error("request {} {} {} failed in its reply", request.id(), request.method(), shown(request), e);
            abort(asked, e);
        }
    }

    /// Half a reply must not look like a whole one.
    private static void abort(Asked asked, Throwable because) {
        asked.wire().close(because);
        asked.callback().failed(new org.eclipse.jetty.server.Request.Handler.AbortException(because));
    }

    /// Ends the streams, which would not end by themselves.
    void stop() {
        stopping = true;
        streams.forEach(Thread::interrupt);
    }

    private Reply reply(Supplier<Reply> answer, Request request) {
        try {
            return answer.get();
        } catch (HttpFault fault) {
            return faults.apply(request, fault).withHeaders(fault.headers);
        } catch (RuntimeException | Error e) {
            // Handlers turn what they expect into replies; what comes here is our fault, and says nothing outside.
            LOG.error("request {} {} {} failed", request.id(), request.method(), shown(request), e);
            return Reply.empty(500).noStore().withHeader("Request-Id", request.id());
        }
    }

    /// As much of a path as a line of the log has room for.
    private static String shown(Request request) {
        var path = request.path();
        return path.length() <= MAX_SHOWN ? path : path.substring(0, MAX_SHOWN) + "…";
    }

    private void send(Reply reply, Asked asked) throws IOException {
        var response = asked.response();
        var wire = asked.wire();
        response.setStatus(reply.status());
        var headers = response.getHeaders();
        headers.put(NOSNIFF);
        reply.headers().forEach(headers::put);
        for (var cookie : reply.cookies()) {
            headers.add(HttpHeader.SET_COOKIE, cookie.wire(outside.https()));
        }
        switch (reply.body()) {
            case Reply.Body.Bytes(var bytes) -> {
                if (reply.status() != 204 && reply.status() != 304) {
                    headers.put(HttpHeader.CONTENT_LENGTH, bytes.length);
                }
                wire.writing();
                write(ByteBuffer.wrap(bytes), response);
            }
            case Reply.Body.Stream(var writer) ->
                stream(writer, Response.asBufferedOutputStream(response.getRequest(), response), wire);
            case Reply.Body.Later _ -> throw new IllegalStateException("waited for already");
        }
    }

    /// In pieces, since the JDK takes as much memory outside of the heap as is written at once, and keeps it.
    private static void write(ByteBuffer bytes, Response response) throws IOException {
        do {
            var piece = bytes.slice(bytes.position(), Math.min(bytes.remaining(), PIECE));
            bytes.position(bytes.position() + piece.remaining());
            Content.Sink.write(response, !bytes.hasRemaining(), piece);
        } while (bytes.hasRemaining());
    }

    private void stream(Reply.Writer writer, OutputStream out, Wire wire) throws IOException {
        var thread = Thread.currentThread();
        var pieces = new Pieces(out, wire);
        streams.add(thread);
        try {
            pieces.flush();
            writer.to(pieces);
        } catch (InterruptedException e) {
            LOG.debug("a stream ends because the server stops", e);
        } finally {
            streams.remove(thread);
            // The thread is still needed to end the reply.
            Thread.interrupted();
        }
        pieces.close();
    }

    /// A stream's output: each piece has its own deadline, and none goes out once the server stops.
    private final class Pieces extends OutputStream {
        private final OutputStream out;
        private final Wire wire;

        Pieces(OutputStream out, Wire wire) {
            this.out = out;
            this.wire = wire;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            begin();
            out.write(bytes, from, length);
            wire.written();
        }

        @Override
        public void flush() throws IOException {
            begin();
            out.flush();
            wire.written();
        }

        @Override
        public void close() throws IOException {
            wire.writing();
            out.close();
        }

        private void begin() throws IOException {
            if (stopping) {
                throw new IOException("the server stops");
            }
            wire.writing();
        }
    }
}
