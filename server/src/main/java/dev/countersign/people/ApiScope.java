package dev.countersign.people;

import java.util.Set;

/// What a caller of the JSON API may do, by name.
public final class ApiScope {
    /// See the queue, requests, clients and resources.
    public static final String REQUESTS_READ = "requests:read";

    /// Vote, claim, comment, cancel and revoke.
    public static final String REQUESTS_REVIEW = "requests:review";

    /// Read the ledger with what is disclosed.
    public static final String LEDGER_READ = "ledger:read";

    /// Freeze and see keys.
    public static final String OPERATE = "operate";

    /// Publish configurations, cancel requests, end other people's sessions and tokens, and what operators may.
    public static final String ADMIN = "admin";

    /// All there are.
    public static final Set<String> ALL = Set.of(REQUESTS_READ, REQUESTS_REVIEW, LEDGER_READ, OPERATE, ADMIN);

    private ApiScope() {}
}
