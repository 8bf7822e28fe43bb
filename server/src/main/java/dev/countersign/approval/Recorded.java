package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Verdict;
import java.util.List;

/// What the ledger records of a verdict, as far as that follows from policy and the request alone: what a policy's test
/// can expect. Freezes, counts, what was decided before, and whether anybody is there come in later.
///
/// @param code the entry that has the verdict
/// @param rules those that settled it
/// @param because why it is refused at once, as [Because] has it; empty when it is not
/// @param by who let it through; empty when nobody did yet
/// @param sentence what a denial says; empty of all else
public record Recorded(Code code, List<String> rules, String because, String by, String sentence) {
    /// What is recorded of a request with these facts that gets this.
    public static Recorded of(Verdict verdict, Facts facts) {
        return switch (verdict) {
            case Verdict.Deny it -> refused(it, Because.POLICY, it.reason());
            case Verdict.Review it
            when it.require().contains("reason") && says(facts, "reason").isEmpty() ->
                refused(it, Because.NO_REASON, "");
            case Verdict.Review it
            when it.require().contains("ticket") && says(facts, "ticket").isEmpty() ->
                refused(it, Because.NO_TICKET, "");
            case Verdict.Review it -> new Recorded(Code.REQUEST_JUDGED, it.rules(), "", "", "");
            case Verdict.Approve it
            when it.breakGlass().isEmpty() -> new Recorded(Code.TOKEN_MINTED, it.rules(), "", Member.BY_POLICY, "");
            case Verdict.Approve it
            when says(facts, "reason").isEmpty() -> refused(it, Because.BREAK_GLASS_NO_REASON, "");
            case Verdict.Approve it -> new Recorded(Code.TOKEN_MINTED, it.rules(), "", Member.BY_BREAK_GLASS, "");
        };
    }

    private static Recorded refused(Verdict verdict, Because because, String sentence) {
        return new Recorded(Code.REQUEST_REFUSED, verdict.rules(), because.word(), "", sentence);
    }

    private static String says(Facts facts, String name) {
        return facts.value(name).map(Object::toString).orElse("");
    }
}
