package dev.countersign.cli;

import dev.countersign.config.Place;
import dev.countersign.config.Rules;
import dev.countersign.policy.Rule;
import dev.countersign.proof.Claims;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Region;
import dev.countersign.publish.Looser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says what was proved.
///
/// @param dead the rules of which no request was found to which they apply
/// @param idle those that apply and of which none was found that they decide
/// @param unmet warnings of quorums that nobody present can meet
/// @param assumed groups of which nobody knows here who is in them, in words
/// @param unattended what is let through and was not before; empty when nothing was compared
/// @param observed what is observed only and was not before, or longer: it is let through whatever is proved
record ProofWords(
        Terminal terminal,
        Rules rules,
        List<Claims.Tried> claims,
        Map<Rule, Proof> dead,
        Map<Rule, Proof> idle,
        List<Region> gaps,
        List<String> unmet,
        List<String> assumed,
        Optional<List<Region>> unattended,
        List<Looser.Line> observed) {
    /// Whether everything that was claimed is proved, and the list of what is unattended is complete.
    boolean isGood() {
        return claims.stream().allMatch(Claims.Tried::isProved)
                && unattended.stream().flatMap(List::stream).noneMatch(it -> it.proof() instanceof Proof.Inconclusive);
    }

    void tell() {
        claims.forEach(it -> terminal.say(it.fault().toString()));
        dead.forEach((rule, proof) -> tell(
                place(rule),
                "rule `" + rule.name() + "` ",
                proof,
                "is dead: no request can be that it applies to",
                "may be dead"));
        idle.forEach((rule, proof) -> tell(
                place(rule),
                "rule `" + rule.name() + "` ",
                proof,
                "never decides: whatever it applies to, a stricter rule settles",
                "may never decide"));
        unmet.forEach(terminal::say);
        assumed.forEach(terminal::say);
        if (!gaps.isEmpty()) {
            terminal.say("no rule speaks of these, so they are denied:");
            gaps.forEach(this::tell);
        }
        unattended.ifPresent(regions -> {
            observed.forEach(it -> terminal.say(it.what() + ": " + String.join("; ", it.how())));
            if (regions.isEmpty() && observed.isEmpty()) {
                terminal.say(
                        "nothing goes through unattended that did not before, as networks and calendars are named");
            } else if (!regions.isEmpty()) {
                terminal.say("these go through unattended now, and did not before:");
            }
            regions.forEach(this::tell);
        });
        long proved = claims.stream().filter(Claims.Tried::isProved).count();
        terminal.say(Counts.of(claims.size(), "claim") + ", "
                + (proved == claims.size() ? "all proved" : claims.size() - proved + " not proved"));
    }

    private void tell(String place, String what, Proof proof, String never, String perhaps) {
        terminal.say(place + ": " + what
                + (proof instanceof Proof.Inconclusive(var because) ? perhaps + ": " + because : never));
    }

    private void tell(Region region) {
        var by = region.proof() instanceof Proof.Shown
                        && rules.place(region.rule()).isPresent()
                ? " by rule `" + region.rule() + "`"
                : "";
        terminal.say("  `" + region.client() + "` at " + region.resource() + by + ": " + said(region.proof()));
    }

    private static String said(Proof proof) {
        return switch (proof) {
            case Proof.Never() -> "none";
            case Proof.Shown(var by) -> "--given " + by.quoted();
            case Proof.Inconclusive(var because) -> "perhaps: " + because;
        };
    }

    private String place(Rule rule) {
        return rules.place(rule.name()).map(Place::toString).orElse("");
    }

    Map<String, Object> json() {
        var all = new LinkedHashMap<String, Object>();
        all.put("proved", isGood());
        all.put("claims", claims.stream().map(this::json).toList());
        all.put("dead", rules(dead));
        all.put("never_decide", rules(idle));
        all.put("unmet", unmet);
        all.put("assumed", assumed);
        all.put("gaps", gaps.stream().map(ProofWords::json).toList());
        unattended.ifPresent(
                it -> all.put("unattended", it.stream().map(ProofWords::json).toList()));
        if (unattended.isPresent()) {
            all.put("observed", observed.stream().map(Looser.Line::what).toList());
        }
        return all;
    }

    private Map<String, Object> json(Claims.Tried tried) {
        var json = new LinkedHashMap<String, Object>();
        json.put("claim", tried.claim().name());
        json.put("at", json(tried.at()));
        json.put(
                "result",
                switch (tried.refutation()) {
                    case Proof.Never() -> "proved";
                    case Proof.Shown _ -> "refuted";
                    case Proof.Inconclusive _ -> "inconclusive";
                });
        json.putAll(json(tried.refutation()));
        return json;
    }

    private List<Map<String, Object>> rules(Map<Rule, Proof> found) {
        var all = new ArrayList<Map<String, Object>>();
        found.forEach((rule, proof) -> {
            var json = new LinkedHashMap<String, Object>();
            json.put("rule", rule.name());
            rules.place(rule.name()).ifPresent(it -> json.put("at", json(it)));
            json.putAll(json(proof));
            all.add(json);
        });
        return all;
    }

    private static Map<String, Object> json(Region region) {
        var json = new LinkedHashMap<String, Object>();
        json.put("client", region.client());
        json.put("resource", region.resource());
        json.put("rule", region.rule());
        json.putAll(json(region.proof()));
        return json;
    }

    private static Map<String, Object> json(Proof proof) {
        return switch (proof) {
            case Proof.Never() -> Map.of();
            case Proof.Shown(var by) -> Map.of("given", by.given(), "verdict", by.verdict());
            case Proof.Inconclusive(var because) -> Map.of("inconclusive", because);
        };
    }

    private static Map<String, Object> json(Place at) {
        return Map.of("file", at.file(), "line", at.line(), "column", at.column());
    }
}
