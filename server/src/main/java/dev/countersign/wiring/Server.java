package dev.countersign.wiring;

import dev.countersign.approval.Unread;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Fault;
import dev.countersign.config.Live;
import dev.countersign.config.Onto;
import dev.countersign.config.Published;
import dev.countersign.config.Read;
import dev.countersign.dashboard.Dashboard;
import dev.countersign.http.HttpFault;
import dev.countersign.http.HttpServer;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.Edge;
import dev.countersign.proof.Claims;
import dev.countersign.review.Api;
import dev.countersign.scim.ScimApi;
import dev.countersign.store.StoreAddress;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's life: opened on a configuration, reloaded, closed.
public final class Server implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "configuration-folder");

    private static final Set<String> OAUTH = Set.of("/token", "/introspect", "/revoke");

    /// What the command line overrides.
    ///
    /// @param listen instead of `server.listen`
    /// @param store the store's file instead of `store`
    /// @param behindTlsProxy whether plain http on an address that is not loopback is meant
    /// @param republish whether going back to a configuration that was superseded is meant
    public record Options(
            Optional<InetSocketAddress> listen, Optional<Path> store, boolean behindTlsProxy, boolean republish) {
        public static final Options NONE = new Options(Optional.empty(), Optional.empty(), false, false);
    }

    /// The server cannot start; the message says what is wrong and what to do.
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String said) {
            super(said, null, false, false);
        }
    }

    private final Claim claim;
    private final Installation installation;
    private final Live live;
    private final Wiring wiring;
    private final HttpServer http;

    private Server(Claim claim, Installation installation, Live live, Wiring wiring, HttpServer http) {
        this.claim = claim;
        this.installation = installation;
        this.live = live;
        this.wiring = wiring;
        this.http = http;
    }

    /// Starts a server; when this returns, it answers. A folder that is not in force is put in force first, once what
    /// it claims is proved; otherwise what is in force stays.
    ///
    /// @throws Refused when plain http would leave the machine, the folder was superseded, or it is the first
    ///     and what it claims is not proved
    /// @throws dev.countersign.store.StoreRefused when the store is not safe to use
    public static Server start(Read.Good folder, Options options, InstantSource clock) {
        var node = folder.configuration().node();
        var listen = options.listen().orElse(node.listen());
        var address = new InetSocketAddress(listen.getHostString(), listen.getPort());
        if (address.isUnresolved()) {
            throw new Refused("server.listen: " + listen.getHostString() + " is no address of this machine");
        }
        if (!address.getAddress().isLoopbackAddress() && !options.behindTlsProxy()) {
            throw new Refused(
                    "plain http on " + listen.getHostString() + " would carry secrets over the network: listen on"
                            + " 127.0.0.1, or put a TLS proxy in front and say --behind-tls-proxy");
        }
        var store = options.store().<StoreAddress>map(StoreAddress.Sqlite::new).orElse(node.store());
        var claim = Claim.on(store);
        try {
            return start(claim, store, folder, address, options.republish(), clock);
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private static Server start(
            Claim claim,
            StoreAddress store,
            Read.Good folder,
            InetSocketAddress address,
            boolean republish,
            InstantSource clock) {
        var node = folder.configuration().node();
        var installation = Installation.open(folder.configuration(), store, clock);
        try {
            var live =
                    new Live(installation.store, new Configurations(installation.directory, installation.ledger), node);
            begin(live, folder, republish);
            var wiring = new Wiring(installation, live, clock);
            try {
                installation.store.write(tx -> installation.ledger.append(tx, started(live.get(), clock)));
                var http = HttpServer.start(
                        new HttpServer.Settings(address, node.trustedProxies(), node.issuer()),
                        wiring.routes,
                        (request, fault) -> fault(wiring.dashboard, request, fault));
                Reach.missed(node.issuer(), address).ifPresent(log::warn);
                Reach.blurred(node.issuer(), node.trustedProxies()).ifPresent(log::warn);
                wiring.publishApproved();
                live.get().observed().forEach((what, observe) -> {
                    if (observe.holds(clock.instant())) {
                        log.warn(
                                "{} is observed only until {}: what policy says is recorded, and nothing is held",
                                what,
                                observe.until());
                    }
                });
                return new Server(claim, installation, live, wiring, http);
            } catch (UncheckedIOException taken) {
                wiring.close();
                throw new Refused(taken.getMessage() + ": another program listens there; choose another with --listen");
            } catch (RuntimeException e) {
                wiring.close();
                throw e;
            }
        } catch (RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    /// A folder that has only what is the node's own goes on with what is in force.
    private static void begin(Live live, Read.Good folder, boolean republish) {
        var configuration = folder.configuration();
        if (configuration.isNodesOwn() && taken(live)) {
            return;
        }
        var onto = republish ? Onto.AGAIN : Onto.ANY;
        var unproved = live.isNews(configuration, onto) ? unproved(folder) : List.<Fault>of();
        if (unproved.isEmpty()) {
            publish(live, configuration, onto);
        } else {
            goOn(live, unproved);
        }
    }

    private static void publish(Live live, Configuration configuration, Onto onto) {
        var published = live.publish(configuration, OPERATOR, onto);
        if (published instanceof Published.Superseded) {
            throw new Refused(published + ": serve --republish");
        }
        if (published instanceof Published.Governed) {
            throw new Refused(
                    published + ". A folder that has only what is the node's own starts with what is in force");
        }
    }

    /// What is not proved does not come into force, at a start no more than at a reload.
    private static void goOn(Live live, List<Fault> unproved) {
        if (!taken(live)) {
            throw new Refused(unproved.stream()
                    .map(Fault::toString)
                    .collect(Collectors.joining(
                            "\n",
                            "",
                            "\nwhat the folder claims is not proved, and no configuration is in force that a server"
                                    + " could start with instead: put right what is named above")));
        }
        unproved.forEach(it -> log.error("not published: {}", it));
        log.warn(
                "the folder is not in force, since what it claims is not proved; configuration {} stays in force",
                live.get().version());
    }

    /// What a folder claims and is not proved.
    private static List<Fault> unproved(Read.Good folder) {
        return Claims.installed().faults(folder.configuration(), folder.rules());
    }

    private static boolean taken(Live live) {
        try {
            return live.refresh();
        } catch (Unread unread) {
            throw new Refused(unread.getMessage() + ": start a release that can, or one with a folder to publish");
        }
    }

    private static Entry started(Configuration configuration, InstantSource clock) {
        return new Entry(
                Code.NODE_STARTED,
                clock.instant(),
                new Entry.Actor("system", "server"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of("configuration", configuration.version()),
                List.of());
    }

    /// What HTTP itself refuses, in the form of the path's other errors; whoever reads pages gets a page.
    private static Reply fault(Dashboard dashboard, Request request, HttpFault fault) {
        if (request.path().startsWith("/api/")) {
            return Api.fault(fault);
        }
        if (request.path().startsWith("/scim/")) {
            return ScimApi.fault(fault);
        }
        if (OAUTH.contains(request.path())) {
            return Edge.fault(request, fault);
        }
        return request.header("Accept").orElse("").contains("text/html")
                ? dashboard.fault(request, fault)
                : Reply.text(fault.status, fault.said + "\n");
    }

    /// Reads the folder again and puts it in force; what is wrong with it, or claimed and not proved, is logged and
    /// changes nothing.
    public boolean reload(Path folder) {
        log.info("reading {} again", folder);
        return live.reload(folder, OPERATOR, Claims.installed()::tried);
    }

    /// Runs a candidate beside the policy in force from now on, or another in its place; it decides nothing.
    public void watch(Configuration candidate) {
        wiring.watch(candidate);
        log.info("candidate {} runs beside what is in force and decides nothing", candidate.version());
    }

    /// Reads a candidate's folder again; what is wrong with it is logged, and the candidate before goes on.
    public boolean watchAgain(Path folder) {
        return switch (Configuration.read(folder)) {
            case Read.Good(var candidate, _, _) -> {
                watch(candidate);
                yield true;
            }
            case Read.Bad(var faults, _, _) -> {
                faults.forEach(it -> log.error("the candidate stays as it was: {}", it));
                yield false;
            }
        };
    }

    /// Does at once what is due by the clock, which is else done within a second: ends what is late, puts in force
    /// what was approved, and attests what was agreed to. For a clock that is moved by hand.
    public void catchUp() {
        wiring.catchUp();
    }

    /// The version of the configuration in force.
    public String version() {
        return live.get().version();
    }

    /// The port it listens on.
    public int port() {
        return http.port();
    }

    /// Where clients reach it.
    public URI issuer() {
        return URI.create(live.get().node().issuer());
    }

    Wiring wiring() {
        return wiring;
    }

    /// Lets running requests end, keeps what is in memory, and closes the store.
    @Override
    public void close() {
        log.info("ending: who waits is told to come again, and what runs is finished");
        wiring.stopWaiting();
        http.close();
        wiring.close();
        installation.close();
        claim.close();
        log.info("ended in order");
    }
}
