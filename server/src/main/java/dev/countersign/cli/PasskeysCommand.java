package dev.countersign.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "passkeys",
        synopsisSubcommandLabel = "COMMAND",
        description = "What reviewers sign with. On the server's host, while it runs or not.")
final class PasskeysCommand {
    private final Terminal terminal;

    PasskeysCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "list", description = "Lists the passkeys that sign now, by person.")
    int list(@Mixin Folders folders, @Option(names = "--json", description = "For machines.") boolean json) {
        try (var operations = folders.open(terminal)) {
            var all = operations.passkeys();
            if (json) {
                terminal.json(Map.of(
                        "items",
                        all.stream()
                                .map(it -> Map.of(
                                        "user", it.user(),
                                        "name", it.name(),
                                        "fingerprint", it.fingerprint(),
                                        "credential", it.credential(),
                                        "since", it.since().toString()))
                                .toList()));
            } else {
                terminal.table(
                        List.of("USER", "FINGERPRINT", "SINCE", "NAME"),
                        all.stream()
                                .map(it -> List.of(it.user(), it.fingerprint(), Spans.moment(it.since()), it.name()))
                                .toList());
            }
        }
        return 0;
    }

    @Command(
            name = "remove",
            description =
                    "Removes all passkeys of a person, when nobody is left who could agree to that. In the ledger.")
    int remove(@Mixin Folders folders, @Parameters(paramLabel = "USER", description = "Whose they are.") String user) {
        try (var operations = folders.open(terminal)) {
            int removed = operations.removePasskeys(user);
            if (removed == 0) {
                throw new Failure(user + " has no passkey: countersign passkeys list shows all");
            }
            terminal.say("removed " + (removed == 1 ? "1 passkey" : removed + " passkeys") + " of " + user);
        }
        return 0;
    }
}
