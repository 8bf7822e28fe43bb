package dev.countersign.cli;

import dev.countersign.store.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "clients",
        synopsisSubcommandLabel = "COMMAND",
        description = "The clients of a server, and secrets for new ones.")
final class ClientsCommand {
    private static final int MOST = 10_000;
    private static final int SECRET_BYTES = 32;

    private final Terminal terminal;

    ClientsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "new-secret", description = "Makes a secret of 256 bits, and the hash of it for the configuration.")
    int newSecret(@Option(names = "--json", description = "For machines.") boolean json) {
        var secret = Ids.secret(SECRET_BYTES);
        var hash = "sha256:" + sha256(secret);
        if (json) {
            terminal.json(Map.of("secret", secret, "secret_hash", hash));
            return 0;
        }
        terminal.say("secret:      " + secret);
        terminal.say("secret_hash: " + hash);
        terminal.note("");
        terminal.note(
                "The secret goes to the client, and nowhere else. In the configuration, under the client's auth:");
        terminal.note("  secrets: [ { hash: \"" + hash + "\" } ]");
        return 0;
    }

    @Command(name = "list", description = "Lists the clients.")
    int list(@Mixin PersonApi api, @Option(names = "--json", description = "For machines.") boolean json) {
        var items = items(api);
        if (json) {
            terminal.json(Map.of("items", items));
            return 0;
        }
        terminal.table(
                List.of("ID", "OWNER", "METHOD", "NAME"),
                items.stream()
                        .map(it -> List.of(
                                text(it, "id"),
                                text(it, "owner"),
                                text(it, "auth_method"),
                                text(it, "name")
                                        + (it.path("disabled").asBoolean(false) ? " (disabled)" : "")
                                        + observed(it)))
                        .toList());
        return 0;
    }

    @Command(name = "show", description = "Shows one client.")
    int show(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The client's id.") String id,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var client = items(api).stream()
                .filter(it -> text(it, "id").equals(id))
                .findFirst()
                .orElseThrow(() -> new Failure("there is no client " + id + ": countersign clients list shows all"));
        if (json) {
            terminal.json(client);
            return 0;
        }
        terminal.say(text(client, "name") + " (" + text(client, "id") + ")");
        terminal.say("  owner   " + text(client, "owner"));
        terminal.say("  method  " + text(client, "auth_method"));
        terminal.say("  grants  " + texts(client.path("grants")));
        if (!observed(client).isEmpty()) {
            terminal.say(" " + observed(client));
        }
        client.path("access")
                .properties()
                .forEach(it -> terminal.say("  access  " + it.getKey() + " " + texts(it.getValue())));
        return 0;
    }

    @Command(
            name = "attest",
            description = "Proposes that a client which was not used for long is still needed; somebody else has to"
                    + " agree, and then its next request is put before people instead of being denied.")
    int attest(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The client's id.") String id,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            required = true,
                            description = "Why it is still needed, for whoever has to agree.")
                    String reason,
            @Option(names = "--ticket", paramLabel = "TEXT", defaultValue = "", description = "A ticket.")
                    String ticket,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var answer =
                api.offer("/clients/" + Web.encoded(id) + "/attestations", Map.of("reason", reason, "ticket", ticket));
        var asked = Office.good(terminal, answer, json);
        if (json) {
            terminal.json(asked);
            return 0;
        }
        var request = text(asked, "request");
        terminal.say("asked: " + request);
        terminal.note(
                "Somebody else of " + text(asked, "group") + " has to agree: countersign requests approve " + request);
        return 0;
    }

    @Command(
            name = "unused",
            description =
                    "What clients may do and did not do of late: of all clients a line, of one each permission and"
                            + " what its registration would say without those that are unused.")
    int unused(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", arity = "0..1", defaultValue = "", description = "A client's id.") String id,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "90",
                            description = "How many days are looked at; ${DEFAULT-VALUE} when not given.")
                    int days,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var words = new UnusedWords(terminal, days);
        if (id.isEmpty()) {
            var clients = api.all("/clients/usage?days=" + days, "", MOST);
            words.tell(clients, json);
        } else {
            words.tell(api.get("/clients/" + Web.encoded(id) + "/usage?days=" + days), json);
        }
        return 0;
    }

    private static String observed(JsonNode client) {
        var until = text(client, "observed_until");
        return until.isEmpty() ? "" : " (observed only until " + until + ")";
    }

    private static List<JsonNode> items(PersonApi api) {
        return api.get("/clients").path("items").valueStream().limit(MOST).toList();
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).stringValue("");
    }

    private static String texts(JsonNode list) {
        return list.valueStream().map(it -> it.stringValue("")).collect(Collectors.joining(" "));
    }
}
