package dev.countersign.config;

import java.util.List;
import java.util.Optional;

/// Where the files of a configuration come from.
sealed interface Source permits Folder, Sent {
    /// For what is wrong with it as a whole.
    Place whole();

    /// Its YAML files, by name.
    List<Document> documents();

    /// A file that the configuration names, such as a JSON Schema. `at` is where it is named.
    Optional<String> text(String name, Place at);

    /// One file, read.
    record Document(String file, Piece root) {}
}
