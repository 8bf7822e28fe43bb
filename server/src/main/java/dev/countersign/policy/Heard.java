package dev.countersign.policy;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was heard of sources about one request.
///
/// @param facts by name, those that were given
/// @param silent of sources that did not give all they should, why, as the end of a sentence that starts with
///     the source's name
public record Heard(SortedMap<String, Object> facts, SortedMap<String, String> silent) {
    /// Nobody was asked.
    public static final Heard NOTHING = new Heard(new TreeMap<>(), new TreeMap<>());

    /// Keeps its own copies.
    public Heard {
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    }

    /// One source gave all of these.
    public static Heard of(Map<String, Object> facts) {
        return new Heard(new TreeMap<>(facts), new TreeMap<>());
    }

    /// One source gave nothing.
    public static Heard silent(String source, String why) {
        return new Heard(new TreeMap<>(), new TreeMap<>(Map.of(source, why)));
    }

    /// Both.
    public Heard and(Heard other) {
        var given = new TreeMap<>(facts);
        given.putAll(other.facts);
        var why = new TreeMap<>(silent);
        why.putAll(other.silent);
        return new Heard(given, why);
    }
}
