package dev.countersign.config;

import dev.countersign.config.Shape.MapOf;
import dev.countersign.config.Shape.Section;
import dev.countersign.config.Shape.Things;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays files over one another: sections key by key, lists of things one after the other. What only one file may say,
/// and two do, is a fault that names both places.
final class Merge {
    private final Faults faults;

    Merge(Faults faults) {
        this.faults = faults;
    }

    /// @param whole where the result stands, for what is missing in all files
    Piece.Entries all(List<Source.Document> documents, Section schema, Place whole) {
        var merged = new Piece.Entries(whole, List.of());
        for (var document : documents) {
            if (document.root() instanceof Piece.Entries entries) {
                merged = entries(merged, entries, schema);
            } else {
                faults.add(
                        document.root().at(),
                        "the file holds " + document.root().looks() + "; start it with a key such as `clients:`");
            }
        }
        return merged;
    }

    private Piece.Entries entries(Piece.Entries first, Piece.Entries second, Section section) {
        Map<String, Piece.Entry> all = new LinkedHashMap<>();
        first.entries().forEach(entry -> all.put(entry.key(), entry));
        for (var entry : second.entries()) {
            var shape = section.key(entry.key()).map(Shape.Key::shape).orElse(null);
            all.merge(entry.key(), entry, (one, other) -> two(one, other, shape));
        }
        return new Piece.Entries(first.at(), List.copyOf(all.values()));
    }

    private Piece.Entry two(Piece.Entry first, Piece.Entry second, @Nullable Shape shape) {
        var a = first.value();
        var b = second.value();
        if (shape instanceof Section section && a instanceof Piece.Entries one && b instanceof Piece.Entries other) {
            return new Piece.Entry(first.at(), first.key(), entries(one, other, section));
        }
        if (shape instanceof MapOf && a instanceof Piece.Entries one && b instanceof Piece.Entries other) {
            // A map of names is a section that knows none of its keys: what it holds is never merged deeper.
            return new Piece.Entry(first.at(), first.key(), entries(one, other, new Section("", List.of())));
        }
        if (shape instanceof Things && a instanceof Piece.Items one && b instanceof Piece.Items other) {
            var both = new ArrayList<>(one.items());
            both.addAll(other.items());
            return new Piece.Entry(first.at(), first.key(), new Piece.Items(one.at(), List.copyOf(both)));
        }
        faults.add(second.at(), "`" + first.key() + "` is already at " + first.at() + "; keep one of the two");
        return first;
    }
}
