package dev.countersign.approval;

import dev.countersign.issued.Revocations;
import dev.countersign.ledger.Entry.Actor;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.DetailsType;
import dev.countersign.people.Absence;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The reviewers' side of the gate: votes, and what takes a request back.
public final class Panel {
    private static final int LATEST = 500;
    private static final int TOLD = 50;

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Revocations revocations;
    private final Eligibility eligibility;
    private final Gate gate;
    private final Supplier<InForce> inForce;
    private final Signatures signatures;
    private final Burden burden;
    private final Publications publications = new Publications();
    private final Uses uses = new Uses();
    private final Reviewers reviewers = new Reviewers();

    public Panel(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Revocations revocations,
            Eligibility eligibility,
            Gate gate,
            Supplier<InForce> inForce,
            Signatures signatures,
            Burden burden) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.revocations = revocations;
        this.eligibility = eligibility;
        this.gate = gate;
        this.inForce = inForce;
        this.signatures = signatures;
        this.burden = burden;
    }

    /// Hears a vote. One denial ends the request; enough approvals approve it.
    public Ballot.Result vote(String id, Ballot ballot) {
        return Overtaken.retry(() -> store.writeGuarded(tx -> {
            var found = approvals.hold(tx, id);
            if (found.isEmpty()) {
                return new Ballot.Result.Unknown();
            }
            var row = gate.steps.upToNow(tx, found.get());
            return row.approval() instanceof Approval.Pending pending
                    ? vote(tx, row, pending, ballot)
                    : new Ballot.Result.NotPending(row.approval());
        }));
    }

    private Ballot.Result vote(Tx tx, Approvals.Row row, Approval.Pending pending, Ballot ballot) throws SQLException {
        var question = pending.question();
        if (pending.heard().stream().anyMatch(it -> it.isOf(ballot.reviewer()))) {
            return new Ballot.Result.AlreadyVoted();
        }
        var now = tx.now();
        var there = eligibility.held(tx);
        var seats = seats(there, pending, ballot.reviewer(), now);
        if (seats.isEmpty()) {
            refused(tx, row, ballot, "not-eligible", now);
            return new Ballot.Result.NotEligible(whyNot(there, pending, ballot.reviewer(), now));
        }
        if (briefed(tx, pending).orElse(null) instanceof Briefed.Changed(var said)) {
            refused(tx, row, ballot, "changed", now);
            return new Ballot.Result.NotEligible(said);
        }
        var wider = ballot.narrowed().flatMap(it -> wider(question, it));
        if (wider.isPresent()) {
            refused(tx, row, ballot, "wider", now);
            return new Ballot.Result.Wider(wider.get());
        }
        var rests = rests(tx, question, ballot);
        if (rests.isPresent()) {
            refused(tx, row, ballot, "rest", now);
            return new Ballot.Result.NotEligible(resting(question, rests.get()));
        }
        return switch (signatures.on(tx, row, ballot)) {
            case Signatures.Found.None() ->
                question.verdict().signed()
                        ? new Ballot.Result.Unsigned(
                                signatures.page(row.approval().id()))
                        : count(tx, row, pending, ballot, seats, Optional.empty());
            case Signatures.Found.Good(var signed) -> count(tx, row, pending, ballot, seats, Optional.of(signed));
            case Signatures.Found.Stale() -> new Ballot.Result.Stale();
            case Signatures.Found.Bad(var why) -> {
                refused(tx, row, ballot, "signature", now);
                yield new Ballot.Result.NotSigned(why);
            }
        };
    }

    /// What is kept of a publication for its reviewers; empty for requests of clients.
    Optional<Briefed> briefed(Tx tx, Approval approval) {
        return Briefed.of(tx, ledger, publications, approval);
    }

    /// Until when who approves has to rest, counted one after the other; empty when they need not.
    private Optional<Instant> rests(Tx tx, Question question, Ballot ballot) throws SQLException {
        var rest = question.verdict().rest();
        if (rest.isEmpty() || ballot.word() == Vote.Word.DENY) {
            return Optional.empty();
        }
        reviewers.takeTurn(tx, ballot.reviewer());
        return reviewers.restsUntil(tx, ballot.reviewer(), rest.get());
    }

    /// The same for whoever only looks.
    Optional<Instant> restsUntil(Tx tx, Question question, PersonId person) throws SQLException {
        var rest = question.verdict().rest();
        return rest.isPresent() ? reviewers.restsUntil(tx, person, rest.get()) : Optional.empty();
    }

    private static String resting(Question question, Instant until) {
        var rest = question.verdict().rest().orElseThrow();
        return "you approved " + rest.approvals() + " requests or more in the last "
                + rest.per().toMinutes() + " minutes, and its rules want somebody rested: yours counts again from "
                + until.plusMillis(999).truncatedTo(ChronoUnit.SECONDS) + " on, and a denial does now";
    }

    private Ballot.Result count(
            Tx tx,
            Approvals.Row row,
            Approval.Pending pending,
            Ballot ballot,
            Seats seats,
            Optional<Signatures.Signed> signed)
            throws SQLException {
        var now = tx.now();
        var taken = reviewers.taken(tx, pending.id(), ballot.reviewer());
        var leaf = ledger.append(
                        tx, Entries.voted(pending.question(), ballot, signed, seats, taken, now, row.lastLeaf()))
                .hash();
        var vote = new Vote(
                ballot.reviewer(),
                ballot.word(),
                ballot.narrowed(),
                ballot.comment(),
                now,
                leaf,
                signed.isPresent(),
                seats.inPlaceOf(),
                Optional.of(ballot.via()));
        approvals.vote(tx, pending.id(), vote);
        Failpoint.pass("vote.written");
        var heard = pending.hear(vote);
        return new Ballot.Result.Counted(
                switch (ballot.word()) {
                    case DENY -> end(tx, row, heard.deny("denied", now), leaf);
                    case APPROVE -> tally(tx, row, heard, leaf, now);
                });
    }

    private void refused(Tx tx, Approvals.Row row, Ballot ballot, String because, Instant now) throws SQLException {
        if (!approvals.voteRefused(tx, row.approval().id(), ballot, because)) {
            return; // it is in the ledger, which nobody fills by trying again
        }
        var entry = Entries.voteRefused(row.approval().question(), ballot, because, now, row.lastLeaf());
        gate.steps.move(tx, row, row.approval(), ledger.append(tx, entry).hash());
    }

    /// People are matched to stages so that each fills one place; who counts is asked again at this moment.
    private Approval tally(Tx tx, Approvals.Row row, Approval.Pending heard, LeafHash leaf, Instant now)
            throws SQLException {
        var question = heard.question();
        var counting = counting(attendance(tx), heard, now);
        if (!Quorum.met(question.verdict().stages(), counting)) {
            gate.steps.move(tx, row, heard, leaf);
            return heard;
        }
        var granted = question.granted(heard.heard(), types(question));
        if (granted.isEmpty()) {
            return end(
                    tx,
                    row,
                    heard.deny("the reviewers' narrowings leave nothing to grant, or their type has changed", now),
                    leaf);
        }
        var approved = heard.approve(granted, now);
        gate.steps.move(
                tx,
                row,
                approved,
                ledger.append(tx, Entries.approved(approved, counting, leaf)).hash());
        Failpoint.pass("decide.written");
        return approved;
    }

    private Approval end(Tx tx, Approvals.Row row, Approval.Denied denied, LeafHash leaf) throws SQLException {
        gate.steps.move(
                tx, row, denied, ledger.append(tx, Entries.denied(denied, leaf)).hash());
        return denied;
    }

    /// Who belongs where and who is away, for those who ask about many requests in one transaction.
    Attendance attendance(Tx tx) {
        return eligibility.attendance(tx);
    }

    /// Who has approved, by themselves or by who stands in for them, and counts at `now`, with the groups they count
    /// for.
    Map<PersonId, Set<String>> counting(Attendance there, Approval approval, Instant now) throws SQLException {
        var counting = new HashMap<PersonId, Set<String>>();
        for (var vote : approval.heard()) {
            if (vote.word() == Vote.Word.APPROVE) {
                var question = approval.question();
                counting.put(
                        vote.speaksFor(),
                        Eligibility.counted(there, question, owners(question), vote, now)
                                .groups());
            }
        }
        return counting;
    }

    /// The client takes its request back, pending or approved and not collected. False when there was nothing to take.
    public boolean cancel(String id, Actor by) {
        return Overtaken.retry(() -> store.writeGuarded(tx -> {
            var row = gate.steps.expireIfLate(tx, approvals.hold(tx, id).orElseThrow());
            var now = tx.now();
            return switch (row.approval()) {
                case Approval.Pending it -> cancel(tx, row, it, by, now);
                case Approval.Approved it -> cancel(tx, row, it, by, now);
                case Approval.Denied _,
                        Approval.Expired _,
                        Approval.Cancelled _,
                        Approval.Redeemed _,
                        Approval.Revoked _ -> false;
            };
        }));
    }

    private boolean cancel(Tx tx, Approvals.Row row, Approval was, Actor by, Instant now) throws SQLException {
        var leaf = ledger.append(tx, Entries.cancelled(was, by, now, row.lastLeaf()))
                .hash();
        gate.steps.move(tx, row, new Approval.Cancelled(was.question(), was.heard(), now), leaf);
        return true;
    }

    /// A client that ends a token gives back the approval behind it when that would give more.
    public void giveBack(String id, Actor by) {
        if (store.look(tx -> uses.isOpen(tx, id))) {
            revoke(id, by, "its client gave it back");
        }
    }

    /// Takes an approval back: before collection nothing is issued, after it its tokens are dead at
    /// `/introspect` and it gives no more. False when there was nothing to take back.
    public boolean revoke(String id, Actor by, String because) {
        return Overtaken.retry(() -> store.writeGuarded(tx -> {
            var row = gate.steps.expireIfLate(tx, approvals.hold(tx, id).orElseThrow());
            var now = tx.now();
            return switch (row.approval()) {
                case Approval.Approved it ->
                    revoke(
                            tx,
                            row,
                            new Approval.Revoked(it.question(), it.heard(), because, now, Optional.empty()),
                            by);
                case Approval.Redeemed it ->
                    revoke(
                            tx,
                            row,
                            new Approval.Revoked(it.question(), it.heard(), because, now, Optional.of(it.token())),
                            by);
                case Approval.Pending _,
                        Approval.Denied _,
                        Approval.Expired _,
                        Approval.Cancelled _,
                        Approval.Revoked _ -> false;
            };
        }));
    }

    private boolean revoke(Tx tx, Approvals.Row row, Approval.Revoked revoked, Actor by) throws SQLException {
        revoked.token().ifPresent(token -> revocations.add(tx, token.id(), token.expiresAt()));
        uses.end(tx, revoked.id()).forEach(it -> revocations.add(tx, it.tokenId(), it.expiresAt()));
        gate.steps.move(
                tx,
                row,
                revoked,
                ledger.append(tx, Entries.revoked(revoked, by, row.lastLeaf())).hash());
        return true;
    }

    /// Lets every request escalate that has waited for so long. Returns how many there were, at most `limit`.
    public int escalateDue(int limit) {
        return Overtaken.retry(() -> store.writeGuarded(tx -> {
            var due = approvals.escalating(tx, tx.now(), limit);
            for (var row : due) {
                gate.steps.upToNow(tx, row);
            }
            return due.size();
        }));
    }

    /// Writes the end of every request whose deadline has come. Returns how many there were, at most `limit`.
    public int expireDue(int limit) {
        return Overtaken.retry(() -> store.writeGuarded(tx -> {
            var due = approvals.due(tx, tx.now(), limit);
            for (var row : due) {
                gate.steps.expireIfLate(tx, row);
            }
            return due.size();
        }));
    }

    /// The stages for which a person's vote would count at `now`.
    Seats seats(Attendance there, Approval approval, PersonId person, Instant now) throws SQLException {
        var question = approval.question();
        return Eligibility.seats(there, question, owners(question), approval.heard(), person, now);
    }

    /// Who could vote on a request now, as far as this node has heard: for whoever tells them. Who is away is left
    /// alone, and where policy lets them, who stands in is told instead. Whether a vote counts is asked with each.
    public Set<PersonId> reviewers(Question question, Instant now) {
        return withRoom(question, present(question, eligibility.reviewers(question, owners(question), now)), now);
    }

    /// Those for whom not too much waits, when they are enough for every stage; else all.
    private Set<PersonId> withRoom(Question question, Set<PersonId> asked, Instant now) {
        var most = inForce.get().limits().pendingPerReviewer();
        if (most.isEmpty()) {
            return asked;
        }
        var rested = eligibility.withRoom(asked, now, burden, most.getAsInt());
        boolean enough = question.verdict().stages().stream()
                .allMatch(it -> eligibility.members(it.group(), now).stream()
                                .filter(rested::contains)
                                .count()
                        >= it.votes());
        return enough ? rested : asked;
    }

    /// Who else could vote when it escalates to these groups, as far as this node has heard.
    public Set<PersonId> escalated(Question question, Collection<String> groups, Instant now) {
        var others = new HashSet<>(eligibility.members(question, groups, owners(question), now));
        others.removeAll(eligibility.reviewers(question, owners(question), now));
        return present(question, others);
    }

    /// Whom each stage waits for, as far as this node has heard; not from inside a transaction.
    ///
    /// @param open how many of each stage's places are open
    /// @param heard the votes so far
    List<Outlook.Asked> asked(Question question, List<Integer> open, List<Vote> heard, Instant now) {
        var request = question.request();
        return asked(
                question.verdict().stages(), open, request.subject(), request.madeAt(), owners(question), heard, now);
    }

    /// The same of what nobody has asked yet.
    List<Outlook.Asked> asked(List<Stage> stages, String subject, String owner, Instant now) {
        return asked(stages, stages.stream().map(Stage::votes).toList(), subject, now, Set.of(owner), List.of(), now);
    }

    private List<Outlook.Asked> asked(
            List<Stage> stages,
            List<Integer> open,
            String subject,
            Instant made,
            Set<String> owners,
            List<Vote> heard,
            Instant now) {
        var away = eligibility.away();
        var all = new ArrayList<Outlook.Asked>();
        for (int i = 0; i < stages.size(); i++) {
            var stage = stages.get(i);
            var able = eligibility.able(stage, subject, made, owners, now).stream()
                    .filter(it -> heard.stream().noneMatch(vote -> vote.isOf(it)))
                    .sorted(Comparator.comparing(PersonId::value))
                    .toList();
            all.add(new Outlook.Asked(
                    stage.group(),
                    stage.votes(),
                    open.get(i),
                    able.stream().filter(it -> !away.containsKey(it)).toList(),
                    able.stream()
                            .flatMap(it -> Optional.ofNullable(away.get(it)).stream())
                            .toList()));
        }
        return List.copyOf(all);
    }

    /// Whether somebody who was asked to decide is left alone now: they are away, or on call no more.
    public boolean leavesAlone(PersonId person, Question question, Instant now) {
        var made = question.request().madeAt();
        var groups = question.verdict().stages().stream()
                .flatMap(it -> Stream.concat(Stream.of(it.group()), it.standIn(made, now).stream()))
                .toList();
        return eligibility.away().containsKey(person) || eligibility.isOffCall(person, groups, made, now);
    }

    /// What waits for a group, the newest first: of the latest requests, and of these no more than anybody reads who
    /// comes on call. The others they find in their queue.
    public List<Approval> waiting(String group) {
        return store.read(tx -> approvals.list(tx, Approvals.Filter.ALL.pending(), LATEST)).stream()
                .map(Approvals.Row::approval)
                .filter(it -> it.question().verdict().stages().stream()
                        .anyMatch(stage -> stage.group().equals(group)))
                .limit(TOLD)
                .toList();
    }

    private Set<PersonId> present(Question question, Set<PersonId> asked) {
        var away = eligibility.away();
        var asking = eligibility.members(owners(question), question.request().madeAt());
        return asked.stream()
                .flatMap(it -> away.containsKey(it)
                        ? Optional.ofNullable(away.get(it))
                                .flatMap(Absence::substitute)
                                .filter(_ -> question.verdict().substitutes())
                                .filter(who -> !asking.contains(who)
                                        && !who.value()
                                                .equals(question.request().subject()))
                                .stream()
                        : Stream.of(it))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Those of a request's stages who are away at `now`.
    List<Absence> away(Attendance there, Question question, Instant now) throws SQLException {
        var away = new ArrayList<Absence>();
        for (var absence : there.absences().away(now).values()) {
            if (!Eligibility.seats(there.people(), question, owners(question), absence.person(), now)
                    .isEmpty()) {
                away.add(absence);
            }
        }
        away.sort(Comparator.comparing(it -> it.person().value()));
        return List.copyOf(away);
    }

    private Optional<String> wider(Question question, Allowance narrowed) {
        if (narrowed.isEmpty()) {
            return Optional.of("this would grant nothing: deny the request instead");
        }
        return narrowed.beyond(question.ask(), types(question));
    }

    private Map<String, DetailsType> types(Question question) {
        var resource = inForce.get().resources().get(question.request().resource());
        return resource == null ? Map.of() : resource.details();
    }

    private Set<String> owners(Question question) {
        return inForce.get().owners(question.request().client(), question.ownedBy());
    }

    /// True when a person is on the asking side.
    boolean isRequester(Attendance there, Question question, PersonId person, Instant now) throws SQLException {
        var request = question.request();
        return Eligibility.isRequester(
                there.people(), request.subject(), owners(question), person, request.madeAt(), now);
    }

    /// Why a request is not handed on to these; empty when it may be. They have to be able to decide it as it is:
    /// to hand it on widens nothing.
    Optional<String> againstHandingTo(Attendance there, Approval approval, PersonId by, Handed.To to, Instant now)
            throws SQLException {
        return switch (to) {
            case Handed.To.Person(var id) -> againstHandingTo(there, approval, by, id, now);
            case Handed.To.Group(var name) -> againstHandingTo(approval.question(), name);
        };
    }

    private Optional<String> againstHandingTo(
            Attendance there, Approval approval, PersonId by, PersonId to, Instant now) throws SQLException {
        if (to.equals(by)) {
            return Optional.of("it is with you already");
        }
        if (approval.heard().stream().anyMatch(it -> it.isOf(to))) {
            return Optional.of("they have voted on it already");
        }
        return seats(there, approval, to, now).isEmpty()
                ? Optional.of("they may not decide it: hand it on to one of those who may")
                : Optional.empty();
    }

    private static Optional<String> againstHandingTo(Question question, String group) {
        boolean asked =
                question.verdict().stages().stream().anyMatch(it -> it.group().equals(group));
        return asked
                ? Optional.empty()
                : Optional.of(
                        "nobody of " + group + " is asked to decide it: hand it on to one of the groups that are");
    }

    /// Those of a group who may decide a request, as far as this node has heard: for whoever tells them.
    public Set<PersonId> members(Question question, String group, Instant now) {
        return present(question, eligibility.members(question, List.of(group), owners(question), now));
    }

    /// Why a person's vote would not count, for them to read.
    String whyNot(Attendance there, Approval approval, PersonId person, Instant now) throws SQLException {
        var question = approval.question();
        if (person.value().equals(question.request().subject())) {
            return "you asked for this yourself: nobody approves their own request";
        }
        if (isRequester(there, question, person, now)) {
            return "you belong to " + question.ownedBy() + ", which owns the client: nobody approves their own request";
        }
        if (!there.absences().standsIn(person, now).isEmpty()) {
            return question.verdict().substitutes()
                    ? "nobody whom you stand in for may decide it, or they have voted"
                    : "you stand in for somebody, and its rules let nobody vote in another's place";
        }
        var made = question.request().madeAt();
        var groups = question.verdict().stages().stream()
                .flatMap(it -> Stream.concat(Stream.of(it.group()), it.standIn(made, now).stream()))
                .distinct()
                .toList();
        var off = Eligibility.offCall(there.people(), groups, person, made, now);
        if (!off.isEmpty()) {
            return offCall(off);
        }
        return "this request is for members of " + String.join(", ", groups)
                + " who were members when it was made and still are" + later(question, now);
    }

    private static String offCall(Map<String, Instant> off) {
        return off.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(it -> it.getValue().equals(Instant.MIN)
                        ? "you are not on call for " + it.getKey()
                        : "your shift for " + it.getKey() + " ended at "
                                + it.getValue().truncatedTo(ChronoUnit.SECONDS))
                .collect(Collectors.joining("; ", "", ": whoever is on call now decides"));
    }

    /// To whom it will escalate yet.
    private static String later(Question question, Instant now) {
        var made = question.request().madeAt();
        var later = question.verdict().stages().stream()
                .flatMap(it -> it.escalates().stream())
                .filter(it -> now.isBefore(it.due(made)))
                .map(it -> it.to() + " from " + it.due(made).truncatedTo(ChronoUnit.SECONDS))
                .distinct()
                .toList();
        return later.isEmpty() ? "" : ", and if it still waits then, of " + String.join(", ", later);
    }
}
