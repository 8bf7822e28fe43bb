package dev.countersign.cli;

import dev.countersign.http.Json;
import dev.countersign.ledger.Checkpoint;
import dev.countersign.ledger.NoteKey;
import dev.countersign.ledger.Verification;
import dev.countersign.ledger.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "ledger",
        synopsisSubcommandLabel = "COMMAND",
        description = "The audit log, and the proof that it is whole.")
final class LedgerCommand {
    private static final int STEP = 500;

    private final Terminal terminal;

    LedgerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "tail", description = "Shows the last entries.")
    int tail(
            @Mixin LedgerAccess access,
            @Option(names = "-n", paramLabel = "N", defaultValue = "20", description = "How many (default: 20).")
                    int number,
            @Option(
                            names = {"-f", "--follow"},
                            description = "Goes on as entries come. Ctrl-C ends it.")
                    boolean follow,
            @Option(names = "--json", description = "For machines: one entry a line.") boolean json)
            throws InterruptedException {
        long next = Math.max(0, access.size(terminal) - number);
        do {
            var entries = access.entries(terminal, next, STEP);
            entries.forEach(it -> tell(it, json));
            next += entries.size();
            if (follow && entries.isEmpty()) {
                Thread.sleep(1_000);
            }
        } while (follow && !terminal.out().checkError());
        return 0;
    }

    private void tell(JsonNode entry, boolean json) {
        if (json) {
            terminal.json(entry);
            return;
        }
        terminal.say("%6d  %s  %-22s %s:%s  %s"
                .formatted(
                        entry.path("index").asLong(0),
                        entry.path("at").stringValue(""),
                        entry.path("code").stringValue(""),
                        entry.path("actor").path("kind").stringValue(""),
                        entry.path("actor").path("id").stringValue(""),
                        Json.write(entry.path("body"))));
    }

    @Command(
            name = "show",
            description = {
                "Shows what a reference means: a request, with everything that was written about it, or one entry.",
                "With what stands beside the entries: reasons, facts, addresses."
            })
    int show(
            @Mixin LedgerAccess access,
            @Parameters(
                            paramLabel = "REF",
                            description = "A request's id, an entry's index or leaf hash, or a token's jti.")
                    String reference,
            @Option(names = "--json", description = "For machines: one entry a line.") boolean json) {
        if (!reference.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new Failure("that is no reference: give a request's id, an index, a leaf hash or a jti");
        }
        var entries = access.lookUp(terminal, reference);
        if (entries.isEmpty()) {
            throw new Failure("the ledger has no such request, entry, token or leaf hash");
        }
        if (json) {
            entries.forEach(terminal::json);
        } else {
            new EntryWords(terminal).tell(entries);
        }
        return 0;
    }

    @Command(
            name = "export",
            description = "Writes entries, tiles, checkpoint and public keys to a folder, to be verified anywhere.")
    int export(
            @Mixin LedgerAccess access,
            @Option(names = "--to", required = true, paramLabel = "DIR", description = "The folder.") Path to,
            @Option(names = "--disclosures", description = "With what stands beside the entries: names, addresses.")
                    boolean disclosures,
            @Option(names = "--json", description = "For machines.") boolean json) {
        long entries = access.export(terminal, to, disclosures);
        if (json) {
            terminal.json(Map.of("entries", entries, "folder", to.toString()));
        } else {
            terminal.say("wrote " + entries + " entries to " + to + "; check them with `countersign ledger verify " + to
                    + "`");
        }
        return 0;
    }

    @Command(
            name = "verify",
            description = {
                "Checks an export, offline: every hash, the signature, and that every token had leave.",
                "Exits 0 when all is good, or names the first bad entry and exits 1."
            })
    int verify(
            @Parameters(paramLabel = "DIR", description = "The folder of an export.") Path folder,
            @Option(names = "--key", paramLabel = "VKEY", description = "The ledger's public key, from whom you trust.")
                    @Nullable
                    List<String> keys,
            @Option(
                            names = "--kept",
                            paramLabel = "FILE",
                            description = "A checkpoint you kept, which it must continue.")
                    @Nullable
                    Path kept,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var trusted = (keys == null ? List.<String>of() : keys)
                .stream().map(LedgerCommand::key).toList();
        var found = Verifier.verify(folder, trusted, Optional.ofNullable(kept).map(LedgerCommand::checkpoint));
        return switch (found) {
            case Verification.Good good -> good(good, json);
            case Verification.Bad bad -> bad(bad, json);
        };
    }

    private int good(Verification.Good good, boolean json) {
        if (good.keyFromFolder()) {
            terminal.note(
                    "WARNING: nobody said which key to trust, so the one in the folder was. The export agrees with");
            terminal.note("WARNING: itself; whose it is, is not proved. Give --key VKEY, from somewhere else.");
        }
        if (json) {
            terminal.json(Map.of(
                    "good", true,
                    "entries", good.checkpoint().size(),
                    "origin", good.checkpoint().origin(),
                    "key_from_folder", good.keyFromFolder(),
                    "disclosures", good.disclosed()));
        } else {
            terminal.say("good: " + good.checkpoint().size() + " entries of "
                    + good.checkpoint().origin() + ", each as it was signed, and every token had leave");
        }
        return 0;
    }

    private int bad(Verification.Bad bad, boolean json) {
        if (json) {
            var result = new LinkedHashMap<String, Object>();
            result.put("good", false);
            result.put("entry", bad.index() < 0 ? null : bad.index());
            result.put("fault", bad.fault().word());
            result.put("said", bad.said());
            terminal.json(result);
        } else {
            terminal.note("BAD: " + bad);
        }
        return 1;
    }

    private static NoteKey key(String text) {
        try {
            return NoteKey.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new Failure("--key is no ledger key: it looks like the line in an export's vkey file");
        }
    }

    private static Checkpoint checkpoint(Path file) {
        try {
            return Checkpoint.parse(Files.readString(file));
        } catch (IOException e) {
            throw new Failure("the kept checkpoint cannot be read from " + file);
        } catch (IllegalArgumentException e) {
            throw new Failure(file + " holds no checkpoint");
        }
    }

    @Command(name = "receipt", description = "Prints the proof that a token, or an entry, is in the ledger.")
    int receipt(
            @Mixin LedgerAccess access,
            @Parameters(paramLabel = "JTI|INDEX", description = "The token's jti, or an entry's index.") String of) {
        if (!of.matches("[A-Za-z0-9-]{1,64}")) {
            throw new Failure("that is neither a jti nor an index");
        }
        terminal.out().print(access.receipt(terminal, of));
        terminal.out().flush();
        return 0;
    }
}
