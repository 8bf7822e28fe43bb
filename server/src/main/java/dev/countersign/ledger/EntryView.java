package dev.countersign.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An entry as the ledger holds it.
///
/// @param at to the millisecond
/// @param node the server that wrote it
/// @param digests of what is disclosed beside the leaf, see [Disclosed]
public record EntryView(
        long index,
        LeafHash hash,
        Code code,
        String id,
        Instant at,
        String node,
        Entry.Actor actor,
        Optional<String> request,
        Optional<LeafHash> previous,
        Optional<String> terms,
        Map<String, Object> body,
        List<String> digests) {
    /// Reads a leaf's bytes.
    ///
    /// @throws IllegalArgumentException when they are no leaf of a known form and code
    static EntryView parse(long index, byte[] leaf) {
        return parse(index, LeafHash.of(Merkle.leafHash(leaf)), leaf);
    }

    static EntryView parse(long index, LeafHash hash, byte[] leaf) {
        var members = Members.of(LeafReader.read(leaf));
        var actor = Members.of(members.take("actor"));
        var view = new EntryView(
                index,
                hash,
                code(members.text("code")),
                members.text("id"),
                Instant.ofEpochMilli(members.number("ts")),
                members.text("node"),
                new Entry.Actor(actor.text("kind"), actor.text("id")),
                members.optional("request"),
                members.optional("prev").map(EntryView::hash),
                members.optional("terms"),
                Members.map(members.take("body")),
                Members.texts(members.take("sd")));
        if (members.number("v") != Leaf.VERSION || members.text("nonce").isEmpty()) {
            throw new IllegalArgumentException("not a leaf of version " + Leaf.VERSION);
        }
        members.end();
        actor.end();
        return view;
    }

    private static Code code(String wire) {
        return Code.of(wire).orElseThrow(() -> new IllegalArgumentException("unknown code " + wire));
    }

    private static LeafHash hash(String text) {
        var hash = new LeafHash(text);
        if (!LeafHash.of(hash.bytes()).equals(hash)) {
            throw new IllegalArgumentException("not a leaf hash: " + text);
        }
        return hash;
    }

    /// A member of the body that is a string; empty when there is none.
    public String text(String member) {
        return body.get(member) instanceof String text ? text : "";
    }

    /// A member of the body that is a number; 0 when there is none.
    public long number(String member) {
        return body.get(member) instanceof Long number ? number : 0;
    }

    /// Whether a member of the body says so.
    public boolean flag(String member) {
        return Boolean.TRUE.equals(body.get(member));
    }

    /// The strings in a member of the body that is a list; empty when there is none.
    public List<String> texts(String member) {
        return texts(body.get(member));
    }

    /// The texts in a value that should be a list of them; none when it is not.
    static List<String> texts(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var element : list) {
            if (element instanceof String text) {
                texts.add(text);
            }
        }
        return texts;
    }

    /// Members of a JSON object, each to be taken once and none to be left.
    private static final class Members {
        private final Map<String, Object> left;

        private Members(Map<String, Object> left) {
            this.left = left;
        }

        static Members of(Object value) {
            return new Members(new java.util.HashMap<>(map(value)));
        }

        Object take(String name) {
            var value = left.remove(name);
            if (value == null) {
                throw new IllegalArgumentException("a leaf without " + name);
            }
            return value;
        }

        String text(String name) {
            return string(take(name));
        }

        long number(String name) {
            if (take(name) instanceof Long number) {
                return number;
            }
            throw new IllegalArgumentException(name + " is no number");
        }

        Optional<String> optional(String name) {
            return Optional.ofNullable(left.remove(name)).map(Members::string);
        }

        void end() {
            if (!left.isEmpty()) {
                throw new IllegalArgumentException("unknown members " + left.keySet());
            }
        }

        @SuppressWarnings("unchecked") // LeafReader makes no other maps
        static Map<String, Object> map(Object value) {
            if (value instanceof Map<?, ?> map) {
                return (Map<String, Object>) map;
            }
            throw new IllegalArgumentException("not an object: " + value);
        }

        static List<String> texts(Object value) {
            if (value instanceof List<?> list) {
                return list.stream().map(Members::string).toList();
            }
            throw new IllegalArgumentException("not a list: " + value);
        }

        static String string(Object value) {
            if (value instanceof String text) {
                return text;
            }
            throw new IllegalArgumentException("not a string: " + value);
        }
    }
}
