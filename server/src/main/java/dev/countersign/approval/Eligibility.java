package dev.countersign.approval;

import dev.countersign.people.Absence;
import dev.countersign.people.Absences;
import dev.countersign.people.Membership;
import dev.countersign.people.Memberships;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who may decide a request.
///
/// A person counts for a group when they were a member as the request was made and still are; what a provider said must
/// not have lapsed now. Nobody approves their own request: not its subject, and not who belonged, then or now, to the
/// group that owned the client, then or now — else leaving the group for a minute, or having the client moved to
/// another,
/// would be the way around it.
///
/// Whoever is in a group while they are on call was a member as the request was made when a calendar could name them
/// then, on call or not: a request that waits at a change of shift is for those who come. Their vote is good in their
/// shift, and when it was cast then it stands.
///
/// When a request has waited as long as a stage says, members of the group it escalates to count for that stage, too:
/// that follows from what is frozen on the request and from the time, and from no entry or row that says so.
public final class Eligibility {
    private final Memberships memberships;
    private final Absences absences;

    public Eligibility(Memberships memberships, Absences absences) {
        this.memberships = memberships;
        this.absences = absences;
    }

    /// Who belongs where and who is away, as a transaction sees it.
    Attendance attendance(Tx tx) {
        return new Attendance(memberships.in(tx), absences.in(tx));
    }

    /// The same for a vote: nobody ends an absence that it depends on until it is cast.
    Attendance held(Tx tx) {
        return new Attendance(memberships.in(tx), absences.held(tx));
    }

    /// Whether somebody is in none of these groups but as long as they are on call, and is not, as far as this node has
    /// heard.
    boolean isOffCall(PersonId person, Collection<String> groups, Instant made, Instant now) {
        return groups.stream().anyMatch(it -> memberships.membersAt(it, made).contains(person))
                && groups.stream()
                        .noneMatch(it -> memberships.calledAt(it, made, now).contains(person));
    }

    /// Who is away now, by the person. Not from inside a write.
    Map<PersonId, Absence> away() {
        return absences.now();
    }

    /// Who belongs where, as a transaction sees it.
    Memberships.View in(Tx tx) {
        return memberships.in(tx);
    }

    /// Who could be asked in a group's name at `now`, as far as this node has heard.
    Set<PersonId> members(String group, Instant now) {
        return memberships.thereAt(group, now);
    }

    /// Whether a person belongs to a group at `now`.
    boolean isMember(Tx tx, PersonId person, String group, Instant now) throws SQLException {
        return counts(in(tx).of(person), group, now);
    }

    /// The stages for which a person's vote would count at `now`: their own, or else, where policy lets them, that of
    /// somebody who is away, for whom they stand in, and who has not spoken.
    ///
    /// Neither of the two may be on the asking side, and whoever may vote themselves votes as themselves.
    ///
    /// @param heard the votes so far
    static Seats seats(
            Attendance there, Question question, Set<String> owners, List<Vote> heard, PersonId person, Instant now)
            throws SQLException {
        var own = seats(there.people(), question, owners, person, now);
        if (!own.isEmpty() || !mayStandIn(there, question, owners, person, now)) {
            return own;
        }
        for (var absence : there.absences().standsIn(person, now)) {
            var away = absence.person();
            boolean spoken = heard.stream()
                    .anyMatch(it -> it.isOf(away) && !it.reviewer().equals(person));
            var seats = spoken ? Seats.NONE : seats(there.people(), question, owners, away, now);
            if (!seats.isEmpty()) {
                return seats.inPlaceOf(away);
            }
        }
        return Seats.NONE;
    }

    /// The stages for which a vote counts that was cast. One in somebody's place still does when they are back.
    static Seats counted(Attendance there, Question question, Set<String> owners, Vote vote, Instant now)
            throws SQLException {
        var voter = vote.reviewer();
        if (vote.inPlaceOf().isEmpty()) {
            return seats(there.people(), question, owners, voter, vote.at(), now);
        }
        return mayStandIn(there, question, owners, voter, now)
                        && there.absences().isPresent(voter)
                ? seats(there.people(), question, owners, vote.speaksFor(), vote.at(), now)
                : Seats.NONE;
    }

    private static boolean mayStandIn(
            Attendance there, Question question, Set<String> owners, PersonId person, Instant now) throws SQLException {
        var request = question.request();
        return question.verdict().substitutes()
                && !isRequester(there.people(), request.subject(), owners, person, request.madeAt(), now);
    }

    /// The stages for which a person's own vote would count at `now`; none when it would not count at all.
    ///
    /// @param ownersNow the groups that count as the requester's own: the one frozen on the question and today's
    static Seats seats(Memberships.View people, Question question, Set<String> ownersNow, PersonId person, Instant now)
            throws SQLException {
        return seats(people, question, ownersNow, person, now, now);
    }

    /// @param cast when they vote or voted
    private static Seats seats(
            Memberships.View people,
            Question question,
            Set<String> ownersNow,
            PersonId person,
            Instant cast,
            Instant now)
            throws SQLException {
        var request = question.request();
        return seats(
                people, question.verdict().stages(), request.subject(), request.madeAt(), ownersNow, person, cast, now);
    }

    /// The same for any stages, of what was asked at `made`.
    ///
    /// @param cast when they speak or spoke: who was on call then counts
    static Seats seats(
            Memberships.View people,
            List<Stage> stages,
            String subject,
            Instant made,
            Set<String> ownersNow,
            PersonId person,
            Instant cast,
            Instant now)
            throws SQLException {
        var memberships = people.of(person);
        if (isRequester(memberships, subject, ownersNow, person, made, now)) {
            return Seats.NONE;
        }
        var groups = new HashSet<String>();
        var escalated = new HashSet<String>();
        var through = new HashSet<String>();
        for (var stage : stages) {
            var standIn = stage.standIn(made, now);
            if (mayDecide(memberships, stage.group(), made, cast, now)) {
                groups.add(stage.group());
                through.add(stage.group());
            } else if (standIn.filter(it -> mayDecide(memberships, it, made, cast, now))
                    .isPresent()) {
                groups.add(stage.group());
                escalated.add(stage.group());
                through.add(standIn.get());
            }
        }
        return new Seats(
                Set.copyOf(groups), Set.copyOf(escalated), Optional.empty(), onCall(memberships, through, cast));
    }

    private static boolean mayDecide(
            List<Membership> memberships, String group, Instant made, Instant cast, Instant now) {
        return belongs(memberships, group, made)
                && memberships.stream().anyMatch(it -> it.group().equals(group) && it.stillCounts(cast, now));
    }

    /// Those of the groups in which somebody is by being on call alone, and until when.
    private static Map<String, Instant> onCall(List<Membership> memberships, Set<String> groups, Instant now) {
        var onCall = new HashMap<String, Instant>();
        for (var it : memberships) {
            if (groups.contains(it.group()) && it.counts(now)) {
                it.shift().ifPresent(shift -> onCall.merge(it.group(), shift.planned(), Eligibility::later));
            }
        }
        memberships.stream().filter(it -> it.counts(now) && !it.isShift()).forEach(it -> onCall.remove(it.group()));
        return Map.copyOf(onCall);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /// The groups of a request in which somebody would decide it if they were on call now, and when they were last;
    /// [Instant#MIN] when never.
    static Map<String, Instant> offCall(
            Memberships.View people, Collection<String> groups, PersonId person, Instant made, Instant now)
            throws SQLException {
        var off = new HashMap<String, Instant>();
        for (var it : people.of(person)) {
            if (groups.contains(it.group()) && it.isShift() && it.covers(made) && it.covers(now)) {
                var ended = it.lapses().filter(end -> end.isAfter(Instant.EPOCH) && !end.isAfter(now));
                off.merge(it.group(), ended.orElse(Instant.MIN), Eligibility::later);
            }
        }
        return off;
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

    /// Whether they could when whoever has so much waiting already is left out.
    boolean decidable(List<Stage> stages, String owner, String subject, Instant now, Burden burden, int most) {
        var candidates = new HashMap<>(candidates(stages, owner, subject, now));
        candidates.keySet().removeIf(it -> burden.of(it, memberships.groupsThere(it, now)) >= most);
        return Quorum.met(stages, candidates);
    }

    /// Those of these people for whom no more waits than that, as far as this node has heard.
    Set<PersonId> withRoom(Set<PersonId> people, Instant now, Burden burden, int most) {
        return people.stream()
                .filter(it -> burden.of(it, memberships.groupsThere(it, now)) <= most)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Everybody who could vote on a request without that it escalates, as far as this node has heard; not for inside
    /// a write.
    ///
    /// @param owners the groups that count as the requester's own
    Set<PersonId> reviewers(Question question, Set<String> owners, Instant now) {
        return members(
                question, question.verdict().stages().stream().map(Stage::group).toList(), owners, now);
    }

    /// Everybody who could be asked in the name of any of these groups at that time, as far as this node has heard.
    Set<PersonId> there(Set<String> groups, Instant at) {
        var there = new HashSet<PersonId>();
        groups.forEach(it -> there.addAll(memberships.thereAt(it, at)));
        return there;
    }

    /// Everybody who belonged to any of these groups at that time, as far as this node has heard.
    Set<PersonId> members(Set<String> groups, Instant made) {
        var members = new HashSet<PersonId>();
        groups.forEach(it -> members.addAll(memberships.membersAt(it, made)));
        return members;
    }

    /// Those of these groups who are not on the asking side, as far as this node has heard; of those who are in a group
    /// while they are on call, who is at `now`.
    Set<PersonId> members(Question question, Collection<String> groups, Set<String> owners, Instant now) {
        var request = question.request();
        var seats = new HashSet<PersonId>();
        groups.forEach(it -> seats.addAll(memberships.calledAt(it, request.madeAt(), now)));
        owners.forEach(it -> seats.removeAll(memberships.membersAt(it, request.madeAt())));
        seats.removeIf(it -> it.value().equals(request.subject()));
        return Set.copyOf(seats);
    }

    /// Who could fill the places of a stage at `now`, of what was asked at `made`, as far as this node has heard;
    /// not for inside a write.
    ///
    /// @param owners the groups that count as the requester's own
    Set<PersonId> able(Stage stage, String subject, Instant made, Set<String> owners, Instant now) {
        var able = new HashSet<PersonId>();
        Stream.concat(Stream.of(stage.group()), stage.standIn(made, now).stream())
                .forEach(group -> {
                    var members = new HashSet<>(memberships.membersAt(group, made));
                    members.retainAll(memberships.thereAt(group, now));
                    able.addAll(members);
                });
        able.removeAll(members(owners, made));
        able.removeAll(members(owners, now));
        able.removeIf(it -> it.value().equals(subject));
        return able;
    }

    /// Everybody who could vote on such a request at `now`, with the groups they would count for.
    private Map<PersonId, Set<String>> candidates(List<Stage> stages, String owner, String subject, Instant now) {
        var owners = memberships.membersAt(owner, now);
        var seats = new HashMap<PersonId, Set<String>>();
        for (var stage : stages) {
            for (var person : memberships.thereAt(stage.group(), now)) {
                if (!person.value().equals(subject) && !owners.contains(person)) {
                    seats.computeIfAbsent(person, _ -> new HashSet<>()).add(stage.group());
                }
            }
        }
        return seats;
    }
}
