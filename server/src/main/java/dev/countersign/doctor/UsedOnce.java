package dev.countersign.doctor;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.sql.SQLException;
import java.util.stream.LongStream;

/// That a token came again as often as is counted, and that an approval gave as many tokens as is counted, and
/// was agreed to; that there is one alone where nobody agreed to more, its entries say.
final class UsedOnce implements Check {
    private final Rows rows;

    UsedOnce(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Invariant of() {
        return Invariant.USES;
    }

    @Override
    public void life(Life life, Faults found) throws SQLException {
        life.kept().flatMap(Life.Kept::mint).ifPresent(mint -> {
            found.looked();
            long again = life.entries().stream()
                    .filter(it -> it.code() == Code.TOKEN_REDELIVERED)
                    .count();
            found.unless(
                    again == mint.redelivered(),
                    life.where(),
                    "its token came again " + again + " times by the ledger and " + mint.redelivered()
                            + " times by its row");
        });
        life.kept().flatMap(Life.Kept::uses).ifPresent(it -> uses(life, it, found));
        var first = life.told().getFirst().entry();
        if (first.code() == Code.TOKEN_MINTED && first.text(Member.BY).equals(Member.BY_APPROVAL)) {
            given(life, first, found);
        }
    }

    private static void uses(Life life, Life.Uses uses, Faults found) {
        long agreed = life.last(Code.REQUEST_DECIDED)
                .map(it -> it.number(Member.USES))
                .orElse(0L);
        found.unless(
                uses.used() <= uses.uses() && uses.uses() <= agreed,
                life.where(),
                "it gave " + uses.used() + " of " + uses.uses() + " tokens by its row, and people agreed to "
                        + Math.max(1, agreed));
        found.unless(
                uses.given().stream()
                        .map(Life.Given::use)
                        .toList()
                        .equals(LongStream.rangeClosed(2, uses.used()).boxed().toList()),
                life.where(),
                "it gave " + uses.used() + " tokens by its row, and has rows of others");
    }

    private void given(Life life, EntryView minted, Faults found) throws SQLException {
        found.looked();
        var told = minted.text(Member.APPROVAL) + " " + minted.number(Member.USE);
        found.unless(
                rows.givenBy(life.request(), minted.text(Member.JTI))
                        .filter(told::equals)
                        .isPresent(),
                life.where(),
                "its token was given by approval " + minted.text(Member.APPROVAL) + ", which has no row of it");
    }
}
