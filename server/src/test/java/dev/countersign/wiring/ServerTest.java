package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void start(InetSocketAddress listen, Path store) {
        if (Configuration.read(gate.folder) instanceof Read.Good(var configuration, _)) {
            var options = new Server.Options(Optional.of(listen), Optional.of(store), false, false);
            Server.start(configuration, options, gate.clock).close();
        } else {
            throw new AssertionError("the configuration of the tests is faulty");
        }
    }
}
