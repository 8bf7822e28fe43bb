package dev.countersign.dashboard;

import dev.countersign.approval.Alternative;
import dev.countersign.approval.Alternatives;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Desk;
import dev.countersign.approval.ExpectedWait;
import dev.countersign.approval.Nudge;
import dev.countersign.approval.Outlook;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Vote;
import dev.countersign.people.PersonId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts a request into words for those who asked for it: whom it waits for and for how long, what they may do about
/// that, and what would be accepted instead.
final class AskingWords {
    private static final int OTHERS = 100;

    private final Desk desk;
    private final Alternatives alternatives;
    private final Wording wording;

    AskingWords(Desk desk, Alternatives alternatives, Wording wording) {
        this.desk = desk;
        this.alternatives = alternatives;
        this.wording = wording;
    }

    /// Empty for whoever did not ask for it.
    ///
    /// @param acts whether the viewer may do anything beside looking
    Optional<RequestView.Asking> of(Seen seen, boolean acts, Instant now) {
        if (!seen.asks()) {
            return Optional.empty();
        }
        var approval = seen.approval();
        var outlook =
                approval instanceof Approval.Pending ? Optional.of(desk.outlook(seen)) : Optional.<Outlook>empty();
        var next = seen.nudge().filter(_ -> acts).map(Nudge::next);
        return Optional.of(new RequestView.Asking(
                outlook.stream()
                        .flatMap(it -> it.asked().stream())
                        .map(this::waits)
                        .toList(),
                outlook.flatMap(Outlook::usual).map(AskingWords::usual).orElse(""),
                seen.nudge().filter(it -> it.times() > 0).map(it -> new Moment(it.at())),
                next.filter(it -> !now.isBefore(it)).isPresent(),
                next.filter(now::isBefore)
                        .filter(it -> approval.deadline().filter(it::isBefore).isPresent())
                        .map(Moment::new),
                acts && seen.mayCancel(),
                denials(approval),
                seen.wantsMore()
                        ? alternatives.insteadOf(approval).stream()
                                .map(it -> instead(it, approval))
                                .toList()
                        : List.of()));
    }

    /// To whom a viewer who may vote may hand it on: the groups that are asked and have somebody there, and those who
    /// could vote now.
    List<Option> others(Seen seen, PersonId viewer) {
        var asked = desk.outlook(seen).asked();
        return Stream.concat(
                        asked.stream()
                                .filter(it -> it.people().stream().anyMatch(who -> !who.equals(viewer)))
                                .map(it -> new Option("group:" + it.group(), "all of " + it.group())),
                        asked.stream()
                                .flatMap(it -> it.people().stream())
                                .filter(it -> !it.equals(viewer))
                                .distinct()
                                .map(it -> new Option("person:" + it.value(), wording.person(it)))
                                .sorted(Comparator.comparing(Option::label)))
                .limit(OTHERS)
                .toList();
    }

    private String waits(Outlook.Asked it) {
        if (it.open() == 0) {
            return it.group() + " has agreed.";
        }
        var people = it.people().stream().map(wording::person).sorted().toList();
        var who = people.isEmpty()
                ? "nobody who is there"
                : people.size() > 6
                        ? people.size() + " people, " + String.join(", ", people.subList(0, 3)) + " among them"
                        : String.join(", ", people);
        return it.group() + ": " + (it.open() == 1 ? "one of " : it.open() + " of ") + who + ".";
    }

    /// "Half of what is like it is decided within 4 minutes, …".
    static String usual(ExpectedWait it) {
        return "Half of what is like it is decided within " + Moment.words(it.median()) + ", 19 of 20 within "
                + Moment.words(it.slow()) + ": so it was " + Numbers.of(it.decided()) + " times in 30 days"
                + (it.undecided() == 0
                        ? "."
                        : ", and " + Numbers.of(it.undecided()) + " times nobody had decided when time was up.");
    }

    private List<String> denials(Approval approval) {
        return approval instanceof Approval.Denied denied
                ? Stream.concat(
                                denied.heard().stream()
                                        .filter(it -> it.word() == Vote.Word.DENY)
                                        .map(this::denial),
                                denied.because().equals("denied")
                                        ? Stream.of()
                                        : Stream.of(Wording.asSentence(denied.because())))
                        .toList()
                : List.of();
    }

    private String denial(Vote vote) {
        return wording.person(vote.reviewer())
                + (vote.comment().isEmpty() ? " gave no reason." : ": “" + Wording.inert(vote.comment()) + "”");
    }

    private String instead(Alternative it, Approval approval) {
        var what = what(it, approval);
        return switch (it) {
            case Alternative.ByPolicy(_, var verdict, var rules) ->
                (verdict.equals("approve") ? "Passes without people: " : "Is put before people: ")
                        + what
                        + ", by "
                        + String.join(" and ", rules)
                        + ".";
            case Alternative.ByPeople(_, var at) -> "People granted on " + new Moment(at).day() + ": " + what + ".";
        };
    }

    private String what(Alternative it, Approval approval) {
        var question = approval.question();
        var items = wording.items(it.what(), question.request().resource()).stream()
                .map(item -> item.scope() ? item.words() + " (" + item.name() + ")" : item.words())
                .collect(Collectors.joining(", "));
        return items + ", for " + Moment.words(it.what().lifetime());
    }
}
