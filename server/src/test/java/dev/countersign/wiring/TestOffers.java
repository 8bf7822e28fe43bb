package dev.countersign.wiring;

import dev.countersign.Countersign;
import dev.countersign.config.Configuration;
import dev.countersign.http.Json;
import dev.countersign.wiring.TestGate.Answer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What administrators send to a gate to have it in force, over the wire and by the command line.
final class TestOffers {
    private final TestGate gate;
    final String bearer;

    TestOffers(TestGate gate, String bearer) {
        this.gate = gate;
        this.bearer = bearer;
    }

    /// The files of the gate's folder, to be changed.
    Map<String, String> files() {
        return new TreeMap<>(Configuration.gather(gate.folder).files());
    }

    /// The same with one of them replaced in part.
    Map<String, String> files(String file, String was, String now) {
        var files = files();
        var text = files.get(file);
        if (text == null || !text.contains(was)) {
            throw new AssertionError("not there: " + was);
        }
        files.put(file, text.replace(was, now));
        return files;
    }

    String inForce() {
        return gate.get(bearer, "/configuration").text("version");
    }

    Answer apply(Map<String, String> files) {
        return apply(files, inForce());
    }

    Answer apply(Map<String, String> files, String base) {
        return post("/configuration", Map.of("files", files, "base", base));
    }

    Answer post(String path, Object body) {
        return gate.tell(bearer, path, Json.write(body));
    }

    /// What a command says.
    record Line(int exit, String out, String err) {}

    /// Runs a command against the gate as whoever has the token.
    Line run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--url", "http://127.0.0.1:" + gate.server().port(), "--token", bearer));
        return runOnHost(all.toArray(String[]::new));
    }

    static Line runOnHost(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = Countersign.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Line(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
