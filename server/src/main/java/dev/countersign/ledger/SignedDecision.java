package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import dev.countersign.passkey.CredentialKey;
import dev.countersign.passkey.RelyingParty;
import java.util.List;
import java.util.Optional;

/// An approval as the entries of its request tell it, for whoever is about to act on it and does not take the word of
/// rows for it: who writes rows has nobody's passkey.
public final class SignedDecision {
    private final List<EntryView> entries;

    /// @param entries all of one request, in their order
    public SignedDecision(List<EntryView> entries) {
        this.entries = List.copyOf(entries);
    }

    /// Whether its verdict wants votes signed.
    public boolean mustBeSigned() {
        return entries.stream().anyMatch(it -> it.code() == Code.REQUEST_JUDGED && it.flag(Member.SIGNED));
    }

    /// A vote that was signed.
    ///
    /// @param credential the passkey's id
    public record SignedVote(String person, String credential) {}

    /// Finds the key of a passkey that a person had.
    @FunctionalInterface
    public interface Keys {
        /// Empty when the person had no such passkey.
        Optional<CredentialKey> find(SignedVote by);
    }

    /// Why its entries do not say that people signed just this; empty when they do.
    ///
    /// @param terms the digest of what is about to be granted
    public Optional<String> against(String terms, RelyingParty party, Keys keys) {
        var broken = Course.broken(entries).map(Course.Broken::said);
        if (broken.isPresent()) {
            return broken;
        }
        boolean approved = entries.stream()
                .anyMatch(it -> it.code() == Code.REQUEST_DECIDED
                        && it.text(Member.OUTCOME).equals(Member.APPROVED)
                        && it.terms().filter(terms::equals).isPresent());
        if (!approved) {
            return Optional.of("something else was approved");
        }
        try {
            for (var vote : entries) {
                if (vote.code() == Code.REQUEST_VOTED) {
                    check(vote, party, keys);
                }
            }
            return Optional.empty();
        } catch (Objection objection) {
            return Optional.of(objection.said);
        }
    }

    private void check(EntryView vote, RelyingParty party, Keys keys) throws Objection {
        var by = new SignedVote(vote.actor().id(), PasskeyBook.assertion(vote).credential());
        var key = keys.find(by);
        if (key.isEmpty()) {
            throw new Objection(
                    Verification.Fault.UNJUSTIFIED, Promise.QUORUM, "a vote is signed with no passkey of its voter's");
        }
        // How often it was used by then was looked at with the vote.
        var due = PasskeyBook.shown(vote, of(Code.REQUEST_MADE), of(Code.REQUEST_JUDGED));
        PasskeyBook.check(vote, due, key.get(), party, 0);
    }

    private EntryView of(Code code) {
        return entries.stream().filter(it -> it.code() == code).findFirst().orElseThrow();
    }

    /// Whether these entries of another request enrol that passkey of that person.
    public static boolean enrols(List<EntryView> entries, SignedVote by, CredentialKey key) {
        return Course.broken(entries).isEmpty()
                && entries.stream()
                        .anyMatch(it -> it.code() == Code.PASSKEY_ENROLLED
                                && it.text(Member.PERSON).equals(by.person())
                                && it.text(Member.CREDENTIAL).equals(by.credential())
                                && it.text(Member.PUBLIC_KEY).equals(key.spki())
                                && it.number(Member.ALGORITHM) == key.algorithm().cose);
    }
}
