package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.wiring.Race.Operation;
import dev.countersign.wiring.Race.Start;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two operations on one request in all orders that their pause points allow, and after each the books.
///
/// On SQLite a write is one step, because one thread writes, or two share a group; on PostgreSQL each statement is a
/// step. In `verify` each order has one interruption at most and only what can do something races;
/// `-Dcountersign.schedules=N` takes all pairs from every start with up to N interruptions, `all` with any number: on
/// PostgreSQL, where there are very many, those of the steps that make a request's life.
final class SchedulesTest {
    private static final String HOW_MANY = System.getProperty("countersign.schedules", "");
    private static final String ONE = System.getProperty("countersign.schedule", "");

    /// What can do something from where a request stands, or after what another did.
    private static final Map<Start, Set<Operation>> EFFECTIVE = Map.of(
            Start.PENDING,
            EnumSet.of(Operation.APPROVE, Operation.DENY, Operation.DECIDE),
            Start.ALMOST,
            EnumSet.of(
                    Operation.APPROVE,
                    Operation.DENY,
                    Operation.DECIDE,
                    Operation.COLLECT,
                    Operation.EXPIRE,
                    Operation.CANCEL),
            Start.APPROVED,
            EnumSet.of(
                    Operation.COLLECT,
                    Operation.FETCH,
                    Operation.JOIN,
                    Operation.REVOKE,
                    Operation.EXPIRE,
                    Operation.CANCEL,
                    Operation.FREEZE,
                    Operation.PASS),
            Start.REDEEMED,
            EnumSet.of(Operation.FETCH, Operation.JOIN, Operation.REVOKE, Operation.FREEZE));

    /// The steps that make a request's life.
    private static final Set<Operation> LIFE = EnumSet.of(
            Operation.APPROVE,
            Operation.DENY,
            Operation.DECIDE,
            Operation.COLLECT,
            Operation.REVOKE,
            Operation.EXPIRE,
            Operation.CANCEL);

    @TempDir
    Path folder;

    @Test
    void whatever_comes_between_the_books_are_right() {
        try (var races = new Races(folder, UnaryOperator.identity())) {
            if (ONE.isEmpty()) {
                int orders = 0;
                for (var start : Start.values()) {
                    for (var a : Operation.values()) {
                        for (var b : Operation.values()) {
                            orders += isWanted(start, a, b) ? explore(races, start, a, b) : 0;
                        }
                    }
                }
                System.out.println(orders + " orders");
            } else {
                var words = ONE.split(" ", 4);
                races.again(
                        Start.valueOf(words[0]), Operation.valueOf(words[1]), Operation.valueOf(words[2]), words[3]);
            }
            assertThat(races.faults()).isEmpty();
        }
    }

    private static int explore(Races races, Start start, Operation a, Operation b) {
        int orders = races.explore(start, a, b, interruptions());
        if (!HOW_MANY.isEmpty()) {
            System.out.println(start + " " + a + " " + b + ": " + orders + " orders, faults so far "
                    + races.faults().size());
        }
        return orders;
    }

    private static int interruptions() {
        return switch (HOW_MANY) {
            case "" -> 1;
            case "all" -> Schedules.ANY;
            default -> Integer.parseInt(HOW_MANY);
        };
    }

    private static boolean isWanted(Start start, Operation a, Operation b) {
        boolean passes = a == Operation.PASS || b == Operation.PASS;
        return a.compareTo(b) <= 0
                && b != Operation.CARELESS_CANCEL
                && (!passes || (a == Operation.FREEZE && start == Start.APPROVED))
                && (!HOW_MANY.equals("all") || !TestStores.onPostgres() || LIFE.containsAll(List.of(a, b)))
                && (!HOW_MANY.isEmpty()
                        || EFFECTIVE.getOrDefault(start, Set.of()).containsAll(List.of(a, b)));
    }

    @Test
    void a_look_outside_of_the_transaction_is_found() {
        finds(
                UnaryOperator.identity(),
                Start.APPROVED,
                Operation.COLLECT,
                Operation.CARELESS_CANCEL,
                "request.ended after redeemed");
    }

    @Test
    void a_step_without_row_and_version_is_found() {
        assumeTrue(TestStores.onPostgres(), "SQLite has one thread that writes");
        UnaryOperator<String> unguarded = sql -> sql.contains("approval")
                ? sql.replace(" FOR UPDATE", "").replace("AND version = ?", "AND (version = ? OR TRUE)")
                : sql;
        finds(unguarded, Start.ALMOST, Operation.DENY, Operation.DECIDE, "it was decided more than once");
    }

    @Test
    void a_token_that_does_not_wait_for_a_freeze_is_found() {
        assumeTrue(TestStores.onPostgres(), "SQLite has one thread that writes");
        UnaryOperator<String> unguarded =
                sql -> sql.contains("passage") ? sql.replace(" FOR UPDATE", "").replace(" SKIP LOCKED", "") : sql;
        finds(unguarded, Start.APPROVED, Operation.COLLECT, Operation.FREEZE, "a token was given after FREEZE");
    }

    private void finds(UnaryOperator<String> sql, Start start, Operation a, Operation b, String fault) {
        var races = new Races(folder, sql);
        try {
            races.explore(start, a, b, interruptions());
            assertThat(races.faults())
                    .anyMatch(it -> it.contains(fault))
                    .allMatch(it -> it.contains("-Dcountersign.schedule="));
        } finally {
            races.abandon();
        }
    }
}
