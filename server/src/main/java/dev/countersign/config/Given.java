package dev.countersign.config;

import java.util.List;
import java.util.Map;

/// A request that somebody imagines, as `given` of a test describes one.
public sealed interface Given {
    /// What is given, by name.
    record Read(Map<String, Object> values) implements Given {}

    /// It is no YAML, or no map.
    record Bad(List<Fault> faults) implements Given {}

    /// Reads it: `client: refund-bot, scopes: ["refunds:write"]`, with or without braces around it, or on several
    /// lines.
    ///
    /// @param name what its faults call it
    static Given read(String name, String text) {
        var faults = new Faults();
        // Several keys on one line are a map within braces; those of a file stand one on a line, or bring theirs.
        boolean bare = !text.contains("\n") && !text.strip().startsWith("{");
        // The braces are outside of the columns that are told.
        var piece = Yaml.read(name, bare ? "{" + text + "}" : text, faults);
        if (!faults.none()) {
            return new Bad(
                    faults.sorted().stream().map(it -> bare ? shifted(it) : it).toList());
        }
        if (piece.isPresent() && piece.get() instanceof Piece.Entries entries) {
            return new Read(Records.given(entries));
        }
        return new Bad(List.of(new Fault(
                new Place(name, 1, 1), "describe a request: client: refund-bot, scopes: [\"refunds:write\"]")));
    }

    private static Fault shifted(Fault fault) {
        var at = fault.at();
        return at.line() == 1 ? new Fault(new Place(at.file(), 1, Math.max(1, at.column() - 1)), fault.text()) : fault;
    }
}
