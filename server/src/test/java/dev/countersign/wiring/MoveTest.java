package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Handed;
import dev.countersign.approval.Nudge;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Verification;
import dev.countersign.ledger.Verifier;
import dev.countersign.people.DeviceGrants;
import dev.countersign.people.Passkeys;
import dev.countersign.people.PersonId;
import dev.countersign.store.Moving;
import dev.countersign.store.SingleUses;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.StoreRefused;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An installation with something in every table goes from SQLite to PostgreSQL and goes on there.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MoveTest {
    private static final Set<String> STAY =
            Set.of("flyway_schema_history", "schema_fingerprint", "schema_compatible", "moved", "passage");
    private static final String OUTAGE = """
              - rule: outage
                when: ticket == "OUTAGE"
                break_glass: { review: { stages: [ { group: security, votes: 1 } ] } }
            """;
    /// Microseconds, and a slot, that no beat takes for past.
    private static final long LATER = 9_999_999_999_999_999L;
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    @TempDir
    Path folder;

    private TestGate gate;
    private Path file;
    private URI target;
    private String bearer = "";

    @BeforeEach
    void start() {
        assumeTrue(TestStores.onPostgres(), "moves to PostgreSQL");
        var several = OverTheWire.REVIEW.replace("lifetime: 2m", "lifetime: 2m\n      uses: 2");
        gate = TestGate.onSqlite(folder, several + OUTAGE);
        file = folder.resolve("countersign.db");
        target = TestStores.ofItsOwn(folder.resolve("target"));
    }

    @AfterEach
    void stop() {
        if (gate != null) {
            gate.close();
        }
    }

    private StoreAddress.Postgres address() {
        return new StoreAddress.Postgres(target);
    }

    private Moving.Done move() {
        return move(new Silent());
    }

    private Moving.Done move(Moving.Told told) {
        return Operations.move(sqlite(), Optional.empty(), address(), told, gate.clock);
    }

    private dev.countersign.config.Configuration sqlite() {
        return gate.configuration();
    }

    private static class Silent implements Moving.Told {
        @Override
        public void copied(String table, long rows, long of) {}

        @Override
        public void stage(Moving.Stage stage) {}
    }

    /// Something in every table.
    private void live() {
        for (int i = 0; i < 300; i++) { // more than a tile of the ledger
            gate.ask("refund-bot", "scope", OverTheWire.READ);
        }
        var token = gate.ask("refund-bot", "scope", OverTheWire.READ).text("access_token");
        assertThat(gate.post("/revoke", "refund-bot", "token", token).status()).isEqualTo(200);
        var done = gate.defer("refund-bot", "scope", OverTheWire.WRITE, "requested_lifetime", "31");
        gate.says("dev", Word.APPROVE, done.reference()); // owns the client: not counted
        gate.says("ana", Word.APPROVE, done.reference());
        assertThat(gate.poll("refund-bot", done.text("deferral_code")).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofSeconds(62));
        assertThat(gate.ask("refund-bot", "scope", OverTheWire.WRITE, "requested_lifetime", "31")
                        .status())
                .as("one more of the same approval")
                .isEqualTo(200);
        var asked = gate.defer("refund-bot", "scope", OverTheWire.WRITE, "requested_lifetime", "32")
                .reference();
        var discussion = gate.parts().discussion;
        var ana = gate.parts()
                .installation
                .people
                .find("local", "ana")
                .orElseThrow()
                .id();
        gate.clock.advance(Nudge.PAUSE);
        assertThat(discussion.nudge(asked, "refund-bot")).isInstanceOf(Discussion.Result.Done.class);
        assertThat(discussion.say(asked, ana, "which order?")).isInstanceOf(Discussion.Result.Done.class);
        var bo = gate.parts()
                .installation
                .people
                .find("local", "bo")
                .orElseThrow()
                .id();
        assertThat(discussion.handOn(asked, bo, new Handed.To.Person(ana), "she knows"))
                .isInstanceOf(Discussion.Result.Done.class);
        assertThat(discussion.claim(asked, ana)).isInstanceOf(Discussion.Result.Done.class);
        gate.parts().freezes.set(Freezes.Kind.CLIENT, "other-bot", "odd", OPERATOR);
        assertThat(gate.ask("other-bot", "scope", OverTheWire.READ).error()).isEqualTo("invalid_grant");
        gate.signIn();
        bearer = gate.bearer("ana", "requests:read", "requests:review", "ledger:read");
        breakGlass();
        gate.parts().installation.store.write(tx -> {
            new Publications().add(tx, new Publications.Publication("request", "version", "{}", "base", "{}"));
            return true;
        });
        gate.parts().installation.store.write(tx -> {
            tx.sql()
                    .execute(
                            "INSERT INTO past_day (client, resource, slot, tokens, amounts) VALUES ('x', '', ?, 1, '{}')",
                            LATER);
            return tx.sql()
                    .execute("INSERT INTO past_day_since (one, since, wanted_at) VALUES (1, ?, ?)", LATER, LATER);
        });
        gate.parts().installation.store.write(tx -> {
            tx.sql()
                    .execute(
                            "INSERT INTO absence (id, person, since, until, zone, said_at) VALUES ('1', 'x', ?, ?, 'UTC', 1)",
                            LATER,
                            LATER + 1);
            tx.sql().execute("INSERT INTO notifier (id, next) VALUES ('ops', 7)");
            return tx.sql()
                    .execute(
                            "INSERT INTO message (notifier, id, recipient, entry, event, request, made_at, tries)"
                                    + " VALUES ('ops', 'msg', '', 7, 'freeze.set', '', ?, 1)",
                            LATER);
        });
        gate.parts()
                .installation
                .store
                .write(tx -> tx.sql()
                        .execute("INSERT INTO membership_claim (group_name, person, source, claimed, since, lapses)"
                                + " VALUES ('x', 'x', 'x', 'x', 1, 2)"));
        gate.parts().installation.store.write(tx -> {
            tx.sql()
                    .execute(
                            "INSERT INTO scim_source (issuer, login, subject, named, takes) VALUES ('x', 'x', '', '', '{}')");
            tx.sql()
                    .execute("INSERT INTO scim_user (id, issuer, user_name, user_key, active, name, email, attributes,"
                            + " created, changed, version) VALUES ('x', 'x', 'X', 'x', 1, 'x', '', '{}', 1, 1, 1)");
            tx.sql()
                    .execute("INSERT INTO scim_group (id, issuer, shown, shown_key, created, changed, version)"
                            + " VALUES ('x', 'x', 'X', 'x', 1, 1, 1)");
            tx.sql().execute("INSERT INTO scim_member (group_id, user_id) VALUES ('x', 'x')");
            return tx.sql()
                    .execute(
                            "INSERT INTO scim_token (id, token_hash, issuer, label, created, expires) VALUES ('x', 'x', 'x', '', 1, ?)",
                            LATER);
        });
        gate.parts().installation.store.write(tx -> {
            tx.sql()
                    .execute(
                            "INSERT INTO on_call_calendar (group_name, calendar, names, good_for, due_at, etag, digest,"
                                    + " plan, strangers, fault) VALUES ('x', 'secrets/x', '{}', 1, " + LATER
                                    + ", '', '', '[]', '[]', '')");
            tx.sql().execute("INSERT INTO on_call_person (group_name, person, since, until) VALUES ('x', 'x', 1, 2)");
            return tx.sql()
                    .execute("INSERT INTO on_call_shift (group_name, person, since, until, planned, ended_at)"
                            + " VALUES ('x', 'x', 1, 2, 2, 2)");
        });
        gate.parts().installation.store.write(tx -> {
            tx.sql().execute("INSERT INTO reviewer_turn (person, turns) VALUES ('x', 1)");
            return tx.sql()
                    .execute(
                            "INSERT INTO request_shown (approval_id, person, shown_at) VALUES (?, 'x', ?)",
                            asked,
                            LATER);
        });
        new DeviceGrants(gate.parts().installation.store, gate.parts().installation.apiTokens, gate.clock)
                .confirm("x".repeat(43), new PersonId("x"), Set.of("requests:read"), "");
        // As an older version kept them.
        gate.parts()
                .installation
                .store
                .write(
                        tx -> tx.sql()
                                .execute(
                                        "INSERT INTO usage_profile (client, resource, scope, uses, days) VALUES ('x', '', '', 0, 0)"));
        assertThat(new SingleUses(gate.parts().installation.store)
                        .spend("test", "once", gate.clock.instant().plusSeconds(60)))
                .isTrue();
    }

    private void breakGlass() {
        assertThat(gate.ask(
                                "refund-bot",
                                "scope",
                                OverTheWire.WRITE,
                                "break_glass",
                                "true",
                                "ticket",
                                "OUTAGE",
                                "reason",
                                "down")
                        .status())
                .isEqualTo(200);
        var id = gate.entries("break_glass.used").getFirst().request().orElseThrow();
        assertThat(gate.tell(bearer, "/break-glass/" + id + "/reviews", "{\"vote\":\"approve\"}")
                        .text("state"))
                .isEqualTo("approved");
        passkey();
    }

    /// One that waits for others, and something to be signed.
    private void passkey() {
        var people = new SignedVotes(gate);
        var ana = people.person("ana");
        gate.parts().enrolling.offer(ana);
        var authenticator = SignedVotes.authenticator();
        var passkey = new Passkeys.Passkey(
                authenticator.credential(),
                ana,
                authenticator.key(),
                TestGate.ISSUER,
                "Key",
                0,
                "nobody asked",
                Optional.empty(),
                gate.clock.instant(),
                Optional.empty(),
                Optional.empty());
        gate.parts().installation.store.write(tx -> new Passkeys().add(tx, passkey));
    }

    @Test
    void all_of_it_comes_along_and_goes_on() throws Exception {
        live();
        var pending = gate.defer("refund-bot", "scope", OverTheWire.WRITE, "requested_lifetime", "32");
        var approved = gate.defer("refund-bot", "scope", OverTheWire.WRITE, "requested_lifetime", "33");
        gate.says("ana", Word.APPROVE, approved.reference());
        var before = gate.approval(pending.reference());
        var ledger = gate.parts().installation.ledger;
        var receipt = ledger.receipt(100).orElseThrow();
        var checkpoint = ledger.checkpoint();
        var keys = ledger.keys();
        var export = folder.resolve("carried-on");
        ledger.export(export, true);
        var leaves =
                ledger.entries(0, 1_000).stream().map(it -> it.hash().text()).toList();
        gate.end();

        var done = move();
        assertThat(done.resumed()).isFalse();
        var there = rows("jdbc:sqlite:" + file);
        assertThat(there)
                .hasSize(done.tables())
                .noneSatisfy((_, rows) -> assertThat(rows).isEmpty());
        assertThat(rows(jdbc())).containsAllEntriesOf(there);

        gate.startOn(target.toString());
        ledger = gate.parts().installation.ledger;
        assertThat(ledger.keys().toString()).isEqualTo(keys.toString());
        assertThat(ledger.origin()).isEqualTo(checkpoint.origin());
        assertThat(ledger.entries(0, leaves.size()).stream().map(it -> it.hash().text()))
                .isEqualTo(leaves);
        assertThat(ledger.upholds(receipt)).isTrue();
        assertThat(gate.approval(pending.reference())).isEqualTo(before);

        assertThat(gate.poll("refund-bot", pending.text("deferral_code")).error())
                .isEqualTo("authorization_pending");
        assertThat(gate.poll("refund-bot", approved.text("deferral_code")).status())
                .isEqualTo(200);
        assertThat(gate.poll("refund-bot", approved.text("deferral_code")).error())
                .isEqualTo("invalid_grant");
        assertThat(gate.get(bearer, "/requests/" + pending.reference()).status())
                .isEqualTo(200);
        gate.says("ana", Word.APPROVE, pending.reference());
        gate.clock.advance(Duration.ofSeconds(10));
        assertThat(gate.poll("refund-bot", pending.text("deferral_code")).status())
                .isEqualTo(200);
        assertThat(gate.ask("other-bot", "scope", OverTheWire.READ).error()).isEqualTo("invalid_grant");
        assertThat(new SingleUses(gate.parts().installation.store)
                        .spend("test", "once", gate.clock.instant().plusSeconds(60)))
                .isFalse();
        ledger.settle();
        ledger.export(export, true);
        assertThat(Verifier.verify(export, keys)).isInstanceOf(Verification.Good.class);
    }

    @Test
    void a_request_keeps_its_deadline() throws Exception {
        var pending = gate.defer("refund-bot", "scope", OverTheWire.WRITE);
        gate.end();
        gate.clock.advance(Duration.ofMinutes(14));
        move();
        gate.startOn(target.toString());
        assertThat(gate.approval(pending.reference()).state()).isEqualTo("pending");
        gate.clock.advance(Duration.ofMinutes(1).plusSeconds(1));
        assertThat(gate.poll("refund-bot", pending.text("deferral_code")).error())
                .isEqualTo("expired_token");
    }

    @Test
    void a_database_without_tables_gets_them() {
        gate.end();
        target = TestStores.empty("moved_to");
        move();
        gate.startOn(target.toString());
        assertThat(gate.ask("refund-bot", "scope", OverTheWire.READ).status()).isEqualTo(200);
    }

    @Test
    void a_file_that_was_moved_is_not_started_and_says_where_it_went() {
        gate.end();
        move();
        assertThatThrownBy(() -> gate.startOn("sqlite:countersign.db"))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("was moved to " + target)
                .hasMessageContaining("store: " + target);
        gate.startOn(target.toString());
    }

    @Test
    void a_store_that_a_server_runs_on_is_not_moved() {
        assertThatThrownBy(this::move)
                .isInstanceOf(Server.Refused.class)
                .hasMessageContaining("another server is running");
    }

    @Test
    void a_database_with_something_in_it_is_refused_and_both_stay_as_they_were() throws Exception {
        gate.end();
        var there = rows("jdbc:sqlite:" + file);
        sql("INSERT INTO frozen (id, kind, target, reason, set_by, set_at) VALUES ('1', 'all', '', 'x', 'y', 1)");
        assertThatThrownBy(this::move)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is not empty: a store moves to a database that nothing was written to");
        assertThat(rows("jdbc:sqlite:" + file)).isEqualTo(there);
        assertThat(rows(jdbc()).values().stream().mapToLong(List::size).sum()).isEqualTo(2); // and the ledger's head
        gate.startOn("sqlite:countersign.db");
    }

    @Test
    void what_fails_in_the_midst_leaves_the_file_a_store_and_the_database_empty() throws Exception {
        live();
        gate.end();
        assertThatThrownBy(() -> move(new Silent() {
                    @Override
                    public void copied(String table, long rows, long of) {
                        if (table.equals("vote")) {
                            throw new StoreTrouble();
                        }
                    }
                }))
                .isInstanceOf(StoreTrouble.class);
        assertThat(isTargetEmpty()).isTrue();
        gate.startOn("sqlite:countersign.db");
        assertThat(gate.ask("refund-bot", "scope", OverTheWire.READ).status()).isEqualTo(200);
    }

    private static final class StoreTrouble extends RuntimeException {}

    @Test
    void what_the_database_says_no_to_at_the_last_moment_leaves_the_file_a_store() throws Exception {
        gate.end();
        sql("""
                CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$""");
        sql("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                + " EXECUTE FUNCTION no()");
        assertThatThrownBy(this::move).isInstanceOf(StoreFailed.class).hasMessageContaining("nothing was moved");
        assertThat(isTargetEmpty()).isTrue();
        gate.startOn("sqlite:countersign.db");
    }

    @Test
    void a_ledger_that_is_damaged_is_not_moved() throws Exception {
        gate.ask("refund-bot", "scope", OverTheWire.READ);
        gate.parts().installation.ledger.checkpoint();
        gate.end();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER ledger_entry_stays");
            statement.execute(exchange("system", "SYSTEM"));
        }
        assertThatThrownBy(this::move).hasMessageContaining("the ledger is damaged: entry 2");
        assertThat(isTargetEmpty()).isTrue();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute(exchange("SYSTEM", "system"));
        }
        gate.startOn("sqlite:countersign.db");
    }

    private static String exchange(String was, String now) {
        return "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '" + was + "', '" + now
                + "') AS BLOB) WHERE leaf_index = 2";
    }

    @Test
    void killed_while_it_copies_it_has_done_nothing() throws Exception {
        live();
        gate.end();
        killAt("ledger_entry");
        assertThat(Moving.to(file)).isEmpty();
        TestGate.until(this::isTargetEmpty);
        assertThat(move().resumed()).isFalse();
        gate.startOn(target.toString());
    }

    @Test
    void killed_before_the_database_kept_it_it_is_carried_on() throws Exception {
        live();
        gate.end();
        killAt("KEEPING");
        TestGate.until(this::isTargetEmpty);
        // As if it had been killed a moment later, between the mark and the commit.
        mark();
        assertThatThrownBy(() -> gate.startOn("sqlite:countersign.db")).hasMessageContaining("if the move was cut off");
        assertThat(move().resumed()).isFalse();
        assertThat(move().resumed()).isTrue();
        gate.startOn(target.toString());
        gate.end();
        gate.write(
                "countersign.yaml",
                gate.read("countersign.yaml").replaceFirst("(?m)^store: .*$", "store: sqlite:countersign.db"));
        assertThatThrownBy(this::move).hasMessageContaining("rows in").hasMessageContaining("nothing was changed");
        gate.startOn(target.toString());
    }

    private void mark() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE moved (address TEXT NOT NULL, at BIGINT NOT NULL)");
            statement.execute("INSERT INTO moved VALUES ('" + target + "', 1)");
            statement.execute("PRAGMA application_id = " + 0x4353474D);
        }
    }

    private void killAt(String where) throws Exception {
        var process = MovingProcess.start(folder, target, where);
        try (var said = process.inputReader(UTF_8)) {
            assertThat(said.readLine()).isEqualTo(where);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_file_is_reopened_only_when_the_database_is_no_more() throws Exception {
        gate.end();
        target = TestStores.empty("moved_and_dropped");
        move();
        assertThatThrownBy(() -> Moving.reopen(file, false))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("drop that database")
                .hasMessageContaining("restore a copy of this file as a backup");
        TestStores.sql("DROP DATABASE moved_and_dropped");
        Moving.reopen(file, false);
        gate.startOn("sqlite:countersign.db");
        assertThat(gate.ask("refund-bot", "scope", OverTheWire.READ).status()).isEqualTo(200);
        assertThatThrownBy(() -> Moving.reopen(file, false)).hasMessageContaining("was not moved");
    }

    @Test
    void a_file_that_was_moved_is_restored_as_a_backup_in_a_new_epoch() throws Exception {
        gate.defer("refund-bot", "scope", OverTheWire.WRITE);
        gate.end();
        move();
        var copy = Files.copy(file, folder.resolve("copy.db"));
        assertThat(Operations.restore(sqlite(), Optional.empty(), copy, true, gate.clock))
                .isEqualTo(1);
        gate.startOn("sqlite:countersign.db");
        assertThat(gate.parts().installation.ledger.origin()).contains("/restored-");
    }

    private String jdbc() {
        return "jdbc:postgresql://localhost:" + target.getPort() + target.getPath() + "?user=postgres";
    }

    private void sql(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(jdbc());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isTargetEmpty() {
        try {
            var rows = rows(jdbc());
            assertThat(rows.remove("ledger_head")).containsExactly("1, 0");
            return rows.values().stream().allMatch(List::isEmpty);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// All rows of all tables, as text and sorted.
    private static Map<String, List<String>> rows(String url) throws SQLException {
        var all = new TreeMap<String, List<String>>();
        try (var connection = DriverManager.getConnection(url)) {
            try (var tables = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
                while (tables.next()) {
                    var name = tables.getString("TABLE_NAME");
                    if (!STAY.contains(name) && !name.startsWith("sqlite_")) {
                        all.put(name, new ArrayList<>());
                    }
                }
            }
            for (var table : all.entrySet()) {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery("SELECT * FROM " + table.getKey())) {
                    while (rows.next()) {
                        var values = new String[rows.getMetaData().getColumnCount()];
                        for (int i = 0; i < values.length; i++) {
                            values[i] = text(rows.getObject(i + 1));
                        }
                        table.getValue().add(String.join(", ", values));
                    }
                }
                table.getValue().sort(null);
            }
        }
        return all;
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }
}
