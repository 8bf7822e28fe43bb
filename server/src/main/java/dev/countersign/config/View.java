package dev.countersign.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A map of the configuration as its readers see it. What is missing or not of its shape reads as absent: the schema
/// has been checked, and what it found is told already.
record View(Piece.Entries entries) {
    Place at() {
        return entries.at();
    }

    boolean has(String key) {
        return entries.entry(key).isPresent();
    }

    /// Where a key stands; where the map does when the key is missing.
    Place at(String key) {
        return entries.entry(key).map(Piece.Entry::at).orElse(at());
    }

    Optional<Piece.Scalar> scalar(String key) {
        return entries.get(key).flatMap(View::scalar);
    }

    /// Empty when the key is missing.
    String text(String key) {
        return scalar(key).map(Piece.Scalar::text).orElse("");
    }

    Optional<Duration> duration(String key) {
        return scalar(key).flatMap(it -> Units.duration(it.text()));
    }

    int whole(String key, int fallback) {
        return scalar(key)
                .filter(it -> it.text().matches("[0-9]{1,9}"))
                .map(it -> Integer.parseInt(it.text()))
                .orElse(fallback);
    }

    boolean flag(String key) {
        return text(key).equalsIgnoreCase("true");
    }

    Optional<View> view(String key) {
        return entries.get(key).flatMap(View::of);
    }

    /// The maps in a list.
    List<View> views(String key) {
        return items(key).flatMap(it -> of(it).stream()).toList();
    }

    /// The scalars in it, whatever their keys.
    List<Piece.Scalar> scalars() {
        return entries.entries().stream()
                .flatMap(it -> scalar(it.value()).stream())
                .toList();
    }

    /// The scalars in a list.
    List<Piece.Scalar> scalars(String key) {
        return items(key).flatMap(it -> scalar(it).stream()).toList();
    }

    List<String> texts(String key) {
        return scalars(key).stream().map(Piece.Scalar::text).toList();
    }

    List<String> sorted(String key) {
        return texts(key).stream().sorted().toList();
    }

    /// The texts in a map, by name.
    Map<String, String> texts() {
        return entries.entries().stream()
                .flatMap(it -> scalar(it.value()).map(text -> Map.entry(it.key(), text.text())).stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, TreeMap::new));
    }

    /// The maps in a map, by name.
    Map<String, View> named(String key) {
        return view(key).stream()
                .flatMap(it -> it.entries.entries().stream())
                .flatMap(it -> of(it.value()).map(view -> Map.entry(it.key(), view)).stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, TreeMap::new));
    }

    static Optional<View> of(Piece piece) {
        return piece instanceof Piece.Entries entries ? Optional.of(new View(entries)) : Optional.empty();
    }

    private Stream<Piece> items(String key) {
        return entries.get(key).orElse(null) instanceof Piece.Items list ? list.items().stream() : Stream.empty();
    }

    private static Optional<Piece.Scalar> scalar(Piece piece) {
        return piece instanceof Piece.Scalar scalar
                        && scalar.kind() != Piece.Kind.UNREAD
                        && scalar.kind() != Piece.Kind.NOTHING
                ? Optional.of(scalar)
                : Optional.empty();
    }
}
