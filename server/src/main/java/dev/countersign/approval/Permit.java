package dev.countersign.approval;

import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import java.time.Instant;

/// Leave to mint one token. Only [Gate] makes one, and only after its ledger entry is durable: no other path to a token
/// can be written.
public final class Permit {
    public final AccessRequest request;
    public final Allowance granted;
    public final String tokenId;
    public final Instant issuedAt;
    public final Instant expiresAt;
    public final Approved approved;

    Permit(AccessRequest request, MintedToken token, Approved approved) {
        this.request = request;
        this.granted = token.granted();
        this.tokenId = token.id();
        this.issuedAt = token.at();
        this.expiresAt = token.expiresAt();
        this.approved = approved;
    }

    /// For a token of what people approved.
    static Permit byPeople(AccessRequest request, MintedToken token, Approval.Redeemed agreed) {
        var votes = agreed.heard().stream()
                .filter(it -> it.word() == Vote.Word.APPROVE)
                .toList();
        boolean signed = !votes.isEmpty() && votes.stream().allMatch(Vote::signed);
        return new Permit(
                request,
                token,
                new Approved(agreed.id(), agreed.until(), token.entry(), Member.BY_PEOPLE, votes.size(), signed));
    }

    /// How it came to be approved, as the token's `approval` claim says it.
    ///
    /// @param until nothing that comes of this approval lives longer
    /// @param entry the leaf hash of the mint entry
    /// @param by `policy` or `people`
    /// @param people how many approved, each with one vote
    /// @param signed whether each of them signed that
    public record Approved(String id, Instant until, LeafHash entry, String by, int people, boolean signed) {
        /// Without people, so that nobody signed.
        Approved(String id, Instant until, LeafHash entry, String by) {
            this(id, until, entry, by, 0, false);
        }
    }
}
