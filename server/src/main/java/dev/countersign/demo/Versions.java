package dev.countersign.demo;

import java.util.Map;
import java.util.TreeMap;

/// What was published before the last version of the company's configuration, made of that one by taking back what came
/// later. Up to the last one others had to approve what was published.
final class Versions {
    private static final String CLIENTS = "clients.yaml";
    private static final String POLICIES = "policies.yaml";
    private static final String RESOURCES = "resources.yaml";

    private static final String SMALL_REFUNDS = """
              # Small change that the care agent refunds goes through, while nothing about it is unusual.
              - rule: small-refunds
                when: '"agent" in client.tags && "refund" in details_types && details.all(d, d.amount <= 20) && findings.size() == 0'
                approve: { lifetime: 60s }

            """;
    private static final String MONEY_MOVES = """
                when: >-
                  "refunds:write" in scopes || ("refund" in details_types
                  && (!("agent" in client.tags) || details.exists(d, d.amount > 20) || findings.size() > 0))
            """;
    private static final String MONEY_MOVED = """
                when: '"refunds:write" in scopes || "refund" in details_types'
            """;
    private static final String SMALL_REFUNDS_TEST = """
              - name: small change goes through
                given: { client: care-agent, details: [{ type: refund, order: "7", amount: 12.5, currency: EUR }] }
                expect: { verdict: approve, rule: small-refunds }
            """;
    private static final String TWO_GROUPS = """
                    - { group: payments-oncall, votes: 1 }
                    - { group: security, votes: 1 }
            """;
    private static final String ONE_GROUP = """
                    - { group: payments-oncall, votes: 1 }
            """;
    private static final String TESTS = "# Run by `countersign check`,";
    private static final String PROVE = """
            # Proved, or refuted by a request, by `countersign policy prove`, and before anything is published.
            prove:
              - { claim: nobody pays suppliers unattended, assume: '"payouts:write" in scopes', never: approve }

            """;
    private static final String PUBLISHED_BY_TWO = """
              # Whoever publishes a configuration asks somebody of security.
              - rule: two-people-publish
                when: '"configuration:publish" in scopes'
                review:
                  stages:
                    - { group: security, votes: 1 }
                  within: 8h
                  require: [reason]

            """;

    private final Map<String, String> last;
    private final String issuer;

    /// @param last the texts of the last version, by file name
    Versions(Map<String, String> last, String issuer) {
        this.last = last;
        this.issuer = issuer;
    }

    /// As everything began.
    Map<String, String> first() {
        var files = second();
        replace(files, POLICIES, SMALL_REFUNDS, "");
        replace(files, POLICIES, MONEY_MOVES, MONEY_MOVED);
        replace(files, POLICIES, SMALL_REFUNDS_TEST, "");
        replace(
                files,
                CLIENTS,
                "      method: client_secret_basic\n      secrets:",
                "      method: client_secret_post\n      secrets:");
        replace(files, CLIENTS, "    disabled: true\n", "");
        return files;
    }

    /// What somebody offered and nobody wanted.
    Map<String, String> oneGroupPays() {
        var files = first();
        replace(files, POLICIES, TWO_GROUPS, ONE_GROUP);
        return files;
    }

    /// The last one, while others had to approve what is published.
    Map<String, String> second() {
        var files = last();
        replace(files, POLICIES, PROVE, "");
        replace(files, POLICIES, TESTS, PUBLISHED_BY_TWO + TESTS);
        files.merge(RESOURCES, """

                  - id: %s
                    name: This server
                    owner: administrators
                    scopes:
                      - { name: "configuration:publish", title: Put a configuration in force, risk: critical }
                """.formatted(issuer), String::concat);
        return files;
    }

    Map<String, String> last() {
        return new TreeMap<>(last);
    }

    /// What somebody tries beside the last one: the care agent refunds less by itself.
    Map<String, String> candidate() {
        var files = last();
        replace(files, POLICIES, "d.amount <= 20", "d.amount <= 10");
        replace(files, POLICIES, "d.amount > 20", "d.amount > 10");
        replace(files, POLICIES, "amount: 12.5", "amount: 7.5");
        return files;
    }

    private static void replace(Map<String, String> files, String file, String now, String then) {
        var text = files.getOrDefault(file, "");
        if (!text.contains(now)) {
            throw new IllegalStateException(
                    file + " of the demo has no longer what an earlier version had not: " + now);
        }
        files.put(file, text.replace(now, then));
    }
}
