package dev.countersign.oauth;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A set of scope names, RFC 6749 §3.3. Order means nothing in OAuth, so the names are kept sorted and two sets that
/// ask for the same are equal.
public record Scopes(List<String> names) {
    public static final Scopes NONE = new Scopes(List.of());

    public Scopes {
        SortedSet<String> sorted = new TreeSet<>(names);
        names = List.copyOf(sorted);
    }

    /// Reads the space-separated form. Runs of spaces are refused, as is any character outside §3.3's `scope-token`.
    ///
    /// @throws Refusal `invalid_scope`
    public static Scopes parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        var names = List.of(text.split(" ", -1));
        if (!names.stream().allMatch(Scopes::isToken)) {
            throw Refusal.of(ErrorCode.INVALID_SCOPE, "scope is not a space-separated list of scope tokens");
        }
        return new Scopes(names);
    }

    public static Scopes of(Collection<String> names) {
        return new Scopes(List.copyOf(names));
    }

    /// §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
    public static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c == 0x21 || (c >= 0x23 && c <= 0x5B) || (c >= 0x5D && c <= 0x7E));
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public boolean contains(String name) {
        return names.contains(name);
    }

    /// True when every name here is also there.
    public boolean within(Scopes wider) {
        return wider.names.containsAll(names);
    }

    /// What both hold.
    public Scopes meet(Scopes other) {
        return new Scopes(names.stream().filter(other::contains).toList());
    }

    /// The wire form: names separated by one space.
    @Override
    public String toString() {
        return String.join(" ", names);
    }
}
