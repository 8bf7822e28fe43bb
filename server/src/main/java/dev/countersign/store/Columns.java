package dev.countersign.store;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What one statement says of many, a column an array. Only a shared store has arrays.
public final class Columns {
    private Columns() {}

    /// A column of texts, one of each; null where there is none.
    public static <T> Array texts(PreparedStatement statement, List<T> of, Function<T, @Nullable String> text)
            throws SQLException {
        return array(statement, "text", of.stream().map(text).toArray(String[]::new));
    }

    /// A column of whole numbers, one of each.
    public static <T> Array numbers(PreparedStatement statement, List<T> of, ToLongFunction<T> number)
            throws SQLException {
        return array(statement, "bigint", of.stream().map(number::applyAsLong).toArray(Long[]::new));
    }

    /// A column of bytes; null where there are none.
    public static Array bytes(PreparedStatement statement, byte[] @Nullable [] all) throws SQLException {
        return array(statement, "bytea", all);
    }

    private static Array array(PreparedStatement statement, String type, @Nullable Object[] all) throws SQLException {
        return statement.getConnection().createArrayOf(type, all);
    }
}
