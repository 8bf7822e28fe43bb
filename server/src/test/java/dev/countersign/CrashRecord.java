package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What clients saw, on the disk before it counts as seen, and compared with a ledger.
final class CrashRecord {
    private final FileChannel file;
    private final Map<String, String> tokens = new HashMap<>();
    private final Set<String> votes = new HashSet<>();

    CrashRecord(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// A client has this token; the request is empty when policy approved at once.
    synchronized void token(String request, String jti) throws IOException {
        write("token " + jti + " " + request);
        tokens.put(jti, request);
    }

    /// A reviewer was told that a request is approved.
    synchronized void vote(String request) throws IOException {
        write("vote " + request);
        votes.add(request);
    }

    private void write(String line) throws IOException {
        file.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
        file.force(false);
    }

    synchronized Set<String> tokens() {
        return Set.copyOf(tokens.keySet());
    }

    /// How many tokens there are.
    synchronized int count() {
        return tokens.size();
    }

    synchronized Set<String> votes() {
        return Set.copyOf(votes);
    }

    /// What was seen and is not so, or is so twice.
    synchronized List<String> faults(List<JsonNode> entries) {
        var mints = new HashMap<String, Integer>();
        var mintsOf = new HashMap<String, Integer>();
        var approvals = new HashMap<String, Integer>();
        var asked = new HashSet<String>();
        entries.stream()
                .filter(it -> it.path("code").stringValue("").equals("request.made"))
                .forEach(it -> asked.add(it.path("request").stringValue("")));
        var faults = new ArrayList<String>();
        for (var entry : entries) {
            var request = entry.path("request").stringValue("");
            switch (entry.path("code").stringValue("")) {
                case "token.minted" -> {
                    mints.merge(entry.path("body").path("jti").stringValue(""), 1, Integer::sum);
                    mintsOf.merge(request, 1, Integer::sum);
                    if (asked.contains(request) && !approvals.containsKey(request)) {
                        faults.add("request " + request + " was minted before it was decided");
                    }
                }
                case "request.decided" -> approvals.merge(request, 1, Integer::sum);
                default -> {
                    // says nothing of what is counted here
                }
            }
        }
        for (var jti : tokens.keySet()) {
            if (mints.getOrDefault(jti, 0) != 1) {
                faults.add("token " + jti + " was seen and stands " + mints.getOrDefault(jti, 0) + " times");
            }
        }
        for (var request : votes) {
            if (!approvals.containsKey(request)) {
                faults.add("request " + request + " was told approved and is not");
            }
        }
        mintsOf.forEach((request, n) -> {
            if (n > 1) {
                faults.add("request " + request + " was minted " + n + " times");
            }
        });
        approvals.forEach((request, n) -> {
            if (n > 1) {
                faults.add("request " + request + " was decided " + n + " times");
            }
        });
        return faults;
    }
}
