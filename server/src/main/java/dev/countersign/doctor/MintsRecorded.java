package dev.countersign.doctor;

import dev.countersign.approval.Approval;
import dev.countersign.approval.MintedToken;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Instant;
import java.util.Optional;

/// That what people let through has a mint in the ledger and the same in its row, and neither without the other.
final class MintsRecorded implements Check {
    @Override
    public Invariant of() {
        return Invariant.EVERY_MINT;
    }

    @Override
    public void life(Life life, Faults found) {
        var minted = life.last(Code.TOKEN_MINTED);
        minted.ifPresent(_ -> found.looked());
        life.kept().ifPresent(kept -> {
            if (minted.isPresent() != kept.mint().isPresent()) {
                found.add(
                        life.where(),
                        minted.map(it -> "the ledger minted token " + it.text(Member.JTI) + ", and it has no row")
                                .orElseGet(() -> "there is a row of token "
                                        + kept.mint().orElseThrow().tokenId()
                                        + ", which the ledger never minted"));
            } else if (minted.isPresent()) {
                compare(life, minted.get(), kept, found);
            }
        });
    }

    private static void compare(Life life, EntryView minted, Life.Kept kept, Faults found) {
        var row = kept.mint().orElseThrow();
        boolean same = row.tokenId().equals(minted.text(Member.JTI))
                && row.mintedAt().equals(second(minted, Member.IAT))
                && row.expiresAt().equals(second(minted, Member.EXP));
        found.unless(same, life.where(), "the row of its token is of another than the ledger minted");
        token(kept.approval())
                .ifPresent(it -> found.unless(
                        it.id().equals(minted.text(Member.JTI))
                                && it.entry().equals(minted.hash())
                                && it.expiresAt().equals(second(minted, Member.EXP)),
                        life.where(),
                        "its row tells of another token than the ledger minted"));
    }

    private static Instant second(EntryView minted, String member) {
        return Instant.ofEpochSecond(minted.number(member));
    }

    private static Optional<MintedToken> token(Approval approval) {
        return switch (approval) {
            case Approval.Redeemed it -> Optional.of(it.token());
            case Approval.Revoked it -> it.token();
            case Approval.Pending _, Approval.Approved _, Approval.Denied _, Approval.Expired _, Approval.Cancelled _ ->
                Optional.empty();
        };
    }
}
