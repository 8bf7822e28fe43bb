package dev.countersign.config;

import dev.countersign.policy.Claim;
import dev.countersign.policy.Condition;
import dev.countersign.policy.Conditions;
import java.util.stream.Stream;

/// Compiles each claim. Whether it is true is asked elsewhere: that takes a process of its own.
final class ClaimCheck {
    private final Names names;
    private final AmountCheck amounts;
    private final Faults faults;

    ClaimCheck(Names names, AmountCheck amounts, Faults faults) {
        this.names = names;
        this.amounts = amounts;
        this.faults = faults;
    }

    void check(View claim) {
        if (!claim.has("never") && !claim.has("always")) {
            faults.add(
                    claim.at(),
                    "a claim has one of `never` and `always`; write the verdict that its requests never or always get");
        } else if (claim.has("never") && claim.has("always")) {
            faults.add(claim.at("always"), "a claim has one of `never` and `always`; make a claim of each");
        }
        claim.scalar("assume").ifPresent(assume -> {
            switch (names.conditions().compile(assume.text())) {
                case Condition.Compiled.Ready(var condition) ->
                    Stream.concat(CalendarCheck.strange(condition, names).stream(), amounts.strange(condition).stream())
                            .forEach(it -> faults.add(
                                    assume.spots().at(it.line(), it.column()),
                                    "claim `" + claim.text("claim") + "`: " + it.said()));
                case Condition.Compiled.Faulty(var found) ->
                    found.forEach(it -> faults.add(
                            assume.spots().at(it.line(), it.column()),
                            "claim `" + claim.text("claim") + "`: " + it.said()));
            }
        });
    }

    /// What a claim says that has no faults.
    static Claim claim(View it, Conditions conditions) {
        var assume = it.has("assume") ? it.text("assume") : Claim.ALL;
        return switch (conditions.compile(assume)) {
            case Condition.Compiled.Ready(var condition) ->
                new Claim(it.text("claim"), condition, it.has("never"), it.text(it.has("never") ? "never" : "always"));
            case Condition.Compiled.Faulty(var found) ->
                throw new IllegalStateException("a claim that was checked: " + found);
        };
    }
}
