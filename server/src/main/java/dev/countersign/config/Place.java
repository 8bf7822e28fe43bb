package dev.countersign.config;

import java.util.Comparator;

/// Where something is written: a file of the folder, a line and a column, both counted from one in characters.
public record Place(String file, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::file).thenComparingInt(Place::line).thenComparingInt(Place::column);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    /// `file:line:column`, as editors and terminals take it.
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
