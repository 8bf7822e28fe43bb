package dev.countersign.approval;

import dev.countersign.people.Membership;
import dev.countersign.people.Memberships;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Who may decide a request.
///
/// A person counts for a group when they were a member as the request was made and still are; what a provider said must
/// not have lapsed now. Nobody approves their own
/// request: not its subject, and not who belonged, then or now, to the group that owned the client, then or now — else
/// leaving the group for a minute, or having the client moved to another, would be the way around it.
public final class Eligibility {
    private final Memberships memberships;

    public Eligibility(Memberships memberships) {
        this.memberships = memberships;
    }

    /// Who belongs where, as a transaction sees it.
    Memberships.View in(Tx tx) {
        return memberships.in(tx);
    }

    /// Who belongs to a group at `now`, as far as this node has heard.
    Set<PersonId> members(String group, Instant now) {
        return memberships.membersAt(group, now);
    }

    /// Whether a person belongs to a group at `now`.
    boolean isMember(Tx tx, PersonId person, String group, Instant now) throws SQLException {
        return counts(in(tx).of(person), group, now);
    }

    /// The groups of the question's stages for which a person's vote would count at `now`; empty when it would not
    /// count at all.
    ///
    /// @param ownersNow the groups that count as the requester's own: the one frozen on the question and today's
    static Set<String> seats(
            Memberships.View people, Question question, Set<String> ownersNow, PersonId person, Instant now)
            throws SQLException {
        var request = question.request();
        return seats(people, question.verdict().stages(), request.subject(), request.madeAt(), ownersNow, person, now);
    }

    /// The same for any stages, of what was asked at `made`.
    static Set<String> seats(
            Memberships.View people,
            List<Stage> stages,
            String subject,
            Instant made,
            Set<String> ownersNow,
            PersonId person,
            Instant now)
            throws SQLException {
        var memberships = people.of(person);
        if (isRequester(memberships, subject, ownersNow, person, made, now)) {
            return Set.of();
        }
        return stages.stream()
                .map(Stage::group)
                .filter(group -> belongs(memberships, group, made) && counts(memberships, group, now))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// True when a person is on the asking side.
    static boolean isRequester(
            Memberships.View people, String subject, Set<String> owners, PersonId person, Instant made, Instant now)
            throws SQLException {
        return isRequester(people.of(person), subject, owners, person, made, now);
    }

    private static boolean isRequester(
            List<Membership> memberships,
            String subject,
            Set<String> owners,
            PersonId person,
            Instant made,
            Instant now) {
        return person.value().equals(subject)
                || owners.stream()
                        .anyMatch(owner -> belongs(memberships, owner, made) || belongs(memberships, owner, now));
    }

    private static boolean belongs(List<Membership> memberships, String group, Instant at) {
        return memberships.stream().anyMatch(it -> it.group().equals(group) && it.covers(at));
    }

    private static boolean counts(List<Membership> memberships, String group, Instant at) {
        return memberships.stream().anyMatch(it -> it.group().equals(group) && it.counts(at));
    }

    /// True when the people there are at `now` could fill every stage, as far as this node has heard: asked
    /// before people are troubled, outside of a transaction. Who may vote is looked at with each vote.
    boolean decidable(List<Stage> stages, String owner, String subject, Instant now) {
        return Quorum.met(stages, candidates(stages, owner, subject, now));
    }

    /// Everybody who could vote on a request, as far as this node has heard; not for inside a write.
    ///
    /// @param owners the groups that count as the requester's own
    Set<PersonId> reviewers(Question question, Set<String> owners) {
        var request = question.request();
        var seats = new HashSet<PersonId>();
        for (var stage : question.verdict().stages()) {
            seats.addAll(memberships.membersAt(stage.group(), request.madeAt()));
        }
        owners.forEach(it -> seats.removeAll(memberships.membersAt(it, request.madeAt())));
        seats.removeIf(it -> it.value().equals(request.subject()));
        return Set.copyOf(seats);
    }

    /// Everybody who could vote on such a request at `now`, with the groups they would count for.
    private Map<PersonId, Set<String>> candidates(List<Stage> stages, String owner, String subject, Instant now) {
        var owners = memberships.membersAt(owner, now);
        var seats = new HashMap<PersonId, Set<String>>();
        for (var stage : stages) {
            for (var person : memberships.membersAt(stage.group(), now)) {
                if (!person.value().equals(subject) && !owners.contains(person)) {
                    seats.computeIfAbsent(person, _ -> new HashSet<>()).add(stage.group());
                }
            }
        }
        return seats;
    }
}
