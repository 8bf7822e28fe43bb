package dev.countersign.config;

import dev.countersign.policy.Effect;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.RuleFault;
import dev.countersign.policy.RuleSource;
import dev.countersign.policy.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Compiles each rule, and asks whether there are people to fill its stages.
final class RuleCheck {
    private static final List<String> VERDICTS = List.of("deny", "approve", "review", "break_glass");

    /// Stands in for an effect that is missing, so that the condition is looked at all the same.
    private static final Effect MISSING = Effect.Deny.because("missing");

    private final Names names;
    private final AmountCheck amounts;
    private final Faults faults;

    RuleCheck(Names names, AmountCheck amounts, Faults faults) {
        this.names = names;
        this.amounts = amounts;
        this.faults = faults;
    }

    void check(View rule) {
        var verdicts = VERDICTS.stream().filter(rule::has).toList();
        if (verdicts.isEmpty()) {
            faults.add(
                    rule.at(),
                    "a rule has one of `deny`, `approve`, `review` and `break_glass`; write the one it gives");
        } else if (verdicts.size() > 1) {
            faults.add(
                    rule.at(verdicts.get(1)),
                    "a rule gives one verdict, and this one has `" + String.join("` and `", verdicts)
                            + "`; make a rule of each");
        }
        review(rule).ifPresent(review -> {
            stages(rule, review);
            review.view("escalate").ifPresent(it -> escalation(rule, review, it));
        });
        rule.scalar("when").ifPresent(_ -> compile(rule));
    }

    private void compile(View rule) {
        // That it has none is told already.
        boolean whole = !rule.has("break_glass") || review(rule).isPresent();
        var source = new RuleSource(
                name(rule),
                rule.text("when"),
                Records.effect(rule).filter(_ -> whole).orElse(MISSING));
        switch (Policy.compile(List.of(source), "", names.conditions())) {
            case Policy.Compiled.Ready(var policy) ->
                policy.rules().stream()
                        .flatMap(it -> Stream.concat(
                                CalendarCheck.strange(it.when(), names).stream(), amounts.strange(it.when()).stream()))
                        .forEach(it -> faults.add(
                                place(rule, new RuleFault(name(rule), "when", it.line(), it.column(), it.said())),
                                "rule `" + name(rule) + "`: " + it.said()));
            case Policy.Compiled.Faulty(var found) ->
                found.forEach(it -> faults.add(place(rule, it), "rule `" + name(rule) + "`: " + it.said()));
        }
    }

    private static String name(View rule) {
        return rule.text("rule").isEmpty() ? "(unnamed)" : rule.text("rule");
    }

    private static Place place(View rule, RuleFault fault) {
        return rule.scalar(fault.part())
                .map(it -> it.spots().at(fault.line(), fault.column()))
                .orElseGet(() -> review(rule)
                        .filter(review -> review.has(fault.part()))
                        .map(review -> review.at(fault.part()))
                        .orElse(rule.at(fault.part())));
    }

    /// Before it is let through, or afterwards.
    private static Optional<View> review(View rule) {
        return rule.view("review").or(() -> rule.view("break_glass").flatMap(it -> it.view("review")));
    }

    /// A rule for which nobody could ever vote is a denial in disguise.
    private void stages(View rule, View review) {
        boolean each = true;
        for (var stage : review.views("stages")) {
            var group = stage.text("group");
            var members = names.members().get(group);
            if (members != null && members.size() < stage.whole("votes", 1)) {
                each = false;
                faults.add(
                        stage.at(),
                        "rule `%s` asks %d of `%s`, which has %s; ask fewer, or add members"
                                .formatted(name(rule), stage.whole("votes", 1), group, people(members.size())));
            }
        }
        var stages = Records.stages(review);
        boolean known = stages.stream().map(Stage::group).allMatch(names.members()::containsKey);
        if (each && known && !stages.isEmpty() && !Quorum.met(stages, names.candidates(stages, ""))) {
            faults.add(
                    review.at("stages"),
                    "rule `" + name(rule)
                            + "` can never be met: one person fills one place, and its groups share too many; add members");
        }
    }

    private void escalation(View rule, View review, View escalate) {
        var within = review.duration("within").orElse(Effect.WITHIN);
        if (escalate.duration("after").filter(it -> it.compareTo(within) >= 0).isPresent()) {
            faults.add(
                    escalate.at("after"),
                    "rule `%s` escalates when the time to decide, %s, is over; write a shorter `after`, or a longer `within`"
                            .formatted(name(rule), Units.written(within)));
        }
        var to = escalate.text("to");
        var members = names.members().get(to);
        if (members != null && members.isEmpty()) {
            faults.add(
                    escalate.at("to"),
                    "rule `%s` escalates to `%s`, which has no members; add some, or escalate to another group"
                            .formatted(name(rule), to));
        }
    }

    static String people(int number) {
        return number == 0 ? "no members" : number == 1 ? "one member" : number + " members";
    }
}
