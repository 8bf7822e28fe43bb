package dev.countersign.wiring;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/// Which steps of two operations could come in either order without anybody noticing.
///
/// Two statements can, unless both write or hold rows of one table: what is not committed is seen by nobody else. A
/// statement and the other's commit can, unless that commit is of a table that the statement speaks of, or the
/// statement is the first of its transaction and sees the world as it is then. Of everything else, which is what our
/// own program does, nothing is known: it stays in its order.
final class Steps {
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "hold");

    private Steps() {}

    /// What one is about to do.
    ///
    /// @param point the pause point it stands at: `first hold approval`
    /// @param touched what it has written or held in this transaction
    record Next(String point, Set<String> touched) {
        /// What it will have written or held after that.
        Set<String> touches() {
            if (!isStatement()) {
                return touched;
            }
            var all = new HashSet<>(isFirst() ? Set.<String>of() : touched);
            if (writes()) {
                all.addAll(tables());
            }
            return Set.copyOf(all);
        }

        private boolean isFirst() {
            return point.startsWith("first ");
        }

        private boolean isStatement() {
            var verb = words()[0];
            return verb.equals("read") || WRITES.contains(verb);
        }

        private boolean isCommit() {
            return point.equals("commit");
        }

        private boolean writes() {
            return WRITES.contains(words()[0]);
        }

        private Set<String> tables() {
            return Set.of(words()[1].split(","));
        }

        private String[] words() {
            return (isFirst() ? point.substring("first ".length()) : point).split(" ", 2);
        }
    }

    /// Whether nobody could tell which of the two came first.
    static boolean commute(Next one, Next other) {
        if (one.isStatement() && other.isStatement()) {
            return !(one.writes() && other.writes()) || Collections.disjoint(one.tables(), other.tables());
        }
        return (one.isStatement() && other.isCommit() && goesUnnoticed(other, one))
                || (other.isStatement() && one.isCommit() && goesUnnoticed(one, other));
    }

    private static boolean goesUnnoticed(Next commit, Next statement) {
        return !statement.isFirst() && Collections.disjoint(commit.touched(), statement.tables());
    }
}
