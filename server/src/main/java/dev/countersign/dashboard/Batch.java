package dev.countersign.dashboard;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.oauth.Risk;
import dev.countersign.people.Caller;
import dev.countersign.people.Freshness;
import dev.countersign.people.PersonId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Several requests, decided together by one person with one reason.
///
/// All are looked at first, and if one of them is not to be decided so, none is. Then each is decided by itself, by
/// the vote that its own page would cast.
final class Batch {
    private static final Logger log = LoggerFactory.getLogger(Batch.class);

    private final Desk desk;
    private final Panel panel;
    private final Freshness freshness;
    private final Wording wording;
    private final VoteWords words;

    Batch(Desk desk, Panel panel, Freshness freshness, Wording wording, VoteWords words) {
        this.desk = desk;
        this.panel = panel;
        this.freshness = freshness;
        this.wording = wording;
        this.words = words;
    }

    /// A request as it was shown when it was selected.
    ///
    /// @param entry its latest ledger entry then
    record Pick(String id, String entry) {
        /// Of what a form sends.
        static Pick parse(String value) {
            int at = value.indexOf(':');
            return at < 0 ? new Pick(value, "") : new Pick(value.substring(0, at), value.substring(at + 1));
        }

        /// What a form sends of it, where that person may decide it together with others; empty where not.
        static String of(Seen seen) {
            return unfit(seen).isEmpty() ? seen.approval().id() + ":" + seen.lastEntry() : "";
        }
    }

    /// What came of it.
    ///
    /// @param cast whether any vote was tried
    record Outcome(boolean cast, List<BatchView.Line> lines) {
        long done() {
            return lines.stream().filter(BatchView.Line::done).count();
        }
    }

    Outcome decide(Caller caller, List<Pick> picks, Vote.Word word, String reason) {
        var looked = picks.stream().map(it -> look(it, caller, word)).toList();
        if (looked.stream().anyMatch(it -> !it.hindrance().isEmpty())) {
            return new Outcome(
                    false,
                    looked.stream()
                            .map(it ->
                                    it.line(it.hindrance().isEmpty() ? "It could be decided." : it.hindrance(), false))
                            .toList());
        }
        return new Outcome(true, cast(caller, looked, word, reason));
    }

    private record Looked(Pick pick, String sentence, String hindrance) {
        BatchView.Line line(String outcome, boolean done) {
            return new BatchView.Line(pick.id(), sentence, outcome, done);
        }
    }

    private Looked look(Pick pick, Caller caller, Vote.Word word) {
        return desk.see(pick.id(), caller.person().id())
                .map(seen -> new Looked(
                        pick,
                        wording.sentence(seen.approval().question()).toString(),
                        hindrance(pick, seen, caller, word)))
                .orElseGet(() -> new Looked(pick, "", "There is no such request."));
    }

    /// Why it is not to be decided together with others; empty when it may be.
    private String hindrance(Pick pick, Seen seen, Caller caller, Vote.Word word) {
        var unfit = unfit(seen);
        if (!unfit.isEmpty()) {
            return unfit;
        }
        if (!pick.entry().equals(seen.lastEntry().text())) {
            return "It changed since it was shown. Look at it again.";
        }
        if (word == Vote.Word.DENY) {
            return "";
        }
        return switch (freshness.needed(caller, seen.approval().question().risk())) {
            case NOTHING -> "";
            case SIGN_IN, PERSON -> "It needs you to prove first that it is you: decide it on its own page.";
        };
    }

    private static String unfit(Seen seen) {
        if (!(seen.approval() instanceof Approval.Pending pending)) {
            return Wording.headline(seen.approval()) + ".";
        }
        if (!seen.mayVote()) {
            return seen.voted() ? "You have voted on it already." : "You may not decide it: " + seen.whyNot() + ".";
        }
        if (pending.question().risk() != Risk.LOW) {
            return "Its risk is " + pending.question().risk().word() + ": decide it on its own page.";
        }
        return pending.question().verdict().signed() ? "It needs a signed vote: decide it on its own page." : "";
    }

    /// The first that fails for a reason of ours ends it: who is told that their store is gone can try again.
    private List<BatchView.Line> cast(Caller caller, List<Looked> all, Vote.Word word, String reason) {
        var lines = new ArrayList<BatchView.Line>();
        var failed = false;
        for (var one : all) {
            if (failed) {
                lines.add(one.line("It was not tried.", false));
                continue;
            }
            try {
                lines.add(cast(caller, one.pick(), word, reason));
            } catch (RuntimeException ours) {
                log.error("a vote on {} failed among others", one.pick().id(), ours);
                failed = true;
                lines.add(one.line("Something failed here: open it to see whether your vote counts.", false));
            }
        }
        return List.copyOf(lines);
    }

    private BatchView.Line cast(Caller caller, Pick pick, Vote.Word word, String reason) {
        var now = look(pick, caller, word); // others vote meanwhile
        if (!now.hindrance().isEmpty()) {
            return now.line(now.hindrance(), false);
        }
        var person = caller.person().id();
        var result = panel.vote(pick.id(), new Ballot(person, word, Optional.empty(), reason, Via.DASHBOARD));
        return result instanceof Ballot.Result.Counted(var then)
                ? now.line(
                        (word == Vote.Word.APPROVE ? "You approved it. " : "You denied it. ") + Wording.headline(then)
                                + ".",
                        true)
                : now.line(why(result, person), false);
    }

    private String why(Ballot.Result result, PersonId person) {
        return words.refused(result, person).map(VoteWords.Refused::why).orElse("");
    }
}
