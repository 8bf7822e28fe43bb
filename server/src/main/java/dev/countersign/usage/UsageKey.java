package dev.countersign.usage;

/// What a counter counts: a scope of a resource for a client, or all of a client when both are empty.
record UsageKey(String client, String resource, String scope) {
    static UsageKey of(String client) {
        return new UsageKey(client, "", "");
    }

    boolean isClient() {
        return resource.isEmpty() && scope.isEmpty();
    }
}
