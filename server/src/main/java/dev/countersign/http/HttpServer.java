package dev.countersign.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server: Jetty without servlets, a virtual thread for each request.
///
/// [Jetty] builds it, [Exchange] answers one request, [Wire] is one connection.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Server server;
    private final ServerConnector connector;
    private final int port;
    private final Deadlines deadlines;
    private final Exchange exchange;

    /// Where it listens and how it is reached.
    ///
    /// @param listen port 0 takes a free one
    /// @param trustedProxies address ranges whose `X-Forwarded-*` headers are believed
    /// @param issuer under whose scheme and authority clients reach us
    public record Settings(InetSocketAddress listen, List<String> trustedProxies, String issuer, Limits limits) {
        /// With the default limits.
        public Settings(InetSocketAddress listen, List<String> trustedProxies, String issuer) {
            this(listen, trustedProxies, issuer, Limits.DEFAULT);
        }
    }

    /// How long a peer may take, and how many there may be. A handler may take as long as it likes.
    ///
    /// @param idle between two requests on one connection
    /// @param head from a request's first byte to the end of its headers
    /// @param body from the first look at a request's body to its end
    /// @param write to take a reply, or one piece of a stream
    /// @param stop for requests that are being answered when the server stops
    /// @param connections above which new ones wait to be accepted
    public record Limits(Duration idle, Duration head, Duration body, Duration write, Duration stop, int connections) {
        /// For a server on the network.
        public static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                50_000);
    }

    private HttpServer(Server server, ServerConnector connector, Exchange exchange) {
        this.server = server;
        this.connector = connector;
        this.port = connector.getLocalPort();
        this.exchange = exchange;
        this.deadlines = new Deadlines(connector);
    }

    /// Starts it; when this returns, it answers.
    ///
    /// @param faults gives what HTTP itself refuses the form of the path's other errors
    public static HttpServer start(Settings settings, Routes routes, BiFunction<Request, HttpFault, Reply> faults) {
        var exchange = new Exchange(routes, faults, new Outside(settings.issuer(), settings.trustedProxies()));
        var server = Jetty.server(exchange, settings.limits());
        var connector = Jetty.connector(server, settings);
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + settings.listen(), e);
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not start: " + e.getMessage(), e);
        }
        return new HttpServer(server, connector, exchange);
    }

    /// The port it listens on.
    public int port() {
        return port;
    }

    /// How many connections there are.
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /// Takes no more requests, interrupts streams, and waits for the others to be answered, within the limit.
    @Override
    public void close() {
        exchange.stop();
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("the server stopped with requests unanswered", e);
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        } finally {
            deadlines.close();
        }
    }
}
