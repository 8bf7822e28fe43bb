package dev.countersign.doctor;

import dev.countersign.ledger.Promise;

/// What must always hold, whatever races, crashes or fails over.
public enum Invariant {
    LEAVE("I1", "no token without an approval before it"),
    ONE_DECISION("I2", "a request is decided once"),
    USES("I3", "an approval gives as many tokens as were agreed to"),
    LIFETIME("I4", "no token outlives its approval"),
    EVERY_MINT("I5", "the ledger and the table of mints agree"),
    QUORUM("I6", "enough eligible people agreed, none on their own request"),
    FORWARD("I7", "states only move forward, each step with its entry"),
    TERMS("I8", "granted is what was asked and approved, or less"),
    END("I9", "nothing is minted after a revocation or freeze"),
    SINGLE_USE("I10", "what may be used once stands once"),
    LEDGER("I11", "the ledger is whole, and signed as it stands"),
    LIVENESS("I12, I15", "what waits ends by its deadline"),
    SAFETY("I13", "what a promise stands on is there"),
    ISOLATION("I14", "nothing crosses from one issuer to another"),
    DETERMINISM("I16", "the same facts and policy give the same verdict"),
    BREAK_GLASS("I17", "the glass is broken as often as rules allow, and people look at it");

    private final String id;
    private final String words;

    Invariant(String id, String words) {
        this.id = id;
        this.words = words;
    }

    /// Its number, `I5`.
    public String id() {
        return id;
    }

    /// It in a few words.
    public String words() {
        return words;
    }

    static Invariant of(Promise promise) {
        return switch (promise) {
            case LEAVE -> LEAVE;
            case ONE_DECISION -> ONE_DECISION;
            case ONE_TOKEN -> USES;
            case LIFETIME -> LIFETIME;
            case QUORUM -> QUORUM;
            case FORWARD -> FORWARD;
            case TERMS -> TERMS;
            case END -> END;
        };
    }
}
