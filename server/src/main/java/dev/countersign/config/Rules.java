package dev.countersign.config;

import java.util.Optional;

/// Where the rules, claims and tests of a folder are written.
public final class Rules {
    private final View root;

    Rules(View root) {
        this.root = root;
    }

    /// Where a rule stands; empty when there is none of that name.
    public Optional<Place> place(String rule) {
        return rule(rule).map(View::at);
    }

    /// Where a line and a column of a rule's condition stand, both from 1.
    public Optional<Place> place(String rule, int line, int column) {
        return rule(rule).flatMap(it -> it.scalar("when")).map(it -> it.spots().at(line, column));
    }

    /// Where a claim stands; empty when there is none of that name.
    public Optional<Place> claim(String claim) {
        return root.views("prove").stream()
                .filter(it -> it.text("claim").equals(claim))
                .findFirst()
                .map(View::at);
    }

    /// Where a test stands; empty when there is none of that name.
    public Optional<Place> test(String test) {
        return root.views("tests").stream()
                .filter(it -> it.text("name").equals(test))
                .findFirst()
                .map(View::at);
    }

    private Optional<View> rule(String name) {
        return root.views("policies").stream()
                .filter(it -> it.text("rule").equals(name))
                .findFirst();
    }
}
