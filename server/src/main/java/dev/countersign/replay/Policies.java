package dev.countersign.replay;

import dev.countersign.policy.Calendar;
import dev.countersign.policy.Policy;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policies of the past with their calendars, for several threads; those asked for last are kept.
final class Policies {
    private static final int KEPT = 16;

    /// A policy, and the calendars that were beside it.
    record Then(Policy policy, List<Calendar> calendars) {}

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
            return publications.configuration(version).map(it -> new Then(it.policy(), it.calendars()));
        } catch (SQLException e) {
            throw new IllegalStateException("the published configurations cannot be read", e);
        }
    }
}
