package dev.countersign.replay;

import dev.countersign.config.Configuration;
import dev.countersign.policy.Policy;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The policies of the past, for several threads; those asked for last are kept.
final class Policies {
    private static final int KEPT = 16;

    private final Publications publications;
    private final Map<String, Optional<Policy>> kept = new LinkedHashMap<>(KEPT * 2, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Policy>> eldest) {
            return size() > KEPT;
        }
    };

    Policies(Publications publications) {
        this.publications = publications;
    }

    /// Empty when it cannot be read.
    synchronized Optional<Policy> of(String version) {
        var known = kept.get(version);
        if (known == null) {
            known = read(version);
            kept.put(version, known);
        }
        return known;
    }

    private Optional<Policy> read(String version) {
        try {
            return publications.configuration(version).map(Configuration::policy);
        } catch (SQLException e) {
            throw new IllegalStateException("the published configurations cannot be read", e);
        }
    }
}
