package dev.countersign.doctor;

import dev.countersign.approval.Question;
import dev.countersign.approval.Vote;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.people.Membership;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// That whoever voted belonged to the groups that were asked when the request was made and when it was decided, and not
/// to those that asked; that the votes in the ledger are enough, its entries say themselves.
final class QuorumMet implements Check {
    /// Where several nodes write, what one of them changed may not have been seen yet by another's vote.
    private static final Duration UNSEEN = Duration.ofSeconds(10);

    private final Rows rows;
    private final Duration unseen;
    private final Map<PersonId, List<Membership>> memberships = new HashMap<>();

    QuorumMet(Rows rows, boolean shared) {
        this.rows = rows;
        this.unseen = shared ? UNSEEN : Duration.ZERO;
    }

    @Override
    public Invariant of() {
        return Invariant.QUORUM;
    }

    @Override
    public void life(Life life, Faults found) throws SQLException {
        if (life.kept().isEmpty()) {
            return;
        }
        var kept = life.kept().get();
        var question = kept.approval().question();
        var heard = kept.approval().heard();
        found.looked();
        found.unless(
                told(life).equals(kept.votes()) && heard(heard).equals(kept.votes()),
                life.where(),
                "the votes of its row are not those of its entries");
        for (var vote : heard) {
            found.unless(
                    !seats(question, vote, vote.at()).isEmpty() && stoodIn(vote),
                    life.where(),
                    "the vote of person " + vote.reviewer().value() + " did not count when it was heard");
        }
        boolean approved = life.last(Code.REQUEST_DECIDED)
                .filter(it -> it.text(Member.OUTCOME).equals(Member.APPROVED))
                .isPresent();
        if (approved && !heard.isEmpty()) {
            found.unless(
                    Quorum.met(question.verdict().stages(), counting(question, heard)),
                    life.where(),
                    "those who approved and were eligible do not fill every stage");
        }
    }

    /// A calendar that is not heard is no vote that should not count, and somebody has to look at it all the same.
    @Override
    public void end(Faults found) throws SQLException {
        var silent = rows.silentCalendars();
        if (!silent.isEmpty()) {
            found.note(String.join("; ", silent));
        }
    }

    private static Map<String, String> told(Life life) {
        return life.entries().stream()
                .filter(it -> it.code() == Code.REQUEST_VOTED)
                .collect(Collectors.toMap(
                        it -> it.actor().id(),
                        it -> it.text(Member.VOTE).toUpperCase(java.util.Locale.ROOT),
                        (first, _) -> first));
    }

    private static Map<String, String> heard(List<Vote> votes) {
        return votes.stream()
                .collect(Collectors.toMap(
                        it -> it.reviewer().value(), it -> it.word().name(), (first, _) -> first));
    }

    private Map<PersonId, Set<String>> counting(Question question, List<Vote> heard) throws SQLException {
        var counting = new HashMap<PersonId, Set<String>>();
        var decided = heard.getLast().at();
        for (var vote : heard) {
            if (vote.word() == Vote.Word.APPROVE) {
                counting.put(vote.speaksFor(), seats(question, vote, decided));
            }
        }
        return counting;
    }

    private boolean stoodIn(Vote vote) throws SQLException {
        return vote.inPlaceOf().isEmpty()
                || rows.stoodIn(vote.reviewer(), vote.inPlaceOf().get(), vote.at())
                || rows.stoodIn(
                        vote.reviewer(), vote.inPlaceOf().get(), vote.at().minus(unseen));
    }

    /// The groups that a vote could count for at `now`.
    private Set<String> seats(Question question, Vote vote, Instant now) throws SQLException {
        var made = question.request().madeAt();
        var all = of(vote.speaksFor());
        boolean lets = vote.inPlaceOf().isEmpty() || question.verdict().substitutes();
        return !lets || asks(question, vote.reviewer(), now) || asks(question, vote.speaksFor(), now)
                ? Set.of()
                : question.verdict().stages().stream()
                        .filter(stage -> mayDecide(all, stage.group(), made, vote.at(), now)
                                || stage.standIn(made, now)
                                        .filter(it -> mayDecide(all, it, made, vote.at(), now))
                                        .isPresent())
                        .map(Stage::group)
                        .collect(Collectors.toUnmodifiableSet());
    }

    private boolean asks(Question question, PersonId person, Instant now) throws SQLException {
        var all = of(person);
        return person.value().equals(question.request().subject())
                || belongs(all, question.ownedBy(), question.request().madeAt())
                || (belongs(all, question.ownedBy(), now) && belongs(all, question.ownedBy(), now.minus(unseen)));
    }

    private boolean mayDecide(List<Membership> all, String group, Instant made, Instant cast, Instant now) {
        return belongs(all, group, made)
                && (counts(all, group, cast, now) || counts(all, group, cast.minus(unseen), now.minus(unseen)));
    }

    private static boolean belongs(List<Membership> memberships, String group, Instant at) {
        return memberships.stream().anyMatch(it -> it.group().equals(group) && it.covers(at));
    }

    private static boolean counts(List<Membership> memberships, String group, Instant cast, Instant at) {
        return memberships.stream().anyMatch(it -> it.group().equals(group) && it.stillCounts(cast, at));
    }

    private List<Membership> of(PersonId person) throws SQLException {
        var known = memberships.get(person);
        if (known == null) {
            known = rows.membershipsOf(person);
            memberships.put(person, known);
        }
        return known;
    }
}
