package dev.countersign.people;

/// A natural person, by a random pseudonym: names stay out of the ledger.
public record PersonId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
