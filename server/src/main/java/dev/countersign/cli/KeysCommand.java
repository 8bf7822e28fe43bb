package dev.countersign.cli;

import dev.countersign.mint.Keys;
import dev.countersign.store.WrappedKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "keys",
        synopsisSubcommandLabel = "COMMAND",
        description = "The keys that sign tokens. On the server's host, while it runs or not.")
final class KeysCommand {
    private final Terminal terminal;

    KeysCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "list", description = "Lists them.")
    int list(@Mixin Folders folders, @Option(names = "--json", description = "For machines.") boolean json) {
        try (var operations = folders.open(terminal)) {
            var keys = operations.keys();
            if (json) {
                terminal.json(
                        Map.of("items", keys.stream().map(KeysCommand::json).toList()));
            } else {
                terminal.table(
                        List.of("KID", "ALG", "SIGNS FROM", "SHOWN UNTIL"),
                        keys.stream()
                                .map(it -> List.of(
                                        it.id(),
                                        it.algorithm(),
                                        Spans.moment(it.activeFrom()),
                                        it.retiredAt().map(Spans::moment).orElse("-")))
                                .toList());
            }
        }
        return 0;
    }

    @Command(name = "rotate", description = "Makes a new key: shown at once, and the one that signs in ten minutes.")
    int rotate(@Mixin Folders folders) {
        try (var operations = folders.open(terminal)) {
            terminal.say("new key " + operations.rotateKeys() + " signs in " + Keys.AHEAD.toMinutes()
                    + " minutes; until when the old one is shown, `countersign keys list` says");
        }
        return 0;
    }

    private static Map<String, Object> json(WrappedKey key) {
        var json = new LinkedHashMap<String, Object>();
        json.put("kid", key.id());
        json.put("alg", key.algorithm());
        json.put("created_at", key.createdAt().toString());
        json.put("active_from", key.activeFrom().toString());
        json.put("retired_at", key.retiredAt().map(Instant::toString).orElse(null));
        return json;
    }
}
