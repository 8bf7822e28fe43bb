package dev.countersign.usage;

import java.util.Optional;

/// What one client has had tokens for, by the entries so far.
public final class Used {
    private final UsageFold fold;
    private final String client;

    Used(UsageFold fold, String client) {
        this.fold = fold;
        this.client = client;
    }

    /// In all; empty when it never had one.
    public Optional<Counter> ever() {
        return fold.counter(UsageKey.of(client));
    }

    /// With a scope of an API.
    public Optional<Counter> scope(String resource, String scope) {
        return fold.counter(UsageKey.scope(client, resource, scope));
    }

    /// With details of a type at an API.
    public Optional<Counter> type(String resource, String type) {
        return fold.counter(UsageKey.type(client, resource, type));
    }
}
