package dev.countersign.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// How Jetty is put together, and all that is turned off.
final class Jetty {
    private static final int MAX_HEADERS = 16 * 1024;

    /// What a connection reads at once, and keeps for as long as its request is being answered, however long that is:
    /// enough for most token requests, and larger ones are read in turns.
    private static final int INPUT = 2 * 1024;

    private static final int MAX_POOLED = 64 * 1024;

    static {
        // Jetty asks JMX otherwise whether references are small, and to start JMX takes a tenth of a second.
        System.setProperty("org.eclipse.jetty.util.referencesPerCacheLine", "16");
    }

    private Jetty() {}

    static Server server(Exchange exchange, HttpServer.Limits limits) {
        // Its threads select and accept; handlers run on virtual ones.
        var threads = new QueuedThreadPool(32, 4);
        threads.setName("http");
        threads.setDaemon(true);
        var virtual = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory());
        threads.setVirtualThreadsExecutor(virtual);
        var server = new Server(threads, null, new ArrayByteBufferPool(0, INPUT, MAX_POOLED));
        server.setHandler(new GracefulHandler(handler(exchange, virtual)));
        server.setErrorHandler(Jetty::refuse);
        server.setStopTimeout(limits.stop().toMillis());
        return server;
    }

    static ServerConnector connector(Server server, HttpServer.Settings settings) {
        var limits = settings.limits();
        var connector = new ServerConnector(server, 1, -1, new HttpConnectionFactory(configuration())) {
            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                var wire = new Wire(channel, selector, key, getScheduler(), limits);
                wire.setIdleTimeout(getIdleTimeout());
                return wire;
            }

            // Acceptors end by themselves once the channel is closed, which it is by now, and are told to when they
            // wait for room. The JDK loses a connection that it accepts for a thread that is interrupted just then:
            // nobody could close it any more, and its client would wait for ever.
            @Override
            protected void interruptAcceptors() {
                setAccepting(true);
            }
        };
        connector.setHost(settings.listen().getAddress().getHostAddress());
        connector.setPort(settings.listen().getPort());
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.setAcceptQueueSize(1024);
        connector.setShutdownIdleTimeout(200);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        return connector;
    }

    private static HttpConfiguration configuration() {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setInputBufferSize(INPUT);
        http.setRequestHeaderSize(MAX_HEADERS);
        http.setResponseHeaderSize(MAX_HEADERS);
        // A client's name may be a URL, so an encoded slash is part of a segment. Routes compare paths as they are
        // sent.
        http.setUriCompliance(UriCompliance.RFC3986.with(
                "countersign",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        return http;
    }

    private static Handler handler(Exchange exchange, Executor virtual) {
        return new Handler.Abstract() {
            @Override
            public boolean handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
                // A handler may wait for longer than a connection may be idle.
                request.addIdleTimeoutListener(_ -> false);
                if (Thread.currentThread().isVirtual()) {
                    exchange.answer(request, response, callback);
                } else {
                    // What was sent behind a request whose reply came later is read by one of the few that select.
                    virtual.execute(() -> exchange.answer(request, response, callback));
                }
                return true;
            }
        };
    }

    /// What Jetty refuses before there is a request to speak of: a status, and nothing else.
    private static boolean refuse(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
        return true;
    }
}
