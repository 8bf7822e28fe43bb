package dev.countersign.usage.worlds;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What came of one way to ask people, in one world or several.
final class Figures {
    private static final class Attacks {
        int noticed;
        int made;
    }

    private static final class Prompts {
        int asked;
        int clients;
    }

    private final Map<Attack, Attacks> attacks = new EnumMap<>(Attack.class);
    private final Map<Kind, Prompts> prompts = new EnumMap<>(Kind.class);
    private final Map<String, Integer> codes = new TreeMap<>();

    private Attacks of(Attack attack) {
        return attacks.computeIfAbsent(attack, _ -> new Attacks());
    }

    private Prompts of(Kind kind) {
        return prompts.computeIfAbsent(kind, _ -> new Prompts());
    }

    void lives(Kind kind) {
        of(kind).clients++;
    }

    void isMade(Attack attack) {
        of(attack).made++;
    }

    void isNoticed(Attack attack) {
        of(attack).noticed++;
    }

    /// A client's own request is put before people, for these findings.
    void isAsked(Kind kind, Iterable<String> findings) {
        of(kind).asked++;
        findings.forEach(code -> codes.merge(code, 1, Integer::sum));
    }

    int made(Attack attack) {
        return of(attack).made;
    }

    /// The share that was noticed.
    double recall(Attack attack) {
        return recall(it -> it == attack);
    }

    /// Of all that ought to be noticed.
    double gross() {
        return recall(it -> it.gross);
    }

    private double recall(Predicate<Attack> which) {
        int noticed = 0;
        int made = 0;
        for (var it : attacks.entrySet()) {
            noticed += which.test(it.getKey()) ? it.getValue().noticed : 0;
            made += which.test(it.getKey()) ? it.getValue().made : 0;
        }
        if (made == 0) {
            throw new IllegalStateException("there was no such attack");
        }
        return (double) noticed / made;
    }

    int clients(Kind kind) {
        return of(kind).clients;
    }

    int clients() {
        return prompts.values().stream().mapToInt(it -> it.clients).sum();
    }

    /// A client and week.
    double prompts(Kind kind) {
        return of(kind).asked / (Bot.WEEKS * clients(kind));
    }

    /// The same of all kinds.
    double prompts() {
        return prompts.values().stream().mapToInt(it -> it.asked).sum() / (Bot.WEEKS * clients());
    }

    /// How many prompts had which finding.
    Map<String, Integer> codes() {
        return codes;
    }
}
