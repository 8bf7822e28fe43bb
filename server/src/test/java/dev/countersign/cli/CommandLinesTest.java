package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What commands do without a server.
final class CommandLinesTest {
    @TempDir
    private Path path;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "init",
                "check",
                "apply",
                "diff",
                "history",
                "rollback",
                "policy",
                "policy test",
                "policy explain",
                "policy why-not",
                "policy backtest",
                "serve",
                "request",
                "run",
                "requests",
                "requests list",
                "requests show",
                "requests approve",
                "requests deny",
                "requests narrow",
                "requests cancel",
                "requests watch",
                "requests break-glass",
                "requests break-glass list",
                "requests break-glass show",
                "requests break-glass approve",
                "requests break-glass object",
                "requests break-glass lift",
                "token",
                "token inspect",
                "token verify",
                "token revoke",
                "clients",
                "clients new-secret",
                "clients list",
                "clients show",
                "freeze",
                "unfreeze",
                "frozen",
                "ledger",
                "ledger tail",
                "ledger export",
                "ledger verify",
                "ledger receipt",
                "api-token",
                "api-token issue",
                "api-token list",
                "api-token revoke",
                "scim-token",
                "scim-token issue",
                "scim-token list",
                "scim-token revoke",
                "keys",
                "keys list",
                "keys rotate",
                "backup",
                "restore",
                "store",
                "store move",
                "store reopen",
                "rehearse",
                "version"
            })
    void help_is_on_everything(String command) {
        var line = TestLine.run((command + " --help").strip().split(" "));

        assertThat(line.exit()).isZero();
        assertThat(line.out()).startsWith("Usage: countersign " + command);
        assertThat(line.err()).isEmpty();
    }

    @Test
    void no_help_names_a_value_as_the_code_does() {
        var terminal = new Terminal(System.out, System.err, "1.2.3");
        assertThat(helps(CommandLines.line(terminal, "")))
                .hasSizeGreaterThan(80)
                .allSatisfy(it -> assertThat(it).doesNotContainPattern("<[a-z]"));
    }

    /// The help of a command and of all below it.
    private static List<String> helps(CommandLine line) {
        return Stream.concat(
                        Stream.of(line.getUsageMessage(CommandLine.Help.Ansi.OFF)),
                        line.getSubcommands().values().stream().flatMap(it -> helps(it).stream()))
                .toList();
    }

    @Test
    void an_unknown_command_is_wrong_usage_and_suggests_a_known_one() {
        var line = TestLine.run("requets");

        assertThat(line.exit()).isEqualTo(2);
        assertThat(line.err()).contains("requets", "Did you mean", "countersign requests");
        assertThat(line.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "requests",
                "ledger",
                "serve",
                "freeze client refund-bot",
                "api-token issue ana",
                "demo --listen nowhere"
            })
    void what_is_missing_or_malformed_is_wrong_usage(String args) {
        var line = TestLine.run(args.isEmpty() ? new String[0] : args.split(" "));

        assertThat(line.exit()).isEqualTo(2);
        assertThat(line.err()).startsWith("countersign: ").doesNotContain("Exception");
    }

    @Test
    void a_hash_that_begins_as_options_do_is_no_option() {
        var hash = "-" + "h".repeat(42);

        var line = TestLine.run("ledger", "show", hash, "--url", "http://127.0.0.1:1", "--token", "x");

        assertThat(line.exit()).as(line.err()).isEqualTo(1);
        assertThat(line.err()).contains("http://127.0.0.1:1");
    }

    @Test
    void the_version_is_printed() {
        assertThat(TestLine.run("version"))
                .isEqualTo(new TestLine(0, "countersign 1.2.3" + System.lineSeparator(), ""));
    }

    @Test
    void a_first_folder_passes_check_and_is_not_written_over() {
        var folder = path.resolve("first").toString();

        var init = TestLine.run("init", folder);
        assertThat(init.exit()).as(init.err()).isZero();
        assertThat(init.out()).contains("password", "secret", "countersign serve --config " + folder);

        var check = TestLine.run("check", folder);
        assertThat(check.exit()).as(check.err()).isZero();
        assertThat(check.out()).startsWith("good: 1 client, 1 resource, 2 tests passed");

        var again = TestLine.run("init", folder);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("nothing was touched");
    }

    @Test
    void check_tells_all_faults_with_their_places() throws IOException {
        var folder = path.resolve("first");
        TestLine.run("init", folder.toString());
        var policies = folder.resolve("policies.yaml");
        Files.writeString(
                policies,
                Files.readString(policies)
                        .replace("when: risk == LOW", "when: rsk == LOW")
                        .replace("group: administrators", "group: administrator"));

        var check = TestLine.run("check", folder.toString());
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.err())
                .containsPattern("policies.yaml:\\d+:\\d+: .*rsk")
                .contains("administrator", "2 faults");

        var json = TestLine.run("check", "--json", folder.toString());
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.json().path("faults").size()).isEqualTo(2);
        assertThat(json.json().path("faults").path(0).path("line").asInt(0)).isPositive();
    }

    @Test
    void a_folder_that_is_not_there_is_refused_in_a_sentence() {
        var line = TestLine.run("serve", "--config", path.resolve("nowhere").toString());

        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.err()).contains("there is no such folder").doesNotContain("Exception");
    }

    @Test
    void a_store_moves_to_postgresql_and_to_nothing_else() {
        var folder = path.resolve("first").toString();
        TestLine.run("init", folder);

        assertThat(TestLine.run("store", "move", "--config", folder, "--to", "sqlite:other.db")
                        .err())
                .isEqualTo("countersign: --to: a store moves to PostgreSQL, and to nothing else\n");
        assertThat(TestLine.run("store", "move", "--config", folder, "--to", "postgresql://me:secret@db/x")
                        .err())
                .contains("a password does not belong here")
                .doesNotContain("secret@");
        assertThat(TestLine.run("store", "move", "--config", folder, "--to", "postgresql://me@db/x")
                        .err())
                .contains("there is no store in");
    }

    @Test
    void a_new_secret_comes_with_its_hash() throws Exception {
        var made = TestLine.run("clients", "new-secret", "--json").json();

        var secret = made.path("secret").stringValue("");
        var digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        assertThat(secret).hasSize(43);
        assertThat(made.path("secret_hash").stringValue(""))
                .isEqualTo("sha256:" + HexFormat.of().formatHex(digest));
    }

    @Test
    void a_server_that_is_not_there_is_told_in_a_sentence() {
        var line = TestLine.run("requests", "list", "--url", "http://127.0.0.1:1", "--token", "cs_none");

        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.err()).contains("nobody answers at http://127.0.0.1:1").doesNotContain("Exception");
    }

    @Test
    void who_it_is_has_to_be_said() {
        assertThat(TestLine.run("requests", "list", "--url", "http://127.0.0.1:1")
                        .err())
                .contains("COUNTERSIGN_TOKEN");
        assertThat(TestLine.run("request", "--url", "http://127.0.0.1:1").err()).contains("COUNTERSIGN_CLIENT_ID");
    }
}
