package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.countersign.TestStores;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists read what they show, however much there is of the past.
class ListingTest {
    @TempDir
    Path folder;

    @Test
    void a_list_of_one_state_is_read_in_order_from_an_index() {
        assertThat(plan(new Approvals.Filter(List.of("pending"), "", Optional.empty(), "", "")))
                .anyMatch(it -> it.contains("USING INDEX approval_listed"))
                .noneMatch(it -> it.contains("TEMP B-TREE"));
    }

    @Test
    void a_list_of_one_client_is_read_in_order_from_an_index() {
        assertThat(plan(new Approvals.Filter(List.of("redeemed"), "deployer", Optional.of(3), "", "x")))
                .anyMatch(it -> it.contains("USING INDEX approval_of_client"))
                .noneMatch(it -> it.contains("TEMP B-TREE"));
    }

    @Test
    void a_list_of_several_states_reads_no_more_of_each_than_it_may_show() {
        var plan = plan(new Approvals.Filter(List.of("denied", "expired", "redeemed"), "", Optional.empty(), "", "x"));
        assertThat(plan)
                .filteredOn(it -> it.contains("approval"))
                .hasSize(3)
                .allMatch(it -> it.contains("USING INDEX approval_listed"));
    }

    @Test
    void what_is_asked_from_elsewhere_is_found_however_much_is_asked_from_here() {
        assertThat(plan(Approvals.ELSEWHERE))
                .anyMatch(it -> it.contains("approval_asked") && it.contains("origin<?"))
                .anyMatch(it -> it.contains("approval_asked") && it.contains("origin>?"));
    }

    @Test
    void for_a_page_of_the_queue_it_is_found_in_one_search_for_each_row() {
        assertThat(plan(Approvals.elsewhere(50)))
                .anyMatch(it -> it.contains("SEARCH one") && it.contains("id=?"))
                .anyMatch(it -> it.contains("approval_asked") && it.contains("origin<?"))
                .anyMatch(it -> it.contains("approval_asked") && it.contains("origin>?"))
                .noneMatch(it -> it.contains("SCAN"));
    }

    /// While nothing waits the index of deadlines is empty, and whoever counts then would take it for the shortest way.
    @Test
    void it_is_found_so_after_rows_were_counted_while_nothing_waited() {
        assumeFalse(TestStores.onPostgres(), "SQLite says how in words");
        TestStores.open(folder.resolve("test.db"), InstantSource.system()).close();
        TestStores.inSqlite(folder.resolve("test.db"), """
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin, made_at,
                                      ended_at, last_leaf, words, body)
                WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
                SELECT 'id' || n, 1, 'redeemed', 'bot' || n % 9, 'api', 2, 'snapshot' || n % 9, 'join' || n, 'origin' || n,
                       n, n, '', '', '' FROM n""");
        TestStores.inSqlite(folder.resolve("test.db"), """
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin, made_at,
                                      deadline, last_leaf, words, body)
                VALUES ('open', 1, 'pending', 'bot1', 'api', 2, 'snapshot1', 'join', 'origin', 1, 2, '', '', '')""");
        TestStores.inSqlite(folder.resolve("test.db"), "ANALYZE");

        assertThat(plan(Approvals.ELSEWHERE)).noneMatch(it -> it.contains("approval_deadline"));
        assertThat(plan(Approvals.elsewhere(50))).noneMatch(it -> it.contains("approval_deadline"));
    }

    private List<String> plan(Approvals.Filter filter) {
        return plan(Approvals.listing(filter, filter.states().size()).replaceAll(":[a-z0-9]+", "?"));
    }

    /// How SQLite goes about it, a step a line.
    private List<String> plan(String text) {
        assumeFalse(TestStores.onPostgres(), "SQLite says how in words");
        try (var store = TestStores.open(folder.resolve("test.db"), InstantSource.system())) {
            return store.read(tx -> {
                var query = tx.prepare("EXPLAIN QUERY PLAN " + text);
                for (int i = 1; i <= text.chars().filter(it -> it == '?').count(); i++) {
                    query.setString(i, "");
                }
                try (var steps = query.executeQuery()) {
                    var plan = new ArrayList<String>();
                    while (steps.next()) {
                        plan.add(steps.getString("detail"));
                    }
                    return plan;
                }
            });
        }
    }
}
