package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.demo.Demo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people say of broken glass, and what lifts an objection, on the command line.
final class BreakGlassCommandTest {
    @TempDir
    private Path path;

    private Demo demo;

    @BeforeEach
    void start() throws IOException {
        var listen = InetSocketAddress.createUnresolved("localhost", 0);
        demo = Demo.start(
                new Demo.Settings(path.resolve("demo"), Optional.of(listen), false), _ -> {}, InstantSource.system());
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private TestLine as(String user, String... args) {
        var all = new ArrayList<>(List.of("requests", "break-glass"));
        all.addAll(List.of(args));
        all.addAll(List.of(
                "--url",
                demo.file().issuer(),
                "--token",
                demo.file().person(user).apiToken()));
        return TestLine.run(all.toArray(String[]::new));
    }

    private TestLine breaks() throws IOException {
        var secret = Files.writeString(
                path.resolve("secret"), demo.file().client("refund-bot").secret());
        return TestLine.run(
                "request",
                "--url",
                demo.file().issuer(),
                "--client-id",
                "refund-bot",
                "--client-secret-file",
                secret.toString(),
                "--scope",
                "refunds:write",
                "--reason",
                "Nobody answers, INC-7",
                "--break-glass");
    }

    private String last() {
        return as("cy", "list", "--state", "all", "--json")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .stringValue("");
    }

    @Test
    void people_say_that_it_was_right() throws IOException {
        assertThat(as("cy", "list").out()).isEqualTo("nothing is owed" + System.lineSeparator());
        assertThat(breaks().exit()).isZero();
        var id = last();

        assertThat(as("cy", "list").out()).containsPattern(id + " +due +refund-bot +refunds:write +23:59:[0-9]{2} +");
        assertThat(as("cy", "show", id).out())
                .startsWith(
                        "refund-bot broke the glass: refunds:write on https://payments.fernhill.example for 1 minute")
                .contains("state        due", "rules        outage", "reason       \"Nobody answers, INC-7\"")
                .contains("looked at by 1 of security");
        assertThat(as("dee", "approve", id).err()).contains("nobody looks at their own");
        var said = as("cy", "approve", id, "--comment", "saw the outage");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out()).isEqualTo(id + " is approved" + System.lineSeparator());
        assertThat(as("max", "approve", id).err()).contains("this is approved now");
        assertThat(as("cy", "show", id).out()).contains("said         cy approve \"saw the outage\"");
        assertThat(as("cy", "list").out()).startsWith("nothing is owed");
        assertThat(as("cy", "list", "--state", "approved").out()).contains(id);
        assertThat(as("cy", "list", "--state", "lifted").out()).startsWith("there are none");
        assertThat(as("cy", "show", "nothing").err()).contains("nobody broke the glass with this request");
    }

    @Test
    void an_objection_locks_the_rule_until_an_administrator_lifts_it() throws IOException {
        breaks();
        var id = last();

        var said = as("cy", "object", id, "--comment", "that could wait");
        assertThat(said.out())
                .isEqualTo(
                        id + " is objected: its rule lets this client through no more until an administrator lifts that"
                                + System.lineSeparator());
        assertThat(as("cy", "list").out()).containsPattern(id + " +objected +refund-bot +refunds:write +- +");
        assertThat(breaks().err()).contains("somebody objected");

        assertThat(as("max", "lift", id).exit()).as("it wants a reason").isEqualTo(2);
        assertThat(as("cy", "lift", id, "--reason", "mine").err()).contains("admin");
        var lifted = as("max", "lift", id, "--reason", "talked to them", "--json");
        assertThat(lifted.json().path("state").stringValue("")).isEqualTo("lifted");
        assertThat(as("max", "lift", id, "--reason", "again").err()).contains("this is lifted now");
        assertThat(breaks().exit()).isZero();
    }
}
