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
                    !seats(question, vote.reviewer(), vote.at()).isEmpty(),
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
                counting.put(vote.reviewer(), seats(question, vote.reviewer(), decided));
            }
        }
        return counting;
    }

    /// The groups that a person could speak for at `now`.
    private Set<String> seats(Question question, PersonId person, Instant now) throws SQLException {
        var made = question.request().madeAt();
        var all = of(person);
        boolean asks = person.value().equals(question.request().subject())
                || belongs(all, question.ownedBy(), made)
                || (belongs(all, question.ownedBy(), now) && belongs(all, question.ownedBy(), now.minus(unseen)));
        return asks
                ? Set.of()
                : question.verdict().stages().stream()
                        .map(Stage::group)
                        .filter(group -> belongs(all, group, made)
                                && (counts(all, group, now) || counts(all, group, now.minus(unseen))))
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean belongs(List<Membership> memberships, String group, Instant at) {
        return memberships.stream().anyMatch(it -> it.group().equals(group) && it.covers(at));
    }

    private static boolean counts(List<Membership> memberships, String group, Instant at) {
        return memberships.stream().anyMatch(it -> it.group().equals(group) && it.counts(at));
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
