package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.TestStores;
import dev.countersign.demo.Demo;
import dev.countersign.demo.DemoFile;
import dev.countersign.http.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Commands against the demo's server, with its half year of history.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DemoTest {
    private Path path = Path.of("");
    private Path data = Path.of("");
    private Demo demo;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        path = folder;
        data = path.resolve("demo");
        demo = start(data, true);
    }

    private static Demo start(Path data, boolean history) throws IOException {
        var listen = InetSocketAddress.createUnresolved("localhost", 0);
        return Demo.start(new Demo.Settings(data, Optional.of(listen), history), _ -> {}, InstantSource.system());
    }

    @AfterAll
    void stop() {
        demo.close();
    }

    private TestLine as(String user, String... args) {
        return TestLine.run(with(
                args,
                "--url",
                demo.file().issuer(),
                "--token",
                demo.file().person(user).apiToken()));
    }

    private TestLine as(DemoFile.Client client, String... args) throws IOException {
        var secret = Files.writeString(Files.createTempFile(path, "secret", ""), client.secret() + "\n");
        var flags = List.of(
                "--url", demo.file().issuer(), "--client-id", client.id(), "--client-secret-file", secret.toString());
        var all = new ArrayList<String>();
        // Before what `run` runs.
        all.add(args[0]);
        all.addAll(flags);
        all.addAll(Arrays.asList(args).subList(1, args.length));
        return TestLine.run(all.toArray(String[]::new));
    }

    private TestLine onHost(String... args) {
        return TestLine.run(with(args, "--config", data.resolve("config").toString()));
    }

    private static String[] with(String[] args, String... more) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// The request with that reason, as soon as it waits.
    private String waiting(String reason, CompletableFuture<?> asking) throws Exception {
        while (true) {
            var items = as("ana", "requests", "list", "--json").json().path("items");
            for (var item : items) {
                if (item.path("reason").stringValue("").equals(reason)) {
                    return item.path("id").stringValue("");
                }
            }
            try {
                throw new AssertionError("over before anybody voted: " + asking.get(50, TimeUnit.MILLISECONDS));
            } catch (TimeoutException stillAsking) {
                assertThat(asking).isNotDone();
            }
        }
    }

    @Test
    void its_file_is_as_the_interface_says_and_its_owners_alone() throws IOException {
        var file = data.resolve("demo.json");
        var json = Json.read(Files.readString(file));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(json.propertyNames()).containsExactly("issuer", "dashboard", "clients", "people", "examples");
        assertThat(json.path("clients").path(0).propertyNames()).containsExactly("id", "secret", "grants", "note");
        assertThat(json.path("people").path(0).propertyNames())
                .containsExactly("user", "password", "name", "groups", "api_token");
        assertThat(json.path("examples").path(0).path("curl").stringValue("")).startsWith("curl -sS --user ");
        assertThat(json.path("issuer").stringValue("")).startsWith("http://localhost:");
    }

    @Test
    void its_configuration_is_a_good_example() {
        var check = TestLine.run("check", data.resolve("config").toString());

        assertThat(check.exit()).as(check.err()).isZero();
        assertThat(check.err().lines())
                .singleElement()
                .asString()
                .contains("client `loyalty-sync` is observed only until");
    }

    @Test
    void a_refund_waits_until_it_is_approved_and_then_lives_for_a_minute() throws Exception {
        var asking = CompletableFuture.supplyAsync(() -> ask("refund-bot", "refunds:write", "Order 1 arrived broken"));
        var id = waiting("Order 1 arrived broken", asking);

        var own = as("dee", "requests", "approve", id);
        assertThat(own.exit()).isEqualTo(1);
        assertThat(own.err()).contains("nobody approves their own request");

        var vote = as("ana", "requests", "approve", id, "--comment", "seen the photo");
        assertThat(vote.exit()).as(vote.err()).isZero();

        var asked = asking.get(60, TimeUnit.SECONDS);
        assertThat(asked.exit()).as(asked.err()).isZero();
        assertThat(asked.err()).contains("waiting: ", id, " left");
        assertThat(asked.json().path("expires_in").asInt(0)).isBetween(55, 60);
        assertThat(as("ana", "requests", "show", id).out())
                .contains("redeemed", "ana approve (cli) \"seen the photo\"");

        var token = asked.json().path("access_token").stringValue("");
        var verify = TestLine.run("token", "verify", token, "--url", demo.file().issuer());
        assertThat(verify.exit()).as(verify.err()).isZero();
        var inspect = TestLine.run("token", "inspect", token).json();
        var jti = inspect.path("claims").path("jti").stringValue("");
        assertThat(as("ana", "ledger", "receipt", jti).out()).startsWith("c2sp.org/tlog-proof@v1");
    }

    private TestLine ask(String client, String scope, String reason) {
        try {
            return as(demo.file().client(client), "request", "--json", "--scope", scope, "--reason", reason);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void paying_suppliers_takes_one_of_each_group() throws Exception {
        var asking = CompletableFuture.supplyAsync(() -> ask("payout-runner", "payouts:write", "Run 48"));
        var id = waiting("Run 48", asking);

        assertThat(as("ana", "requests", "approve", id).out())
                .contains("pending", "payments-oncall 1 of 1", "security 0 of 1");
        assertThat(as("max", "requests", "narrow", id, "--lifetime", "30s").out())
                .containsAnyOf("approved", "redeemed"); // whoever waits may collect it first
        assertThat(asking.get(60, TimeUnit.SECONDS).json().path("expires_in").asInt(0))
                .isBetween(25, 30);
        assertThat(as("ana", "requests", "show", id).out())
                .contains("for 1 minute\n", "granted      payouts:write for 30 seconds\n")
                .containsPattern("token +[0-9a-f-]{36}, until 20[0-9T:-]{17}Z\n")
                .containsPattern("made +20[0-9T:-]{17}Z\n");
        assertThat(onHost("ledger", "show", id).out())
                .containsPattern("expires at +20[0-9T:-]{17}Z\n")
                .containsPattern("exp +20[0-9T:-]{17}Z\n");
    }

    @Test
    void a_denial_ends_it() throws Exception {
        var asking = CompletableFuture.supplyAsync(() -> ask("deployer", "deploy:production", "Release 99"));
        var id = waiting("Release 99", asking);

        assertThat(as("eli", "requests", "deny", id, "--comment", "sale").exit())
                .isZero();
        var asked = asking.get(60, TimeUnit.SECONDS);
        assertThat(asked.exit()).isEqualTo(1);
        assertThat(asked.err()).contains("denied");
    }

    @Test
    void a_long_unused_client_is_denied_and_the_ledger_says_why() throws IOException {
        var asked = ask("old-crm-export", "customers:export", "Move customers");

        assertThat(asked.exit()).isEqualTo(1);
        assertThat(asked.err()).contains("invalid_grant", "reference");
        var reference = asked.err().replaceAll("(?s).*reference ([0-9a-f-]+).*", "$1");
        var entry = entries().stream()
                .filter(it -> it.path("request").stringValue("").equals(reference))
                .findFirst()
                .orElseThrow();
        assertThat(entry.path("code").stringValue("")).isEqualTo("request.refused");
        assertThat(entry.path("body").toString()).contains("no-dormant-privilege", "not used for 147 days");

        for (var ref : List.of(
                reference, entry.path("index").toString(), entry.path("hash").stringValue(""))) {
            var shown = as("cy", "ledger", "show", ref);
            assertThat(shown.exit()).as(shown.err()).isZero();
            assertThat(shown.out())
                    .contains("request.refused  by policy", "because          policy")
                    .contains("rules            no-dormant-privilege", "not used for 147 days")
                    .contains("reason           “Move customers”")
                    .containsPattern("usage.idle_days +147");
            assertThat(onHost("ledger", "show", ref).out()).isEqualTo(shown.out());
        }
        assertThat(as("cy", "ledger", "show", reference, "--json").out().lines())
                .hasSize(1)
                .allMatch(it -> Json.read(it).path("request").stringValue("").equals(reference));
        attested();
        assertThat(as("cy", "ledger", "show", "nothing").err()).contains("the ledger has no such request");
        assertThat(as("cy", "ledger", "show", "../x").err()).contains("that is no reference");
    }

    /// The way back that the denial names.
    private void attested() {
        assertThat(as("ana", "clients", "attest", "old-crm-export", "--reason", "mine")
                        .err())
                .contains("members of shop-dev, which owns the client, may attest it");
        var asked = as("dee", "clients", "attest", "old-crm-export", "--reason", "One last export");
        assertThat(asked.exit()).as(asked.err()).isZero();
        assertThat(asked.err()).contains("Somebody else of security has to agree: countersign requests approve ");
        var id = asked.out().replaceAll("(?s).*asked: ([0-9a-f-]+).*", "$1");
        assertThat(as("cy", "requests", "show", id).out()).contains(" for 7 days\n");
        assertThat(as("cy", "requests", "approve", id).exit()).isZero();
        while (entries().stream()
                .filter(it -> it.path("request").stringValue("").equals(id))
                .noneMatch(it -> it.path("code").stringValue("").equals("client.attested"))) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        assertThat(as("cy", "ledger", "show", id).out())
                .contains("client.attested  by person", "target           old-crm-export");
    }

    private List<JsonNode> entries() {
        return as("cy", "ledger", "tail", "-n", "400", "--json")
                .out()
                .lines()
                .map(Json::read)
                .toList();
    }

    @Test
    void a_command_runs_with_the_token_in_its_environment_and_gives_it_back() throws IOException {
        var reports = demo.file().client("reports");
        var ran = as(
                reports,
                "run",
                "--scope",
                "orders:read",
                "--resource",
                "https://orders.fernhill.example",
                "--",
                "sh",
                "-c",
                "printf %s \"$COUNTERSIGN_ACCESS_TOKEN\" > " + path.resolve("seen") + "; exit 7");

        assertThat(ran.exit()).as(ran.err()).isEqualTo(7);
        var token = Files.readString(path.resolve("seen"));
        var jti = TestLine.run("token", "inspect", token)
                .json()
                .path("claims")
                .path("jti")
                .stringValue("");
        assertThat(entries()).anySatisfy(it -> {
            assertThat(it.path("code").stringValue("")).isEqualTo("token.revoked");
            assertThat(it.path("body").path("jti").stringValue("")).isEqualTo(jti);
        });
    }

    @Test
    void an_export_verifies_until_a_byte_is_flipped() throws IOException {
        var remote = path.resolve("remote");
        var local = path.resolve("local");
        assertThat(as("cy", "ledger", "export", "--to", remote.toString()).exit())
                .isZero();
        assertThat(onHost("ledger", "export", "--to", local.toString(), "--disclosures")
                        .exit())
                .isZero();

        var good = TestLine.run("ledger", "verify", remote.toString());
        assertThat(good.exit()).as(good.err()).isZero();
        assertThat(good.err()).contains("WARNING");
        var key = Files.readString(remote.resolve("vkey")).strip();
        var trusted = TestLine.run("ledger", "verify", local.toString(), "--key", key);
        assertThat(trusted.exit()).as(trusted.err()).isZero();
        assertThat(trusted.err()).isEmpty();

        var bundle = local.resolve("tile/entries/000");
        var bytes = Files.readAllBytes(bundle);
        bytes[bytes.length / 2] ^= 1;
        Files.write(bundle, bytes);
        var bad = TestLine.run("ledger", "verify", local.toString(), "--key", key);
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.err()).containsPattern("BAD: entry \\d+: ");
    }

    @Test
    void what_clients_never_do_is_told_and_what_to_write_instead() {
        var all = as("cy", "clients", "unused");
        assertThat(all.exit()).as(all.err()).isZero();
        assertThat(all.out())
                .containsPattern(
                        "old-crm-export +shop-dev +20[0-9-]{8} +3 of 3 +nothing of it was used: disable it, or take it out")
                .containsPattern("reports +shop-dev +20[0-9-]{8} +1 of 3 +1 of 3 permissions are unused");

        var one = as("cy", "clients", "unused", "reports");
        assertThat(one.out())
                .contains("Nightly reports (reports) of shop-dev, in the last 90 days")
                .contains("  unused  payments:read at https://payments.fernhill.example: never used")
                .contains("      \"https://orders.fernhill.example\": [\"orders:read\"]")
                .doesNotContain("\"https://payments.fernhill.example\"");
        assertThat(as("cy", "clients", "unused", "reports", "--days", "400").out())
                .contains("nothing to take out");
        assertThat(as("cy", "clients", "unused", "--json").json().path("items").size())
                .isEqualTo(17);
        assertThat(as("cy", "clients", "unused", "nobody").err()).contains("there is no client nobody");
    }

    @Test
    void an_administrator_freezes_and_lifts() {
        assertThat(as("ana", "freeze", "client", "payments-gateway", "--reason", "odd")
                        .err())
                .contains("operate");
        assertThat(as("max", "freeze", "client", "payments-gateway", "--reason", "odd traffic")
                        .out())
                .contains("odd traffic");
        assertThat(as("ana", "frozen").out()).contains("payments-gateway");
        assertThat(as("max", "unfreeze", "client", "payments-gateway").out()).contains("nothing is frozen");
    }

    @Test
    void a_bearer_token_is_issued_and_revoked_while_the_server_runs() {
        var issued = onHost("api-token", "issue", "bo", "--scope", "requests:read", "--lifetime", "1h", "--json")
                .json();
        var token = issued.path("token").stringValue("");
        var list = new String[] {"requests", "list", "--url", demo.file().issuer(), "--token", token};
        assertThat(TestLine.run(list).exit()).isZero();

        var id = issued.path("id").stringValue("");
        assertThat(onHost("api-token", "revoke", id).exit()).isZero();
        assertThat(onHost("api-token", "list").out()).containsPattern(id + " +bo +revoked");
        assertThat(onHost("api-token", "revoke", id).exit()).isEqualTo(1);
        assertThat(onHost("api-token", "issue", "nobody", "--scope", "admin").err())
                .contains("no user nobody");
    }

    @Test
    void clients_and_keys_are_shown() {
        assertThat(as("ana", "clients", "list").out()).contains("refund-bot", "Nightly reports");
        assertThat(as("ana", "clients", "show", "refund-bot").out()).contains("refunds:write");
        assertThat(as("ana", "clients", "show", "nobody").err()).contains("there is no client nobody");
        assertThat(onHost("keys", "list", "--json").json().path("items").size()).isPositive();
    }

    private static void damage(Path store) throws IOException {
        try (var file = FileChannel.open(store, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[40_000]), file.size() / 2);
        }
    }

    @Test
    void a_doctor_finds_nothing_in_half_a_year_and_what_was_changed_in_a_copy() throws IOException {
        var well = onHost("doctor");
        assertThat(well.exit()).as(well.out() + well.err()).isZero();
        assertThat(well.out().lines()).hasSize(16).noneMatch(it -> it.startsWith("FAULT"));
        assertThat(onHost("doctor", "--json").json().path("healthy").asBoolean())
                .isTrue();

        var copy = path.resolve("looked-at.db");
        assertThat(onHost("backup", copy.toString()).exit()).isZero();
        TestStores.inSqlite(copy, "UPDATE mint SET redelivered = 7");
        var ill = onHost("doctor", "--data", copy.toString());
        assertThat(ill.exit()).isEqualTo(1);
        assertThat(ill.out().lines().filter(it -> it.startsWith("FAULT")))
                .singleElement()
                .asString()
                .contains("(I3): request ");
        var faults = onHost("doctor", "--data", copy.toString(), "--json")
                .json()
                .path("checks")
                .valueStream()
                .filter(it -> it.path("result").stringValue("").equals("fault"))
                .toList();
        assertThat(faults).singleElement().satisfies(it -> {
            assertThat(it.path("invariants").path(0).stringValue("")).isEqualTo("I3");
            assertThat(it.path("faults").path(0).path("where").stringValue("")).startsWith("request ");
        });

        damage(copy);
        var damaged = onHost("doctor", "--data", copy.toString());
        assertThat(damaged.exit()).isEqualTo(1);
        assertThat(damaged.out()).contains("(I13): store: ");

        var none = onHost("doctor", "--data", path.resolve("nowhere.db").toString());
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("there is no store in");
        assertThat(path.resolve("nowhere.db")).doesNotExist();
    }

    @Test
    void a_backup_is_restored_and_what_was_open_is_taken_back() throws Exception {
        var other = path.resolve("other");
        var config = other.resolve("config").toString();
        var backup = path.resolve("backup.db").toString();
        try (var copied = start(other, false)) {
            var secret = Files.writeString(
                    path.resolve("refund-secret"),
                    copied.file().client("refund-bot").secret());
            var asking = CompletableFuture.supplyAsync(() -> TestLine.run(
                    "request",
                    "--url",
                    copied.file().issuer(),
                    "--client-id",
                    "refund-bot",
                    "--client-secret-file",
                    secret.toString(),
                    "--scope",
                    "refunds:write"));
            var ana = copied.file().person("ana").apiToken();
            String id = "";
            while (id.isEmpty()) {
                var list = TestLine.run(
                        "requests", "list", "--json", "--url", copied.file().issuer(), "--token", ana);
                id = list.json().path("items").path(0).path("id").stringValue("");
            }
            assertThat(TestLine.run("backup", backup, "--config", config).exit())
                    .isZero();
            assertThat(TestLine.run(
                                    "requests",
                                    "approve",
                                    id,
                                    "--url",
                                    copied.file().issuer(),
                                    "--token",
                                    ana)
                            .exit())
                    .isZero();
            assertThat(asking.get(60, TimeUnit.SECONDS).exit()).isZero();
        }

        assertThat(TestLine.run("restore", backup, "--config", config).err()).contains("exists already");
        var restored = TestLine.run("restore", backup, "--config", config, "--replace");
        assertThat(restored.exit()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("took back 1 open request");
        assertThat(TestLine.run("ledger", "tail", "-n", "2", "--config", config).out())
                .containsSubsequence("backup.restored", "/restored-", "cancelled");
    }

    @Test
    void a_taken_port_and_a_foreign_folder_are_refused_in_a_sentence() throws IOException {
        var port = demo.file().issuer().replaceAll(".*:", "");
        var taken = TestLine.run("demo", "--data", path.resolve("third").toString(), "--listen", "localhost:" + port);
        assertThat(taken.exit()).isEqualTo(1);
        assertThat(taken.err()).contains("is taken", "--listen").hasLineCount(1);

        var foreign = Files.createDirectories(path.resolve("foreign"));
        Files.writeString(foreign.resolve("mine.txt"), "mine");
        var line = TestLine.run("demo", "--data", foreign.toString(), "--listen", "localhost:0");
        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.err()).contains("no demo of ours", "--data");
        assertThatThrownBy(() -> Demo.start(
                        new Demo.Settings(
                                path.resolve("fourth"),
                                Optional.of(InetSocketAddress.createUnresolved("192.0.2.1", 0)),
                                false),
                        _ -> {},
                        InstantSource.system()))
                .isInstanceOf(Demo.Refused.class);
    }
}
