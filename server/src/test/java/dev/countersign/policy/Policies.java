package dev.countersign.policy;

import dev.countersign.oauth.AuthorizationDetails;
import java.util.List;

/// What tests of this package share: policies from rules, and the facts of a request that nothing is odd about.
final class Policies {
    private Policies() {}

    static Policy of(RuleSource... rules) {
        return of(List.of(rules));
    }

    static Policy of(List<RuleSource> rules) {
        return switch (Policy.compile(rules, "v1")) {
            case Policy.Compiled.Ready(var policy) -> policy;
            case Policy.Compiled.Faulty(var faults) -> throw new AssertionError(faults.toString());
        };
    }

    static List<RuleFault> faults(RuleSource... rules) {
        return switch (Policy.compile(List.of(rules), "v1")) {
            case Policy.Compiled.Ready(var policy) -> throw new AssertionError("compiled: " + policy);
            case Policy.Compiled.Faulty(var faults) -> faults;
        };
    }

    static Facts.Builder quiet() {
        var builder = Facts.builder();
        FactSchema.facts().forEach(fact -> builder.set(fact.name(), fact.quiet()));
        return builder;
    }

    static AuthorizationDetails details(String json) {
        return new AuthorizationDetails(json);
    }
}
