package dev.countersign.approval;

import dev.countersign.ledger.LeafHash;
import dev.countersign.people.Absence;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import dev.countersign.usage.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// A request as one person sees it at one moment.
///
/// @param approval its state, with a deadline that has come already counted
/// @param lastEntry its latest ledger entry
/// @param findings what was found when it was made, and what is true only now, worst first
/// @param places each stage with how many of its places are still open, in the order of the stages
/// @param seats the groups for which this person's vote would count; empty when it would not count
/// @param escalated those of them in whose place this person decides
/// @param inPlaceOf who is away and in whose place this person votes; empty when it is their own vote
/// @param onCall the groups by which they do while they are on call and not otherwise, and until when they are
/// @param away who else could vote and is away; only of a request that is looked at by itself
/// @param whyNot why this person may not vote; empty when they may, or the request is decided
/// @param decides whether this person's approval is the one that is missing
/// @param voted whether this person has voted
/// @param rests until when this person's approval does not count, since they approved so much; empty when it does, and
///     of requests in lists
/// @param used how many tokens it gave, when it gives several
/// @param comments what was said about it while it was pending, the first first; in lists, of what is open alone
/// @param nudge how often those who asked reminded those who decide; only of a pending request that is looked at by
///     itself
/// @param handed that a reviewer handed it on last, while it is pending
/// @param mine whether that was to this person, or a group for which they vote
/// @param claim who looks into it now, while it is pending
/// @param asks whether this person is on the requester's side, while it is pending; of a request that is looked at by
///     itself afterwards, too
public record Seen(
        Approval approval,
        LeafHash lastEntry,
        List<Finding> findings,
        List<Place> places,
        Set<String> seats,
        Set<String> escalated,
        Optional<PersonId> inPlaceOf,
        Map<String, Instant> onCall,
        List<Absence> away,
        String whyNot,
        boolean decides,
        boolean voted,
        Optional<Instant> rests,
        OptionalInt used,
        List<Comment> comments,
        Optional<Nudge> nudge,
        Optional<Handed> handed,
        boolean mine,
        Optional<Claim> claim,
        boolean asks) {

    /// A stage, and how far it is.
    ///
    /// @param needed how many must approve
    /// @param open how many of these are still missing
    /// @param escalates who may decide in the group's place, and from when on; empty when nobody may
    public record Place(String group, int needed, int open, Optional<Escalates> escalates) {
        /// The stages of what was asked at `made`, with who counts for them.
        static List<Place> of(List<Stage> stages, Instant made, Map<PersonId, Set<String>> counting) {
            var open = Quorum.open(stages, counting);
            return IntStream.range(0, stages.size())
                    .mapToObj(i -> {
                        var stage = stages.get(i);
                        return new Place(
                                stage.group(),
                                stage.votes(),
                                open.get(i),
                                stage.escalates().map(it -> new Escalates(it.to(), it.due(made))));
                    })
                    .toList();
        }
    }

    /// Whose members may decide in place of a stage's group from a time on.
    public record Escalates(String to, Instant at) {}

    /// True when a reviewer has asked something, and nobody has answered.
    public boolean hasQuestion() {
        return Comment.isOpen(approval, comments);
    }

    /// True when this person may say something about it now.
    public boolean mayComment() {
        return approval instanceof Approval.Pending && (!seats.isEmpty() || asks);
    }

    /// True when this person may take it back: who asked for what is open.
    public boolean mayCancel() {
        return asks && approval.deadline().isPresent();
    }

    /// True when this person asked for it and has not got it: what smaller request would is of interest.
    public boolean wantsMore() {
        return asks
                && (approval instanceof Approval.Pending
                        || approval instanceof Approval.Denied
                        || approval instanceof Approval.Expired);
    }

    /// True when this person could vote now.
    public boolean mayVote() {
        return approval instanceof Approval.Pending && !seats.isEmpty() && !voted;
    }
}
