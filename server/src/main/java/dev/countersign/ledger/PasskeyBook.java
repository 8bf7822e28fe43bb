package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import dev.countersign.oauth.Risk;
import dev.countersign.passkey.Assertion;
import dev.countersign.passkey.CredentialKey;
import dev.countersign.passkey.RelyingParty;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The passkeys that the entries so far enrol, and whether votes, and what people say of broken glass, were signed with
/// them.
///
/// It needs nobody's word but the authenticator's: neither who writes the store nor the server has the keys that sign.
final class PasskeyBook {
    static final String UNSIGNED_LOOK = "what people say of this is signed, and this word is not";

    private final Map<String, Key> keys = new HashMap<>();
    private final Map<String, Risk> signFrom = new HashMap<>();
    private final SignedLooks looks = new SignedLooks();

    private static final class Key {
        private final String person;
        private final CredentialKey key;
        private final RelyingParty party;
        private long count;
        private boolean removed;

        Key(String person, CredentialKey key, RelyingParty party, long count) {
            this.person = person;
            this.key = key;
            this.party = party;
            this.count = count;
        }
    }

    /// A configuration may say from which risk on votes are signed. What people say of broken glass is, too, where it
    /// was published by a server that knows of that.
    void published(EntryView published) {
        risk(published.text(Member.SIGN_FROM)).ifPresent(it -> signFrom.put(published.text("version"), it));
        looks.read(published);
    }

    /// A request of such a risk says that its votes are signed. For those about passkeys there is a rule of their own.
    ///
    /// @param made what the request asks
    void judged(EntryView judged, EntryView made) throws Objection {
        holds(
                judged.flag(Member.SIGNED) || made.text(Member.CLIENT).equals(Member.PASSKEYS) || !mustBeSigned(judged),
                "its configuration wants votes on it signed, and it says no such thing");
    }

    /// One more token of what people approved for several is of an approval that was signed, where that is wanted now.
    ///
    /// @param signed whether those who approved had to sign
    void further(EntryView minted, boolean signed) throws Objection {
        holds(signed || !mustBeSigned(minted), "its configuration wants votes on it signed, and those were not");
    }

    /// A token by which the glass was broken says that those who look at it sign.
    void broke(EntryView minted) throws Objection {
        holds(
                minted.flag(Member.SIGNED) || !looks.by(minted) || !mustBeSigned(minted),
                "its configuration wants what people say of it signed, and it says no such thing");
    }

    private boolean mustBeSigned(EntryView judged) {
        var from = signFrom.get(judged.text(Member.POLICY_VERSION));
        var risk = risk(judged.text(Member.RISK));
        return from != null && (risk.isEmpty() || risk.get().compareTo(from) >= 0);
    }

    /// A signature of a vote is over just that vote, on that request as it then stood, by a passkey that its voter had.
    ///
    /// @param made what the request asks
    /// @param judged what policy says of it
    void voted(EntryView vote, EntryView made, EntryView judged) throws Objection {
        if (vote.body().containsKey(Member.SIGNATURE)) {
            signed(vote, shown(vote, made, judged));
        }
    }

    /// The same of what somebody says of broken glass, which has to be signed where both the token and its
    /// configuration
    /// say so: else a node that knows nothing of it may have taken the word.
    ///
    /// @param minted the token that went out
    void looked(EntryView word, EntryView minted) throws Objection {
        holds(!looks.lacks(word, minted), UNSIGNED_LOOK);
        if (word.body().containsKey(Member.SIGNATURE)) {
            signed(word, shown(word, minted));
        }
    }

    private void signed(EntryView vote, Shown due) throws Objection {
        var key = keys.get(assertion(vote).credential());
        if (key == null || key.removed || !key.person.equals(vote.actor().id())) {
            throw objection("it is signed with a passkey that its voter did not have then");
        }
        key.count = check(vote, due, key.key, key.party, key.count);
    }

    /// How often a passkey was used when it signed that vote, which it did.
    ///
    /// @param due what its voter must have been shown; the comment and the nonce are taken from what was signed
    static long check(EntryView vote, Shown due, CredentialKey key, RelyingParty party, long count) throws Objection {
        var shown = vote.body().get(Member.SIGNATURE) instanceof Map<?, ?> it ? text(it, Member.SHOWN) : "";
        var read = Shown.read(shown).orElseThrow(() -> objection("what was signed cannot be read"));
        holds(shown.equals(due.like(read).json()), "what was signed is not what the ledger says of this vote");
        return switch (assertion(vote).check(party, Shown.challenge(shown), key, count)) {
            case Assertion.Checked.Good(var now) -> now;
            case Assertion.Checked.Bad(var why) -> throw objection("its signature does not hold: " + why);
        };
    }

    /// The signature of a vote; one without has an empty one.
    static Assertion assertion(EntryView vote) {
        var signature = vote.body().get(Member.SIGNATURE) instanceof Map<?, ?> it ? it : Map.of();
        return new Assertion(
                text(signature, Member.CREDENTIAL),
                text(signature, Member.CLIENT_DATA),
                text(signature, Member.AUTHENTICATOR_DATA),
                text(signature, Member.SIGNATURE));
    }

    /// What a reviewer must have been shown, but for the comment and the nonce.
    static Shown shown(EntryView vote, EntryView made, EntryView judged) {
        return Shown.of(
                vote.request().orElse(""),
                vote.previous().orElse(made.hash()),
                vote.actor().id(),
                vote.text(Member.VOTE),
                Leave.asked(made),
                vote.text(Member.VOTE).equals(Member.APPROVE) ? Optional.of(Leave.left(vote, made)) : Optional.empty(),
                judged.text(Member.POLICY_VERSION),
                judged.text(Member.RISK),
                "",
                "");
    }

    /// The same of who looked at broken glass.
    static Shown shown(EntryView word, EntryView minted) {
        return Shown.look(
                minted, word.previous().orElse(minted.hash()), word.actor().id(), word.text(Member.VOTE), "", "");
    }

    /// A new passkey, which people agreed to. Once somebody else has one, they signed that.
    ///
    /// @param minted what they granted
    /// @param signed whether they had to sign
    void enrolled(EntryView enrolled, EntryView minted, boolean signed) throws Objection {
        agreed(minted.text(Member.SUBJECT), signed);
        var key = key(enrolled);
        var party = RelyingParty.of(enrolled.text(Member.ORIGIN));
        holds(key.isSound(), "its key is none");
        holds(!keys.containsKey(enrolled.text(Member.CREDENTIAL)), "a passkey of that id was enrolled before");
        keys.put(
                enrolled.text(Member.CREDENTIAL),
                new Key(enrolled.text(Member.PERSON), key, party, enrolled.number(Member.COUNT)));
    }

    /// A passkey that signs nothing any more: people agreed to that, or whoever holds the server's host did it.
    ///
    /// @param minted what they granted; empty when nobody did
    /// @param signed whether they had to sign
    void removed(EntryView removed, Optional<EntryView> minted, boolean signed) throws Objection {
        if (minted.isPresent()) {
            agreed(minted.get().text(Member.SUBJECT), signed);
        } else {
            holds(removed.actor().kind().equals("operator"), "nobody agreed that the passkey is removed");
        }
        var key = keys.get(removed.text(Member.CREDENTIAL));
        if (key == null || key.removed || !key.person.equals(removed.text(Member.PERSON))) {
            throw objection("there is no such passkey to remove");
        }
        key.removed = true;
    }

    private void agreed(String subject, boolean signed) throws Objection {
        holds(
                signed || keys.values().stream().allMatch(it -> it.removed || it.person.equals(subject)),
                "it was agreed to without a signature, though others had passkeys");
    }

    /// The key that an entry enrols.
    static CredentialKey key(EntryView enrolled) throws Objection {
        var algorithm = CredentialKey.Algorithm.of(enrolled.number(Member.ALGORITHM))
                .orElseThrow(() -> objection("its key signs by no algorithm that passkeys sign by"));
        return new CredentialKey(algorithm, enrolled.text(Member.PUBLIC_KEY));
    }

    private static Optional<Risk> risk(String word) {
        for (var risk : Risk.values()) {
            if (risk.word().equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(risk);
            }
        }
        return Optional.empty();
    }

    private static String text(Map<?, ?> map, String member) {
        return map.get(member) instanceof String text ? text : "";
    }

    private static Objection objection(String said) {
        return new Objection(Verification.Fault.UNJUSTIFIED, Promise.QUORUM, said);
    }

    private static void holds(boolean holds, String said) throws Objection {
        Objection.unless(holds, Promise.QUORUM, said);
    }
}
