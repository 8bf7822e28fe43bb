package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Departures;
import dev.countersign.people.Directory;
import dev.countersign.people.Memberships;
import dev.countersign.people.People;
import dev.countersign.people.Sessions;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.WrappedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationsTest {
    private static final Entry.Actor BY = new Entry.Actor("operator", "test");

    private final TestClock clock = new TestClock();

    @TempDir
    private Path path;

    private Store store;
    private Ledger ledger;
    private People people;
    private Memberships memberships;
    private Configurations configurations;
    private TestFolder folder;
    private Live live;

    @BeforeEach
    void open() throws IOException {
        store = TestStores.open(path.resolve("test.db"), clock);
        var master = MasterKey.of(MasterKey.generate());
        var keys = WrappedKeys.open(store, master);
        ledger = Ledger.open(store, master, keys, "auth.example.com", "test", clock);
        var hash = KeyedHash.open(store, keys, "people");
        people = new People(store, clock);
        memberships = new Memberships(store, clock);
        var sessions = new Sessions(store, hash, clock);
        var directory = new Directory(
                people,
                memberships,
                sessions,
                new Departures(sessions, new ApiTokens(store, ledger, hash, clock), new Absences(store, ledger)));
        configurations = new Configurations(directory, ledger);
        folder = TestFolder.example(Files.createDirectory(path.resolve("folder")));
        live = new Live(store, configurations, folder.good().node());
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    @Test
    void the_first_publication_writes_version_people_memberships_and_one_entry() {
        var configuration = folder.good();

        assertThat(publish()).isInstanceOf(Published.Done.class);

        assertThat(live.get().version()).isEqualTo(configuration.version());
        var ana = people.find("local", "ana").orElseThrow();
        assertThat(memberships.isMember(ana.id(), "payments-oncall", clock.instant()))
                .isTrue();
        var entry = entries().getFirst();
        assertThat(entries()).hasSize(1);
        assertThat(entry.actor()).isEqualTo(BY);
        assertThat(entry.body())
                .containsEntry("version", configuration.version())
                .containsEntry("previous", "")
                .containsEntry("clients_added", List.of("payments-gateway", "refund-bot"))
                .containsEntry("resources_added", List.of("https://payments.example.com"))
                .containsEntry("policies_added", List.of("money-moves", "no-dormant-privilege", "routine-read"))
                .containsEntry("groups_added", List.of("payments-dev", "payments-oncall", "security"))
                .containsEntry("people_added", 3L)
                .containsKey("members");
        assertThat(entry.body().toString()).doesNotContain("Ana", "ana@example.com");
    }

    @Test
    void the_entry_says_what_changed() {
        var first = publish();
        clock.advance(Duration.ofHours(1));
        folder.replacing("policies.yaml", "60s", "30s")
                .replacing("people.yaml", "payments-dev: { members: [cy] }", "payments-dev: { members: [] }")
                .replacing("apis/payments.yaml", "Payments gateway", "Gateway");

        publish();

        assertThat(first).isInstanceOf(Published.Done.class);
        var cy = people.find("local", "cy").orElseThrow().id();
        assertThat(memberships.isMember(cy, "payments-dev", clock.instant())).isFalse();
        assertThat(memberships.isMember(cy, "payments-dev", clock.instant().minusSeconds(60)))
                .isTrue();
        assertThat(entries().getLast().body())
                .isEqualTo(Map.of(
                        "version", live.get().version(),
                        "previous", ((Published.Done) first).version().hash(),
                        "clients_changed", List.of("payments-gateway"),
                        "groups_changed", List.of("payments-dev"),
                        "policies_changed", List.of("routine-read"),
                        "members", Map.of("joined", Map.of(), "left", Map.of("payments-dev", List.of(cy.value())))));
    }

    @Test
    void what_is_in_force_is_not_published_again() {
        publish();

        assertThat(publish()).isInstanceOf(Published.Unchanged.class);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void a_folder_that_was_superseded_is_refused_with_both_hashes_unless_told() {
        var old = folder.good();
        publish();
        folder.replacing("policies.yaml", "60s", "30s");
        publish();
        var now = live.get();

        var refused = live.publish(old, BY, Onto.ANY);

        assertThat(refused).isInstanceOf(Published.Superseded.class);
        assertThat(refused.toString()).contains(old.version(), now.version());
        assertThat(live.get()).isEqualTo(now);
        assertThat(entries()).hasSize(2);

        assertThat(live.publish(old, BY, Onto.AGAIN)).isInstanceOf(Published.Done.class);
        assertThat(live.get().version()).isEqualTo(old.version());
        List<Version> history = store.read(tx -> configurations.history(tx, 10));
        assertThat(history).extracting(Version::number).containsExactly(3L, 2L, 1L);
    }

    @Test
    void a_bad_folder_never_replaces_a_good_one() {
        publish();
        var good = live.get();
        folder.replacing("clients.yml", "sync_wait", "sinc_wait");

        assertThat(live.reload(folder.path, BY, UnaryOperator.identity())).isFalse();
        assertThat(live.get()).isSameAs(good);

        folder.replacing("clients.yml", "sinc_wait: 25s", "sync_wait: 30s");
        assertThat(live.reload(folder.path, BY, UnaryOperator.identity())).isTrue();
        assertThat(live.get().version()).isNotEqualTo(good.version());
    }

    @Test
    void a_folder_that_somebody_else_finds_faults_with_is_not_put_in_force() {
        publish();
        var good = live.get();
        folder.replacing("clients.yml", "sync_wait: 25s", "sync_wait: 30s");

        assertThat(live.reload(
                        folder.path,
                        BY,
                        _ -> new Read.Bad(List.of(new Fault(new Place("policies.yaml", 1, 1), "not proved")))))
                .isFalse();
        assertThat(live.get()).isSameAs(good);
    }

    @Test
    void a_reload_leaves_the_nodes_own_settings_as_they_were() {
        publish();
        var node = live.get().node();
        folder.replacing("node.yaml", "8080", "8443").replacing("policies.yaml", "60s", "30s");

        assertThat(live.reload(folder.path, BY, UnaryOperator.identity())).isTrue();
        assertThat(live.get().node()).isEqualTo(node);
    }

    @Test
    void what_another_process_publishes_is_taken_from_the_store() {
        publish();
        var elsewhere = new Live(store, configurations, live.get().node());

        assertThat(elsewhere.refresh()).isTrue();
        assertThat(elsewhere.refresh()).isFalse();
        assertThat(elsewhere.get().version()).isEqualTo(live.get().version());
        assertThat(elsewhere.get().clients()).isEqualTo(live.get().clients());
    }

    private Published publish() {
        return live.publish(folder.good(), BY, Onto.ANY);
    }

    private List<EntryView> entries() {
        ledger.settle();
        return ledger.entries(0, 1000).stream()
                .filter(it -> it.code() == Code.CONFIGURATION_PUBLISHED)
                .toList();
    }
}
