package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.store.Columns;
import dev.countersign.store.Tx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
    void what_waits_is_read_by_its_urgency_from_an_index_wherever_a_page_begins() {
        assertThat(plan(Approvals.urgently(Approvals.Filter.ALL, false).replaceAll(":[a-z0-9]+", "?")))
                .singleElement()
                .asString()
                .contains("USING INDEX approval_urgent (state=? AND risk=?)");
        assertThat(plan(Approvals.urgently(Approvals.Filter.ALL, true).replaceAll(":[a-z0-9]+", "?")))
                .singleElement()
                .asString()
                .contains("USING INDEX approval_urgent (state=? AND risk=? AND (deadline,id)>(?,?))");
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

    private static Approvals.Filter past(String client, String text, Approvals.Besides besides) {
        return new Approvals.Filter(List.of("denied", "redeemed"), client, Optional.empty(), text, "x", besides);
    }

    @Test
    void a_list_of_one_resource_is_read_in_order_from_an_index() {
        assertThat(plan(past("", "", new Approvals.Besides("api", "", "", "a"))))
                .filteredOn(it -> it.contains("approval"))
                .hasSize(2)
                .allMatch(it -> it.contains("USING INDEX approval_of_resource"));
    }

    @Test
    void what_one_person_voted_on_is_read_in_order_from_an_index_and_each_request_found_by_its_id() {
        assertThat(plan(past("bot", "word", new Approvals.Besides("api", "rule", "person", "a"))))
                .hasSize(2)
                .anyMatch(it -> it.contains("SEARCH vote USING COVERING INDEX vote_of_person"))
                .anyMatch(it -> it.contains("SEARCH approval") && it.contains("id=?"));
    }

    @Test
    void how_far_down_a_look_goes_is_read_from_an_index_alone() {
        assertFloored(past("", "word", Approvals.Besides.NOTHING), "approval_listed");
        assertFloored(past("bot", "word", new Approvals.Besides("api", "", "", "a")), "approval_of_client");
        assertFloored(past("", "word", new Approvals.Besides("api", "", "", "a")), "approval_of_resource");
        assertFloored(past("", "", new Approvals.Besides("", "", "person", "a")), "vote_of_person");
    }

    private void assertFloored(Approvals.Filter filter, String index) {
        assertThat(plan(Approvals.flooring(filter, filter.states().size()).replaceAll(":[a-z0-9]+", "?")))
                .filteredOn(it -> it.contains("SEARCH approval") || it.contains("SEARCH vote"))
                .isNotEmpty()
                .allMatch(it -> it.contains("USING COVERING INDEX " + index));
    }

    @Test
    void what_became_of_requests_for_a_resource_is_counted_from_an_index_alone() {
        assertThat(plan(Approvals.COUNT_BY_STATE.replaceAll(":[a-z0-9]+", "?")))
                .filteredOn(it -> it.contains("approval"))
                .hasSize(7)
                .allMatch(it -> it.contains("USING COVERING INDEX approval_of_resource"));
    }

    /// The floor is the highest of all states': below it one of them was not looked through.
    @Test
    void one_look_goes_no_further_down_than_the_state_with_the_most_rows_lets_it() {
        try (var store = TestStores.open(folder.resolve("test.db"), InstantSource.system())) {
            store.write(tx -> {
                for (int n = 1; n <= 9; n++) {
                    row(tx, n, n % 3 == 0 ? "denied" : "redeemed");
                }
                return true;
            });
            var approvals = new Approvals();
            var filter = new Approvals.Filter(
                    List.of("denied", "redeemed"), "", Optional.empty(), "word", "", Approvals.Besides.NOTHING);
            assertThat(store.<String>read(tx -> approvals.floor(tx, filter, 2))).isEqualTo("id5");
            assertThat(store.<String>read(tx -> approvals.floor(tx, filter.after("id5"), 2)))
                    .isEqualTo("id1");
            assertThat(store.<String>read(tx -> approvals.floor(tx, filter.after("id2"), 2)))
                    .isEmpty();
            assertThat(store.<String>read(tx -> approvals.floor(tx, filter.downTo("id6"), 2)))
                    .isEmpty();
        }
    }

    private static void row(Tx tx, int n, String state) throws SQLException {
        tx.prepare("""
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin, made_at,
                                      ended_at, last_leaf, words, body)
                VALUES ('id%1$s', 1, '%2$s', 'bot', 'api', 2, 's', 'j%1$s', 'o', 1, 1, '', '', '')""".formatted(n, state)).executeUpdate();
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

    /// What many ask for together is searched for in an index, for each, however much is there of the past, and however
    /// little waited when the database counted last: one that reads all rows of a kind for each reads ever more.
    @Test
    void for_many_that_ask_together_it_is_found_in_one_search_for_each() {
        assumeTrue(TestStores.onPostgres(), "SQLite asks for each alone");
        try (var store = TestStores.open(folder.resolve("test.db"), InstantSource.system())) {
            store.write(tx -> {
                insert(tx, "'redeemed'", "NULL", "n");
                tx.prepare("ANALYZE approval").execute();
                assertSearched(tx);
                insert(tx, "'pending'", "9", "NULL");
                assertSearched(tx);
                tx.prepare("ANALYZE approval").execute();
                assertSearched(tx);
                return true;
            });
        }
    }

    private static void insert(Tx tx, String state, String deadline, String endedAt) throws SQLException {
        tx.prepare("""
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin, made_at,
                                      deadline, ended_at, last_leaf, words, body)
                SELECT %1$s || n, 1, %1$s, 'bot' || n %% 9, 'api', 2, 'snapshot' || n %% 9, %1$s || n, 'origin' || n, n,
                       CAST(%2$s AS BIGINT), CAST(%3$s AS BIGINT), '', '', ''
                FROM generate_series(1, 6000) AS n""".formatted(state, deadline, endedAt)).executeUpdate();
    }

    private static void assertSearched(Tx tx) throws SQLException {
        assertThat(plan(tx, Approvals.MANY_ELSEWHERE, 3, 0, 2))
                .noneMatch(it -> it.contains("hashed") || it.contains("approval_deadline") || it.contains("Seq Scan"))
                .filteredOn(it -> it.contains("Index Cond"))
                .hasSize(2)
                .allMatch(it -> it.contains("snapshot") && it.contains("origin"));
        assertThat(plan(tx, Approvals.NOT_FREE, 4, 1, 1))
                .noneMatch(it -> it.contains("hashed") || it.contains("Seq Scan on approval"))
                .filteredOn(it -> it.contains("Index Cond"))
                .filteredOn(it -> it.contains("join_key") || it.contains("snapshot"))
                .hasSize(3);
        assertThat(plan(tx, Approvals.MANY_PENDING, 1, 0, 1))
                .noneMatch(it -> it.contains("approval_deadline"))
                .anyMatch(it -> it.contains("Index Cond") && it.contains("id = ANY"));
    }

    private static List<String> plan(Tx tx, String text, int texts, int arrays, int numbers) throws SQLException {
        var names = IntStream.range(0, 64).mapToObj(Integer::toString).toList();
        var query = tx.prepare("EXPLAIN " + text);
        int at = 0;
        for (int i = 0; i < texts; i++) {
            query.setArray(++at, Columns.texts(query, names, it -> it));
        }
        for (int i = 0; i < arrays; i++) {
            query.setArray(++at, Columns.numbers(query, names, Long::parseLong));
        }
        for (int i = 0; i < numbers; i++) {
            query.setLong(++at, 1);
        }
        var plan = new ArrayList<String>();
        try (var steps = query.executeQuery()) {
            while (steps.next()) {
                plan.add(steps.getString(1));
            }
        }
        return plan;
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
