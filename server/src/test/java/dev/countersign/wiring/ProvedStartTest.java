package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.countersign.OneStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// A start publishes what is proved, as a reload and `apply` do, and nothing else.
@OneStore
final class ProvedStartTest {
    private static final String RULES = """
            policies:
              - { rule: reads, when: risk == LOW, approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], lifetime: 2m }
            """;
    private static final String TRUE = """
            prove:
              - { claim: money waits for people, assume: '"refunds:write" in scopes', never: approve }
            """;
    private static final String UNTRUE = TRUE + """
              - { claim: nothing is let through, never: approve }
            """;

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, RULES);
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stop() {
        System.clearProperty("countersign.prover");
        logger().detachAppender(log);
        gate.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Server.class);
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void forgetProver() {
        System.setProperty("countersign.prover", folder.resolve("nowhere.jar").toString());
    }

    @Test
    void what_is_refuted_does_not_come_into_force_at_a_start_and_what_is_in_force_stays() {
        var before = gate.server().version();
        gate.write("claims.yaml", UNTRUE);

        gate.restart();

        assertThat(gate.server().version()).isEqualTo(before);
        assertThat(said())
                .anyMatch(it -> it.startsWith("not published: claims.yaml:3:5: claim `nothing is let through`: refuted")
                        && it.contains("--given '"))
                .anyMatch(it -> it.contains("configuration " + before + " stays in force"));
        assertThat(gate.entries("configuration.published")).hasSize(1);
        assertThat(gate.entries("node.started").getLast().text("configuration")).isEqualTo(before);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status()).isEqualTo(200);
    }

    @Test
    void what_is_proved_comes_into_force_at_a_start() {
        gate.write("claims.yaml", TRUE);

        gate.restart();

        assertThat(gate.server().version()).isEqualTo(gate.configuration().version());
        assertThat(gate.entries("configuration.published")).hasSize(2);
    }

    @Test
    void what_is_in_force_already_is_not_proved_once_more() {
        gate.configure("claims.yaml", TRUE);
        forgetProver();

        gate.restart();

        assertThat(gate.server().version()).isEqualTo(gate.configuration().version());
        assertThat(said()).noneMatch(it -> it.contains("proved"));
        assertThat(gate.server().reload(folder)).isTrue();
    }

    @Test
    void without_a_prover_a_claim_is_not_proved() {
        var before = gate.server().version();
        gate.write("claims.yaml", TRUE);
        forgetProver();

        gate.restart();

        assertThat(gate.server().version()).isEqualTo(before);
        assertThat(said())
                .anyMatch(it -> it.startsWith("not published: claims.yaml:2:5: claims cannot be proved here: the prover"
                        + " is not installed"));
        assertThat(gate.server().reload(folder)).isFalse();
    }

    @Test
    void going_back_on_purpose_is_proved_too() {
        gate.end();
        gate.write("claims.yaml", UNTRUE);
        var again = new Server.Options(Optional.empty(), Optional.empty(), false, true);

        try (var server = Server.start(gate.good(), again, gate.clock)) {
            assertThat(server.version()).isNotEqualTo(gate.configuration().version());
        }
        gate.startAgain();
    }

    @Test
    void a_first_start_fails_and_says_what_is_refuted_where() {
        gate.end();
        gate.write("claims.yaml", UNTRUE);

        var refused = catchThrowable(() -> gate.startOn("sqlite:another.db"));

        assertThat(refused)
                .isInstanceOf(Server.Refused.class)
                .hasMessageStartingWith("claims.yaml:3:5: claim `nothing is let through`: refuted")
                .hasMessageContaining("no configuration is in force that a server could start with instead");
        gate.write("claims.yaml", TRUE);
        gate.startAgain();
    }
}
