package dev.countersign.cli;

import dev.countersign.config.Place;
import dev.countersign.config.Trial;
import dev.countersign.config.Trials;
import dev.countersign.http.Json;
import dev.countersign.oauth.ClientText;
import dev.countersign.policy.Coverage;
import dev.countersign.policy.Judgement;
import dev.countersign.policy.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Says how the tests of a folder went, and how much of its rules they reach.
final class TrialWords {
    private static final int LONGEST = 300;

    private final Terminal terminal;
    private final Trials.Run run;
    private final Coverage coverage;

    TrialWords(Terminal terminal, Trials.Run run) {
        this.terminal = terminal;
        this.run = run;
        this.coverage = run.configuration().coverage();
    }

    /// The exit code: 0 when all passed.
    int tell(boolean json) {
        long failed = run.trials().stream().filter(it -> !it.outcome().passed()).count();
        if (json) {
            terminal.json(json(failed));
        } else {
            run.trials().forEach(this::tell);
            table();
            gaps();
            terminal.say(
                    Counts.of(run.trials().size(), "test") + ", " + (failed == 0 ? "all passed" : failed + " failed"));
        }
        return failed == 0 ? 0 : 1;
    }

    private void tell(Trial trial) {
        var outcome = trial.outcome();
        if (outcome.passed()) {
            terminal.say("ok    " + ClientText.inert(trial.test().name()) + ": "
                    + outcome.judgement().map(TrialWords::verdict).orElse(""));
        } else {
            outcome.wrong().forEach(it -> terminal.say("FAIL  " + trial.at() + ": " + ClientText.inert(it)));
        }
        terminal.say("      given " + given(trial));
    }

    private static String verdict(Judgement judgement) {
        return judgement.verdict().word() + " by "
                + String.join(", ", judgement.verdict().rules());
    }

    private static String given(Trial trial) {
        return ClientText.inert(
                trial.test().given().entrySet().stream()
                        .map(it -> it.getKey() + ": " + Json.write(it.getValue()))
                        .collect(Collectors.joining(", ")),
                LONGEST);
    }

    private void table() {
        if (coverage.rules().isEmpty()) {
            return;
        }
        terminal.say("");
        terminal.table(
                List.of("RULE", "EFFECT", "YES", "NO", "UNKNOWN", "APPLIED"),
                coverage.rules().stream().map(TrialWords::row).toList());
        terminal.say("");
    }

    private static List<String> row(Coverage.OfRule it) {
        return List.of(
                it.rule().name(),
                it.rule().then().word(),
                String.valueOf(it.yes()),
                String.valueOf(it.no()),
                String.valueOf(it.unknown()),
                String.valueOf(it.applied()));
    }

    private void gaps() {
        for (var rule : coverage.rules()) {
            var name = rule.rule().name();
            if (rule.applied() == 0) {
                terminal.say(place(name) + ": rule `" + name + "`: no test makes it apply");
            }
            for (var gap : rule.gaps()) {
                // Of a rule that never applies it is told already that the whole was never true.
                boolean told = rule.applied() == 0
                        && !gap.wasTrue()
                        && gap.equals(rule.parts().getFirst());
                if (told) {
                    continue;
                }
                terminal.say(place(name, gap.part()) + ": rule `" + name + "`: no test makes `"
                        + gap.part().text() + "` " + missing(gap));
            }
        }
    }

    private static String missing(Coverage.OfPart gap) {
        return gap.wasTrue() ? "false" : gap.wasFalse() ? "true" : "true or false";
    }

    private String place(String rule) {
        return run.rules().place(rule).map(Place::toString).orElse("");
    }

    private String place(String rule, Part part) {
        return run.rules()
                .place(rule, part.line(), part.column())
                .map(Place::toString)
                .orElse("");
    }

    private Map<String, Object> json(long failed) {
        var all = new LinkedHashMap<String, Object>();
        all.put("passed", failed == 0);
        all.put("version", run.configuration().version());
        all.put("tests", run.trials().stream().map(TrialWords::json).toList());
        all.put("rules", coverage.rules().stream().map(this::json).toList());
        all.put("untouched", coverage.untouched());
        return all;
    }

    private static Map<String, Object> json(Trial trial) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", trial.test().name());
        json.put("passed", trial.outcome().passed());
        json.put("given", trial.test().given());
        trial.outcome().judgement().ifPresent(it -> {
            json.put("verdict", it.verdict().word());
            json.put("rules", it.verdict().rules());
        });
        json.put("wrong", trial.outcome().wrong());
        json.put("at", json(trial.at()));
        return json;
    }

    private Map<String, Object> json(Coverage.OfRule rule) {
        var json = new LinkedHashMap<String, Object>();
        json.put("rule", rule.rule().name());
        json.put("effect", rule.rule().then().word());
        json.put("yes", rule.yes());
        json.put("no", rule.no());
        json.put("unknown", rule.unknown());
        json.put("applied", rule.applied());
        var parts = new ArrayList<Map<String, Object>>();
        for (var of : rule.parts()) {
            var part = new LinkedHashMap<String, Object>();
            part.put("text", of.part().text());
            part.put("was_true", of.wasTrue());
            part.put("was_false", of.wasFalse());
            run.rules()
                    .place(rule.rule().name(), of.part().line(), of.part().column())
                    .ifPresent(it -> part.put("at", json(it)));
            parts.add(part);
        }
        json.put("parts", parts);
        return json;
    }

    private static Map<String, Object> json(Place at) {
        return Map.of("file", at.file(), "line", at.line(), "column", at.column());
    }
}
