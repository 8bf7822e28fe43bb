package dev.countersign.policy;

import dev.cel.compiler.CelCompiler;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The facts that the sources of one configuration give, beside those of [FactSchema]: `source.tickets.open` is
/// what `tickets` says of `open`. Conditions are compiled against them, so that what they name is there and of
/// its type.
///
/// A fact that a source did not give is unknown. So is one that was recorded with another type than it has
/// here.
public final class SourceFacts {
    /// How the names of all of them begin.
    public static final String FAMILY = "source";

    /// Those of a configuration without sources.
    public static final SourceFacts NONE = new SourceFacts(List.of());

    private static final String PREFIX = FAMILY + ".";

    private final SortedMap<String, Fact> facts;
    private final CelCompiler compiler;

    private SourceFacts(Collection<Fact> facts) {
        var all = new TreeMap<String, Fact>();
        facts.forEach(it -> all.put(it.name(), it));
        this.facts = Collections.unmodifiableSortedMap(all);
        this.compiler = facts.isEmpty() ? Cel.COMPILER : Cel.with(facts);
    }

    /// Those of some sources.
    public static SourceFacts of(Collection<Fact> facts) {
        return facts.isEmpty() ? NONE : new SourceFacts(facts);
    }

    /// A fact that a source gives. In a test that does not give it, it is unknown.
    ///
    /// @throws IllegalArgumentException when it is of a type that no source gives
    public static Fact fact(String source, String name, Fact.Type type) {
        var quiet = switch (type) {
            case TRUTH -> false;
            case NUMBER -> 0L;
            case TEXT -> "";
            case TEXTS -> List.of();
            case DETAILS, AMOUNTS -> throw new IllegalArgumentException("no source gives details or their sums");
        };
        return new Fact(PREFIX + source + "." + name, type, "What " + source + " says.", quiet);
    }

    /// Whether a fact of this name comes from a source.
    public static boolean is(String fact) {
        return fact.startsWith(PREFIX);
    }

    /// Those that come from sources.
    static <T> SortedMap<String, T> among(SortedMap<String, T> facts) {
        return facts.subMap(PREFIX, FAMILY + "/"); // a slash comes after a dot
    }

    /// The source that a fact of this name comes from.
    ///
    /// @throws IllegalArgumentException when it comes from none
    public static String source(String fact) {
        var parts = fact.split("\\.", 3);
        if (!is(fact) || parts.length != 3) {
            throw new IllegalArgumentException(fact + " comes from no source");
        }
        return parts[1];
    }

    /// The sources that facts come from, as far as they do.
    static Set<String> sources(Collection<String> facts) {
        return facts.stream()
                .filter(SourceFacts::is)
                .map(SourceFacts::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Whether a value is one that a fact of a source may have, of whatever type.
    static boolean isValue(Object value) {
        return List.of(Fact.Type.TRUTH, Fact.Type.NUMBER, Fact.Type.TEXT, Fact.Type.TEXTS).stream()
                .anyMatch(it -> it.fits(value));
    }

    /// The fact of that name, of a source or of [FactSchema].
    Optional<Fact> find(String name) {
        return Optional.ofNullable(facts.get(name)).or(() -> FactSchema.fact(name));
    }

    /// Those of the sources, by name.
    public SortedMap<String, Fact> facts() {
        return facts;
    }

    /// Checks the types of conditions.
    CelCompiler compiler() {
        return compiler;
    }

    /// Whether a name that stands alone in a condition has a meaning already.
    boolean isTaken(String name) {
        return name.equals(FAMILY) && !facts.isEmpty();
    }

    /// What is wrong with this name, which is neither a fact nor a constant.
    String strange(String name) {
        if (!name.equals(FAMILY) && !is(name)) {
            return FactSchema.strange(name);
        }
        if (facts.isEmpty()) {
            return name + " is not a fact: there are no `sources`; write one";
        }
        var parts = name.split("\\.", 3);
        var kin = facts.keySet().stream()
                .filter(it -> parts.length > 1 && it.startsWith(PREFIX + parts[1] + "."))
                .toList();
        return name + " is not a fact; there are " + String.join(", ", kin.isEmpty() ? facts.keySet() : kin);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceFacts that && that.facts.equals(facts);
    }

    @Override
    public int hashCode() {
        return facts.hashCode();
    }

    @Override
    public String toString() {
        return facts.keySet().toString();
    }
}
