package dev.countersign.dashboard;

import java.util.ArrayList;
import java.util.List;

/// Something to choose.
public record Option(String value, String label) {
    /// The options with what is chosen, though it is none of them any more: a form must not lose it.
    static List<Option> with(List<Option> options, String chosen) {
        if (chosen.isEmpty() || options.stream().anyMatch(it -> it.value().equals(chosen))) {
            return options;
        }
        var all = new ArrayList<>(options);
        all.add(new Option(chosen, Wording.inert(chosen)));
        return List.copyOf(all);
    }
}
