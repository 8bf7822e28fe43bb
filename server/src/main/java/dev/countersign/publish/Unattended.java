package dev.countersign.publish;

import dev.countersign.config.Configuration;
import dev.countersign.proof.Claims;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Proofs;
import dev.countersign.proof.Prover;
import dev.countersign.proof.Region;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What goes through unattended by one configuration and did not by another, of all requests that somebody could make:
/// each client, API and approving rule for which there is such a request, with one.
///
/// @param regions the first of them, those that are shown by a request before those of which nobody can say
/// @param left how many more there are
/// @param failed why nobody looked; empty when somebody did
public record Unattended(List<Region> regions, int left, String failed) {
    private static final Logger log = LoggerFactory.getLogger(Unattended.class);
    private static final int MOST = 100;

    /// Nothing was compared.
    static final Unattended NONE = new Unattended(List.of(), 0, "there is nothing in force to compare with");

    /// By the second, and not by the first.
    ///
    /// @param prover where it lies, and how long it may take
    static Unattended between(Configuration was, Configuration now, Claims prover) {
        if (Proofs.areAlike(was, now)) {
            return new Unattended(List.of(), 0, "");
        }
        try (var asked = prover.prover()) {
            return found(() -> new Proofs(now, asked).unattended(was));
        } catch (Prover.Missing missing) {
            return new Unattended(List.of(), 0, String.valueOf(missing.getMessage()));
        }
    }

    /// Nothing is decided by it, so that rules which nobody can look through keep nobody from publishing; that nobody
    /// looked is told.
    static Unattended found(Supplier<List<Region>> looking) {
        try {
            var all = looking.get();
            var sorted = all.stream()
                    .sorted((a, b) -> Boolean.compare(isUnsure(a), isUnsure(b)))
                    .toList();
            return new Unattended(sorted.stream().limit(MOST).toList(), Math.max(0, sorted.size() - MOST), "");
        } catch (RuntimeException | StackOverflowError failed) {
            log.warn("a configuration is shown without what would go through unattended", failed);
            return new Unattended(
                    List.of(), 0, "it failed while the rules were read, and nobody could look; the log has why");
        }
    }

    private static boolean isUnsure(Region region) {
        return region.proof() instanceof Proof.Inconclusive;
    }

    /// As the API has it.
    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("regions", regions.stream().map(Unattended::json).toList());
        json.put("left", left);
        json.put("failed", failed);
        return json;
    }

    private static Map<String, Object> json(Region region) {
        var json = new LinkedHashMap<String, Object>();
        json.put("client", region.client());
        json.put("resource", region.resource());
        json.put("rule", region.rule());
        switch (region.proof()) {
            case Proof.Never() -> {}
            case Proof.Shown(var by) -> json.put("given", by.text());
            case Proof.Inconclusive(var because) -> json.put("inconclusive", because);
        }
        return json;
    }
}
