package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.demo.Demo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is away, on the command line.
final class AwayCommandTest {
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
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "--url",
                demo.file().issuer(),
                "--token",
                demo.file().person(user).apiToken()));
        return TestLine.run(all.toArray(String[]::new));
    }

    private static String at(int hours) {
        return LocalDateTime.now(ZoneOffset.UTC)
                .plusHours(hours)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString();
    }

    @Test
    void a_person_says_that_they_are_away_and_takes_it_back() {
        assertThat(as("ana", "away", "list").out().strip()).isEqualTo("nobody is away");
        var said = as("ana", "away", "say", "--from", at(-1), "--until", at(5), "--substitute", "bo");
        assertThat(said.out()).startsWith("you are away from ").contains("and bo stands in");
        assertThat(as("ana", "away", "list").out()).contains("ana").contains("bo");
        assertThat(as("bo", "away", "list").out().strip()).isEqualTo("nobody is away");
        assertThat(as("max", "away", "list", "--all").out()).contains("ana");

        var twice = as("ana", "away", "say", "--from", at(-1), "--until", at(5));
        assertThat(twice.exit()).isEqualTo(1);
        assertThat(twice.err()).contains("you have said already that you are away in that time");
        var strange = as("ana", "away", "say", "--from", "tomorrow", "--until", at(5));
        assertThat(strange.err()).contains("write both times as 2026-08-01T09:00");

        var id = as("ana", "away", "list", "--json")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .stringValue("");
        assertThat(as("bo", "away", "end", id).exit()).as("another's").isEqualTo(1);
        assertThat(as("ana", "away", "end", id).out().strip()).isEqualTo("it is over");
        assertThat(as("ana", "away", "list").out().strip()).isEqualTo("nobody is away");
    }
}
