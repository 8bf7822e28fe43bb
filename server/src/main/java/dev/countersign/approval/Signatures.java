package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Shown;
import dev.countersign.ledger.SignedDecision;
import dev.countersign.passkey.Assertion;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.people.Passkeys;
import dev.countersign.people.PersonId;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Votes that are signed, and what people say of broken glass: what is shown to be signed, and whether a signature is
/// over just that while it still holds.
///
/// What was shown is kept here and made again from how things stand when the word comes in, in the transaction that
/// counts it. So a signature is of no use on another request, for another decision, or once anything has moved.
public final class Signatures {
    private static final int NONCE = 16;

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Passkeys passkeys;
    private final RelyingParty party;
    private final Challenges challenges = new Challenges();

    public Signatures(Store store, Ledger ledger, Approvals approvals, Passkeys passkeys, RelyingParty party) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.passkeys = passkeys;
        this.party = party;
    }

    /// What comes of wanting to sign a word.
    public sealed interface Offer {
        /// This is to be signed.
        ///
        /// @param shown the text whose hash is the challenge
        /// @param challenge in base64url
        /// @param credentials any of these may sign it
        /// @param until when it may be signed no more
        record Ready(String shown, String challenge, List<String> credentials, RelyingParty party, Instant until)
                implements Offer {}

        /// There is no such request.
        record Unknown() implements Offer {}

        /// The request is decided already.
        record NotPending(Approval now) implements Offer {}

        /// People have looked at the broken glass already.
        record Over(GlassUse.State state) implements Offer {}

        /// This person has no passkey.
        record NoPasskey() implements Offer {}
    }

    /// A signature that holds.
    ///
    /// @param shown the text whose hash was signed
    /// @param salt what the comment in it is hashed with
    record Signed(Assertion assertion, String shown, String salt) {}

    /// How a vote is signed.
    sealed interface Found {
        /// It is not.
        record None() implements Found {}

        /// It is, as things stand.
        record Good(Signed signed) implements Found {}

        /// It is, but what was shown is not how things stand, or it was shown too long ago.
        record Stale() implements Found {}

        /// It is not by its reviewer, not over this vote, or not as it must be; why, for the reviewer to read.
        record Bad(String why) implements Found {}
    }

    /// Shows a person what their vote would say, to be signed.
    public Offer offer(String id, Ballot ballot) {
        return store.writeGuarded(tx -> {
            var found = approvals.find(tx, id);
            if (found.isEmpty()) {
                return new Offer.Unknown();
            }
            var row = found.get();
            var now = row.approval().asOf(tx.now());
            if (!(now instanceof Approval.Pending)) {
                return new Offer.NotPending(now);
            }
            return offer(tx, ballot.reviewer(), (salt, nonce) -> shown(row, ballot, salt, nonce));
        });
    }

    /// Shows a person what they are about to say of broken glass, to be signed.
    Offer offer(Tx tx, GlassUses.Row row, Afterwards.Look look) throws SQLException {
        return offer(tx, look.person(), showing(tx, row, look));
    }

    /// What a person is shown of broken glass as it stands, by the entry of its token.
    private Showing showing(Tx tx, GlassUses.Row row, Afterwards.Look look) {
        var minted = ledger.entriesOf(tx, row.use().request()).stream()
                .filter(it -> it.code() == Code.TOKEN_MINTED)
                .findFirst()
                .orElseThrow();
        return (salt, nonce) -> Shown.look(
                minted,
                row.lastLeaf(),
                look.person().value(),
                look.word().word(),
                Shown.comment(salt, look.comment()),
                nonce);
    }

    /// What somebody says, as they are shown it while things stand as they do.
    @FunctionalInterface
    private interface Showing {
        /// @param salt what the comment in it is hashed with
        Shown as(String salt, String nonce);
    }

    private Offer offer(Tx tx, PersonId person, Showing showing) throws SQLException {
        var credentials = passkeys.of(tx, person).stream()
                .map(Passkeys.Passkey::credential)
                .toList();
        if (credentials.isEmpty()) {
            return new Offer.NoPasskey();
        }
        var salt = Ids.secret(NONCE);
        var shown = showing.as(salt, Ids.secret(NONCE)).json();
        var challenge = Shown.challenge(shown);
        var until = challenges.add(tx, challenge, new Challenges.Challenge(person, shown, salt));
        return new Offer.Ready(shown, challenge, credentials, party, until);
    }

    /// How this vote is signed. What it was shown for is used up by that.
    Found on(Tx tx, Approvals.Row row, Ballot ballot) throws SQLException {
        return on(tx, ballot.reviewer(), ballot.signature(), (salt, nonce) -> shown(row, ballot, salt, nonce));
    }

    /// The same of what somebody says of broken glass.
    Found on(Tx tx, GlassUses.Row row, Afterwards.Look look) throws SQLException {
        return look.signature().isEmpty()
                ? new Found.None()
                : on(tx, look.person(), look.signature(), showing(tx, row, look));
    }

    /// How what a person says is signed. What it was shown for is used up by that.
    ///
    /// @param signature empty when it is not
    private Found on(Tx tx, PersonId person, Optional<Assertion> signature, Showing showing) throws SQLException {
        if (signature.isEmpty()) {
            return new Found.None();
        }
        var assertion = signature.get();
        var challenge = assertion.challenge();
        if (challenge.isEmpty()) {
            return new Found.Bad("what the browser sent cannot be read");
        }
        var kept = challenges.take(tx, challenge.get(), person);
        if (kept.isEmpty()) {
            return new Found.Stale();
        }
        var passkey = passkeys.hold(tx, assertion.credential())
                .filter(it -> it.person().equals(person));
        if (passkey.isEmpty()) {
            return new Found.Bad("it is signed with a passkey that is not yours, or not any more");
        }
        var checked = assertion.check(
                party, challenge.get(), passkey.get().key(), passkey.get().count());
        return switch (checked) {
            case Assertion.Checked.Bad(var why) -> new Found.Bad(why);
            case Assertion.Checked.Good(var count) -> {
                passkeys.used(tx, assertion.credential(), count);
                yield against(showing, kept.get())
                        .orElseGet(() -> new Found.Good(new Signed(
                                assertion, kept.get().shown(), kept.get().salt())));
            }
        };
    }

    /// What was shown is what this word says of the request as it stands.
    private static Optional<Found> against(Showing showing, Challenges.Challenge kept) {
        var shown = Shown.read(kept.shown());
        var now = showing.as(kept.salt(), shown.map(Shown::nonce).orElse(""));
        if (shown.isEmpty() || !shown.get().request().equals(now.request())) {
            return Optional.of(new Found.Bad("it was signed for another request"));
        }
        if (now.json().equals(kept.shown())) {
            return Optional.empty();
        }
        return Optional.of(
                now.follows().equals(shown.get().follows())
                        ? new Found.Bad("what was signed is another vote than this")
                        : new Found.Stale());
    }

    /// What a vote says of a request as its row stands.
    private static Shown shown(Approvals.Row row, Ballot ballot, String salt, String nonce) {
        var question = row.approval().question();
        var request = question.request();
        return Shown.of(
                request.id(),
                row.lastLeaf(),
                ballot.reviewer().value(),
                ballot.word().name().toLowerCase(Locale.ROOT),
                request.terms(question.ask()),
                ballot.word() == Vote.Word.APPROVE
                        ? Optional.of(request.terms(ballot.narrowed().orElse(question.ask())))
                        : Optional.empty(),
                question.verdict().version(),
                question.risk().word(),
                Shown.comment(salt, ballot.comment()),
                nonce);
    }

    /// Why what was approved is not what people signed, by the ledger; empty when it is, or need not be signed. Who
    /// writes rows can make a request approved, and has nobody's passkey.
    Optional<String> against(Tx tx, Approval.Approved approved) {
        var decision = new SignedDecision(ledger.entriesOf(tx, approved.id()));
        if (!decision.mustBeSigned() && !approved.question().verdict().signed()) {
            return Optional.empty();
        }
        var terms = approved.question().request().terms(approved.granted()).digest();
        return decision.against(
                terms,
                party,
                by -> passkeys.find(tx, by.credential())
                        .filter(it -> SignedDecision.enrols(ledger.entriesOf(tx, it.request()), by, it.key()))
                        .map(Passkeys.Passkey::key));
    }

    /// Where a person signs a vote on that request.
    String page(String id) {
        return party.origin() + "/requests/" + id;
    }

    /// Where a person signs what they say of broken glass.
    String lookPage(String id) {
        return party.origin() + "/afterwards/" + id;
    }

    /// Whether a person has a passkey.
    public boolean hasPasskey(PersonId person) {
        return store.read(tx -> !passkeys.of(tx, person).isEmpty());
    }

    /// Forgets what may not be signed any more. True when there is more.
    public boolean prune(Tx tx) throws SQLException {
        return challenges.prune(tx);
    }
}
