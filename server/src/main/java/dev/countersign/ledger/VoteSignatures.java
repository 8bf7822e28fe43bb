package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import dev.countersign.passkey.CredentialKey;
import dev.countersign.passkey.RelyingParty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The passkeys that a ledger enrols, and whether votes were signed with them: for whoever reads entries in their order
/// first, and then request by request. How often a passkey was used by then is left to the [Verifier].
public final class VoteSignatures {
    private final Map<String, Key> keys = new HashMap<>();
    private final SignedLooks looks = new SignedLooks();

    /// @param from the entry that enrols it
    /// @param until the entry that removes it; the largest number while none does
    private record Key(String person, CredentialKey key, RelyingParty party, long from, long until) {
        boolean isOf(EntryView vote) {
            return person.equals(vote.actor().id()) && from < vote.index() && vote.index() < until;
        }
    }

    /// Takes an entry in. What says nothing of passkeys, or nothing that can be read, makes nobody's vote good.
    public void read(EntryView entry) {
        looks.read(entry);
        var credential = entry.text(Member.CREDENTIAL);
        switch (entry.code()) {
            case PASSKEY_ENROLLED -> enrolled(entry).ifPresent(it -> keys.putIfAbsent(credential, it));
            case PASSKEY_REMOVED ->
                keys.computeIfPresent(
                        credential,
                        (_, it) -> new Key(
                                it.person(), it.key(), it.party(), it.from(), Math.min(it.until(), entry.index())));
            default -> {} // says nothing of passkeys
        }
    }

    private static Optional<Key> enrolled(EntryView entry) {
        try {
            return Optional.of(new Key(
                    entry.text(Member.PERSON),
                    PasskeyBook.key(entry),
                    RelyingParty.of(entry.text(Member.ORIGIN)),
                    entry.index(),
                    Long.MAX_VALUE));
        } catch (Objection | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /// The first vote, or word on broken glass, whose signature does not hold, and why.
    public record Unsigned(EntryView vote, String said) {}

    /// Which signed vote is not signed by its voter over just that; empty when none is. Whether votes have to be signed
    /// at all, [Course] says; of words on broken glass it is said here, since it is for their configuration to say.
    ///
    /// @param entries all of one request, in their order
    public Optional<Unsigned> against(List<EntryView> entries) {
        for (var vote : entries) {
            try {
                if (vote.body().containsKey(Member.SIGNATURE)) {
                    check(vote, entries);
                } else if (vote.code() == Code.BREAK_GLASS_REVIEWED) {
                    boolean lacks = looks.lacks(vote, of(entries, Code.TOKEN_MINTED));
                    Objection.unless(!lacks, Promise.QUORUM, PasskeyBook.UNSIGNED_LOOK);
                }
            } catch (Objection objection) {
                return Optional.of(new Unsigned(vote, objection.said));
            }
        }
        return Optional.empty();
    }

    private void check(EntryView vote, List<EntryView> entries) throws Objection {
        switch (vote.code()) {
            case REQUEST_VOTED ->
                check(vote, PasskeyBook.shown(vote, of(entries, Code.REQUEST_MADE), of(entries, Code.REQUEST_JUDGED)));
            case BREAK_GLASS_REVIEWED -> check(vote, PasskeyBook.shown(vote, of(entries, Code.TOKEN_MINTED)));
            default -> {} // nobody signs it
        }
    }

    private void check(EntryView vote, Shown due) throws Objection {
        var key = keys.get(PasskeyBook.assertion(vote).credential());
        Objection.unless(
                key != null && key.isOf(vote),
                Promise.QUORUM,
                "it is signed with a passkey that its voter did not have then");
        PasskeyBook.check(vote, due, Objects.requireNonNull(key).key(), key.party(), 0);
    }

    private static EntryView of(List<EntryView> entries, Code code) throws Objection {
        for (var entry : entries) {
            if (entry.code() == code) {
                return entry;
            }
        }
        throw new Objection(
                Verification.Fault.UNJUSTIFIED, Promise.QUORUM, "it is a vote on what nobody put before people");
    }
}
