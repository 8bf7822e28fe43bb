package dev.countersign.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What may be written as a key's value.
sealed interface Shape {
    /// One text of a given form.
    record Text(Form form) implements Shape {}

    /// One of a few words. `later` are words of the schema that this version does not implement.
    record Choice(List<String> words, List<String> later) implements Shape {}

    record Whole(int least, int most) implements Shape {}

    record Flag() implements Shape {}

    /// A length of time with its unit.
    record Span(Duration least, Duration most) implements Shape {}

    /// A secret, named by where it is kept and never written here.
    record Secret() implements Shape {}

    /// A CEL expression over the facts.
    record Condition() implements Shape {}

    /// A list in which order means nothing and nothing stands twice.
    record SetOf(Shape of) implements Shape {}

    /// A list whose order is kept.
    record ListOf(Section of) implements Shape {}

    /// A list of things, each with a key that names it; files add to it.
    record Things(String by, Section of) implements Shape {}

    /// A map from names of one form; files add to it.
    record MapOf(Form name, Shape of) implements Shape {}

    /// A map of the keys named here and no others. `title` is what one is called in sentences.
    record Section(String title, List<Key> keys) implements Shape {
        Optional<Key> key(String name) {
            return keys.stream().filter(key -> key.name().equals(name)).findFirst();
        }
    }

    /// A map that something else reads: facts, keys.
    record Open() implements Shape {}

    /// The name of a JSON file in the folder, or what would be in it.
    record JsonFile() implements Shape {}

    /// A key of a section.
    ///
    /// @param fallback what holds when the key is not written; empty when nothing does
    /// @param about what it means, for the reference page
    record Key(String name, Shape shape, Presence presence, String fallback, String example, String about) {
        static Key required(String name, Shape shape, String example, String about) {
            return new Key(name, shape, Presence.REQUIRED, "", example, about);
        }

        static Key optional(String name, Shape shape, String fallback, String example, String about) {
            return new Key(name, shape, Presence.OPTIONAL, fallback, example, about);
        }

        /// The same, but it may be missing.
        Key ifPresent() {
            return presence == Presence.REQUIRED
                    ? new Key(name, shape, Presence.OPTIONAL, fallback, example, about)
                    : this;
        }

        static Key later(String name, String about) {
            return new Key(name, new Open(), Presence.LATER, "", "", about);
        }
    }

    /// Where a secret is kept, when that is a file.
    Section FILE = new Section(
            "a secret",
            List.of(Key.required(
                    "file", new Text(Form.LINE), "master.key", "The path, from the configuration folder.")));

    enum Presence {
        REQUIRED,
        OPTIONAL,
        /// In the schema, and not in this version yet: an error that says so.
        LATER
    }
}
