package dev.countersign.cli;

import dev.countersign.http.Json;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.TilePath;
import dev.countersign.review.LedgerJson;
import dev.countersign.wiring.Operations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The ledger, where it can be had: in the store on the server's own host, or over the API.
final class LedgerAccess {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            description = "On the server's host: its configuration folder, instead of URL and token.")
    private @Nullable Path config;

    @Mixin
    private final PersonApi api = new PersonApi();

    private <T> Optional<T> local(Terminal terminal, Function<Ledger, T> does) {
        if (config == null) {
            return Optional.empty();
        }
        var configuration = Folders.read(terminal, config);
        try (var operations = Operations.open(configuration, Optional.empty(), InstantSource.system())) {
            return Optional.of(does.apply(operations.ledger()));
        }
    }

    /// How many entries there are.
    long size(Terminal terminal) {
        return local(terminal, Ledger::size).orElseGet(() -> size(api.text("/ledger/checkpoint")));
    }

    /// Entries from an index on, as the API has them.
    List<JsonNode> entries(Terminal terminal, long from, int most) {
        return local(
                        terminal,
                        ledger -> ledger.entries(from, most).stream()
                                .map(LedgerJson::line)
                                .map(Json::node)
                                .toList())
                .orElseGet(() -> api.all("/ledger", from == 0 ? "" : String.valueOf(from - 1), most));
    }

    /// What a reference means, with what is disclosed beside it.
    List<JsonNode> lookUp(Terminal terminal, String reference) {
        return local(
                        terminal,
                        ledger -> ledger.lookUp(reference).stream()
                                .map(it -> LedgerJson.whole(it, ledger.disclosures(it.index())))
                                .map(Json::node)
                                .toList())
                .orElseGet(() -> api.get("/ledger/references/" + reference)
                        .path("items")
                        .valueStream()
                        .toList());
    }

    /// The receipt of a token's mint, or of the entry at an index.
    String receipt(Terminal terminal, String of) {
        return local(
                        terminal,
                        ledger -> (of.matches("[0-9]{1,15}")
                                        ? ledger.receipt(Long.parseLong(of))
                                        : ledger.receiptOf(of))
                                .orElseThrow(() -> new Failure("the ledger has no such token or entry"))
                                .toString())
                .orElseGet(() -> api.text("/ledger/receipts/" + of));
    }

    /// Writes the ledger to a folder; how many entries it then holds.
    long export(Terminal terminal, Path to, boolean disclosures) {
        return local(terminal, ledger -> ledger.export(to, disclosures).size()).orElseGet(() -> {
            if (disclosures) {
                throw new Failure("disclosures are exported on the server's host only: give --config DIR");
            }
            try {
                return download(to);
            } catch (IOException e) {
                throw new Failure("cannot write to " + to + " (" + e.getMessage() + ")");
            }
        });
    }

    /// The checkpoint last, so that whoever reads it finds the tree it is about.
    private long download(Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> there = Files.list(to)) {
            if (there.findAny().isPresent()) {
                throw new Failure(to + " holds something already: give a folder that is empty or not there yet");
            }
        }
        var checkpoint = api.text("/ledger/checkpoint");
        long size = size(checkpoint);
        for (var tile : tiles(size)) {
            var file = to.resolve(tile.toString());
            Files.createDirectories(file.getParent());
            Files.write(file, api.bytes("/ledger/" + tile));
        }
        Files.writeString(to.resolve("vkey"), api.text("/ledger/vkey"));
        Files.writeString(to.resolve("checkpoint"), checkpoint);
        return size;
    }

    private static List<TilePath> tiles(long size) {
        var all = new ArrayList<TilePath>();
        add(all, TilePath.ENTRIES, size);
        int level = 0;
        for (long hashes = size; hashes > 0; hashes /= TilePath.FULL) {
            add(all, level++, hashes);
        }
        return all;
    }

    private static void add(List<TilePath> all, int level, long hashes) {
        for (long number = 0; number * TilePath.FULL < hashes; number++) {
            all.add(new TilePath(level, number, (int) Math.min(TilePath.FULL, hashes - number * TilePath.FULL)));
        }
    }

    /// C2SP tlog-checkpoint: origin, size, root, an empty line and signatures.
    private static long size(String checkpoint) {
        var lines = checkpoint.split("\n", 3);
        if (lines.length < 3 || !lines[1].matches("[0-9]{1,15}")) {
            throw new Failure("the server gave no checkpoint: is that the URL of a Countersign server?");
        }
        return Long.parseLong(lines[1]);
    }
}
