package dev.countersign.replay;

import dev.countersign.policy.Policy;
import dev.countersign.policy.Surroundings;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The policies of the past with their zones and calendars, for several threads; those asked for last are kept.
final class Policies {
    private static final int KEPT = 16;

    /// A policy, and what it was told the time by.
    record Then(Policy policy, Surroundings surroundings) {}

    private final Publications publications;
    private final Map<String, Optional<Then>> kept = new LinkedHashMap<>(KEPT * 2, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Then>> eldest) {
            return size() > KEPT;
        }
    };

    Policies(Publications publications) {
        this.publications = publications;
    }

    /// Empty when it cannot be read.
    synchronized Optional<Then> of(String version) {
        var known = kept.get(version);
        if (known == null) {
            known = read(version);
            kept.put(version, known);
        }
        return known;
    }

    private Optional<Then> read(String version) {
        try {
            return publications.configuration(version).map(it -> new Then(it.policy(), it.surroundings()));
        } catch (SQLException e) {
            throw new IllegalStateException("the published configurations cannot be read", e);
        }
    }
}
