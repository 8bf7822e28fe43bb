package dev.countersign.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// One YAML file as pieces. Takes the plain part of YAML 1.2: one document, maps with text keys, lists and scalars; no
/// anchors, aliases and tags, and nothing nested too deep, so that a small file is a small tree.
final class Yaml {
    private static final int DEPTH = 64;
    private static final CoreSchema SCHEMA = new CoreSchema();

    private final String file;
    private final int[] source;
    private final Faults faults;
    private final Deque<Open> open = new ArrayDeque<>();
    private @Nullable Piece root;

    private Yaml(String file, String text, Faults faults) {
        this.file = file;
        this.source = text.codePoints().toArray();
        this.faults = faults;
    }

    /// Empty when the file holds nothing, or holds no YAML, which is then a fault.
    static Optional<Piece> read(String file, String text, Faults faults) {
        var yaml = new Yaml(file, text, faults);
        try {
            yaml.take(new Parse(LoadSettings.builder()
                            .setLabel(file)
                            .setSchema(SCHEMA)
                            .setCodePointLimit(Math.max(1, text.length()))
                            .build())
                    .parseString(text)
                    .iterator());
            return Optional.ofNullable(yaml.root);
        } catch (MarkedYamlEngineException e) {
            faults.add(e.getProblemMark().map(yaml::place).orElse(new Place(file, 1, 1)), yaml.problem(e));
        } catch (ReaderException e) {
            faults.add(
                    yaml.place(e.getPosition()),
                    "the character U+%04X may not stand in a YAML file; take it out, or write it as an escape in double quotes"
                            .formatted(e.getCodePoint()));
        }
        return Optional.empty();
    }

    private String problem(MarkedYamlEngineException e) {
        boolean tab = e.getProblemMark()
                .map(mark -> mark.getIndex() < source.length && source[mark.getIndex()] == '\t')
                .orElse(false);
        return tab
                ? "a tab cannot stand here; indent with spaces"
                : "this is not YAML: " + e.getProblem().strip() + "; mend the line or the one before it";
    }

    private void take(Iterator<Event> events) {
        while (events.hasNext()) {
            if (!take(events.next())) {
                root = null;
                return;
            }
        }
    }

    /// False when there is no use in reading on.
    private boolean take(Event event) {
        switch (event) {
            case DocumentStartEvent start -> {
                if (root != null) {
                    faults.add(place(start), "a second document starts here; put it into a file of its own");
                    return false;
                }
            }
            case AliasEvent alias -> {
                faults.add(place(alias), "`*" + alias.getAlias() + "` is an alias; write the value itself");
                put(place(alias), unread(place(alias)));
            }
            case ScalarEvent scalar -> {
                refuse(scalar, scalar.getAnchor().isPresent(), scalar.getTag());
                put(place(scalar), scalar(scalar));
            }
            case CollectionStartEvent start -> {
                refuse(start, start.getAnchor().isPresent(), start.getTag());
                if (open.size() == DEPTH) {
                    faults.add(place(start), "this is nested more than " + DEPTH + " deep; flatten it");
                    return false;
                }
                open.push(new Open(place(start), start instanceof MappingStartEvent));
            }
            case SequenceEndEvent _ -> close();
            case MappingEndEvent _ -> close();
            default -> {} // the stream's and the documents' ends
        }
        return true;
    }

    private void refuse(Event event, boolean anchored, Optional<String> tag) {
        if (anchored) {
            faults.add(
                    place(event), "anchors are not taken here; take out the `&…` and write the value where it is used");
        }
        tag.ifPresent(it -> faults.add(place(event), "the tag `" + it + "` is not taken here; take it out"));
    }

    private void close() {
        var closed = open.pop();
        put(closed.at, closed.piece());
    }

    private void put(Place at, Piece piece) {
        var parent = open.peek();
        if (parent == null) {
            root = piece;
        } else if (!parent.mapping) {
            parent.items.add(piece);
        } else if (parent.key == null) {
            parent.key = key(at, piece);
        } else {
            parent.add(parent.key, piece, faults);
            parent.key = null;
        }
    }

    private Piece.Scalar key(Place at, Piece piece) {
        if (piece instanceof Piece.Scalar scalar) {
            return scalar;
        }
        faults.add(at, "a key is a word, not " + piece.looks() + "; put a text that starts with `{` or `[` in quotes");
        return unread(at);
    }

    private Piece.Scalar unread(Place at) {
        return new Piece.Scalar(at, "", Piece.Kind.UNREAD, new Spots(file, source, 0, ScalarStyle.PLAIN, ""));
    }

    private Piece.Scalar scalar(ScalarEvent event) {
        var kind = event.isPlain() ? kind(SCHEMA.getScalarResolver().resolve(event.getValue(), true)) : Piece.Kind.TEXT;
        int from = event.getStartMark().orElseThrow().getIndex();
        var spots = new Spots(file, source, from, event.getScalarStyle(), event.getValue());
        return new Piece.Scalar(place(event), event.getValue(), kind, spots);
    }

    private static Piece.Kind kind(Tag tag) {
        if (tag.equals(Tag.INT)) {
            return Piece.Kind.INTEGER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return Piece.Kind.DECIMAL;
        }
        if (tag.equals(Tag.BOOL)) {
            return Piece.Kind.FLAG;
        }
        return tag.equals(Tag.NULL) ? Piece.Kind.NOTHING : Piece.Kind.TEXT;
    }

    private Place place(Event event) {
        return place(event.getStartMark().orElseThrow());
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Place place(int index) {
        return new Spots(file, source, 0, ScalarStyle.PLAIN, "").place(index);
    }

    /// A list or a map whose end has not come yet.
    private static final class Open {
        final Place at;
        final boolean mapping;
        final List<Piece> items = new ArrayList<>();
        final List<Piece.Entry> entries = new ArrayList<>();
        final Map<String, Place> keys = new HashMap<>();
        Piece.@Nullable Scalar key;

        Open(Place at, boolean mapping) {
            this.at = at;
            this.mapping = mapping;
        }

        void add(Piece.Scalar key, Piece value, Faults faults) {
            var earlier = keys.putIfAbsent(key.text(), key.at());
            if (key.kind() == Piece.Kind.UNREAD) {
                return;
            }
            if (earlier != null) {
                faults.add(key.at(), "`" + key.text() + "` is already at " + earlier + "; keep one of the two");
            } else {
                entries.add(new Piece.Entry(key.at(), key.text(), value));
            }
        }

        Piece piece() {
            return mapping ? new Piece.Entries(at, List.copyOf(entries)) : new Piece.Items(at, List.copyOf(items));
        }
    }
}
