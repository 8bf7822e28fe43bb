package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import tools.jackson.databind.JsonNode;

/// One command, run in this process.
public record TestLine(int exit, String out, String err) {
    public static TestLine run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = CommandLines.run(
                new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), "1.2.3"), args);
        return new TestLine(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    JsonNode json() {
        return Json.read(out);
    }
}
