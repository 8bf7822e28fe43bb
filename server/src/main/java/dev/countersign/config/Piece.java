package dev.countersign.config;

import java.util.List;
import java.util.Optional;

/// A piece of a YAML file, with where it stands. Nothing is known yet of what it means.
sealed interface Piece {
    Place at();

    /// What it is, for a sentence about what it should have been.
    String looks();

    /// One text, number, flag or nothing.
    ///
    /// @param text as YAML folds and unescapes it
    /// @param spots where each character of the text stands
    record Scalar(Place at, String text, Kind kind, Spots spots) implements Piece {
        @Override
        public String looks() {
            return switch (kind) {
                case TEXT -> "a text";
                case INTEGER, DECIMAL -> "a number";
                case FLAG -> "true or false";
                case NOTHING, UNREAD -> "nothing";
            };
        }
    }

    record Items(Place at, List<Piece> items) implements Piece {
        @Override
        public String looks() {
            return "a list";
        }
    }

    /// A map.
    ///
    /// @param entries in the order of the file, each key once
    record Entries(Place at, List<Entry> entries) implements Piece {
        @Override
        public String looks() {
            return "a map";
        }

        Optional<Entry> entry(String key) {
            return entries.stream().filter(entry -> entry.key.equals(key)).findFirst();
        }

        Optional<Piece> get(String key) {
            return entry(key).map(Entry::value);
        }
    }

    /// A key and its value.
    ///
    /// @param at where the key stands
    record Entry(Place at, String key, Piece value) {}

    /// What an unquoted scalar is in YAML 1.2's core schema; a quoted one is always a text.
    enum Kind {
        TEXT,
        INTEGER,
        DECIMAL,
        FLAG,
        NOTHING,
        /// Could not be read, and that has been told.
        UNREAD
    }
}
