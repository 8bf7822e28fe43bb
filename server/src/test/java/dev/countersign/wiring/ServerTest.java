package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.countersign.TestStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// What a server does not start on.
class ServerTest {
    @TempDir
    Path folder;

    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, "policies: [ { rule: reads, when: risk == LOW, approve: { } } ]");
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    @Test
    void a_store_has_one_server() {
        assumeFalse(TestStores.onPostgres(), "a PostgreSQL store has many");
        assertThatThrownBy(() -> start(loopback(0), gate.folder.resolve("countersign.db")))
                .isInstanceOf(Server.Refused.class)
                .hasMessageContaining("another server is running on");
    }

    @Test
    void a_port_that_is_taken_is_said_to_be() {
        assertThatThrownBy(() -> start(loopback(gate.server().port()), gate.folder.resolve("other.db")))
                .isInstanceOf(Server.Refused.class)
                .hasMessageContaining("another program listens there");
    }

    @Test
    void plain_http_does_not_leave_the_machine_unasked() {
        assertThatThrownBy(() -> start(new InetSocketAddress(0), gate.folder.resolve("other.db")))
                .isInstanceOf(Server.Refused.class)
                .hasMessageContaining("--behind-tls-proxy");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080,   127.0.0.1, 8080, true",
        "http://localhost,        127.0.0.1,   80, true",
        "http://127.0.0.1:8080,   0.0.0.0,   8080, true",
        "http://localhost:8080,   127.0.0.1, 9090, false",
        "http://127.0.0.1:8080,   127.0.0.2, 8080, false",
        "http://localhost:8080,   127.0.0.1,    0, true", // any port that is free
        "https://auth.example.com, 127.0.0.1, 9090, true", // behind a proxy, who knows where
    })
    void a_server_that_is_not_where_its_issuer_leads_says_so(String issuer, String host, int port, boolean found) {
        var missed = Reach.missed(issuer, new InetSocketAddress(host, port));
        assertThat(missed.isEmpty()).isEqualTo(found);
        missed.ifPresent(it ->
                assertThat(it).contains(host + " port " + port, issuer, "DPoP").doesNotContain("\n"));
    }

    @Test
    void a_proxy_that_must_be_there_and_is_not_believed_is_told() {
        assertThat(Reach.blurred("https://auth.example.com", List.of()))
                .hasValueSatisfying(it -> assertThat(it)
                        .contains("https://auth.example.com", "server.trusted_proxies")
                        .doesNotContain("\n"));
        assertThat(Reach.blurred("https://auth.example.com", List.of("10.0.0.0/24")))
                .isEmpty();
        assertThat(Reach.blurred("http://localhost:8080", List.of())).isEmpty();
    }

    @Test
    void it_says_so_when_it_starts() throws Exception {
        Files.writeString(
                gate.folder.resolve("countersign.yaml"),
                Files.readString(gate.folder.resolve("countersign.yaml"))
                        .replaceFirst("issuer: .*", "issuer: http://localhost:1"));
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var logger = (Logger) LoggerFactory.getLogger(Server.class);
        logger.addAppender(said);
        try {
            start(loopback(free()), gate.folder.resolve("other.db"));
        } finally {
            logger.detachAppender(said);
        }
        assertThat(said.list)
                .filteredOn(it -> it.getLevel() == Level.WARN)
                .singleElement()
                .asString()
                .contains("the issuer is http://localhost:1:");
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void start(InetSocketAddress listen, Path store) {
        var options = new Server.Options(Optional.of(listen), Optional.of(store), false, false);
        Server.start(gate.good(), options, gate.clock).close();
    }
}
