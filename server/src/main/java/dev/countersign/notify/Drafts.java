package dev.countersign.notify;

import dev.countersign.approval.Afterwards;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Question;
import dev.countersign.issued.Handles;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.Risk;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Escalation;
import dev.countersign.policy.Stage;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which messages entries of the ledger become, and for whom. Outside of any transaction: what is written is
/// only the messages.
final class Drafts {
    /// What is older is no news.
    private static final Duration NEWS = Duration.ofDays(1);

    /// A client is not called before it has its answer.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Store store;
    private final Approvals approvals;
    private final Handles handles;
    private final Messages messages;
    private final Panel panel;
    private final Afterwards afterwards;
    private final Supplier<Map<String, Duration>> reminders;
    private final People people;

    /// @param reminders after how long people are told again, by the rule
    Drafts(
            Store store,
            Approvals approvals,
            Handles handles,
            Messages messages,
            Panel panel,
            Afterwards afterwards,
            Supplier<Map<String, Duration>> reminders,
            People people) {
        this.store = store;
        this.approvals = approvals;
        this.handles = handles;
        this.messages = messages;
        this.panel = panel;
        this.afterwards = afterwards;
        this.reminders = reminders;
        this.people = people;
    }

    /// A message, and how long after it is made it is due.
    record Draft(Message message, Duration after) {}

    /// The messages that entries become for a notifier, in their order.
    List<Draft> of(Notifier notifier, List<EntryView> entries, Instant now) {
        return entries.stream()
                .filter(it -> !it.at().isBefore(now.minus(NEWS)))
                .flatMap(it -> of(notifier, Event.of(it).orElseThrow(), it, now).stream())
                .toList();
    }

    private List<Draft> of(Notifier notifier, Event event, EntryView entry, Instant now) {
        if (event == Event.GROUP_ON_CALL && notifier.channel() instanceof Notifier.Channel.Mail mail) {
            return handedOver(notifier, mail, entry, now);
        }
        if (!notifier.on().contains(event)) {
            return List.of();
        }
        return switch (notifier.channel()) {
            case Notifier.Channel.Callbacks _ -> calls(notifier, event, entry);
            case Notifier.Channel.Webhook _ -> wanted(notifier, event, entry) ? one(notifier, event, entry) : List.of();
            case Notifier.Channel.Teams _, Notifier.Channel.Slack _, Notifier.Channel.Mail _
            when event == Event.BREAK_GLASS_USED -> broken(notifier, entry);
            case Notifier.Channel.Teams _ -> posted(notifier, event, entry, _ -> List.of(""), (_, after) -> after);
            case Notifier.Channel.Slack slack ->
                posted(notifier, event, entry, _ -> List.of(slack.channel()), (_, after) -> after);
            case Notifier.Channel.Mail mail -> mails(notifier, mail, event, entry, now);
        };
    }

    /// By mail each person is told who wants to be, and when they do.
    private List<Draft> mails(
            Notifier notifier, Notifier.Channel.Mail mail, Event event, EntryView entry, Instant now) {
        var risk = approval(entry.request().orElseThrow())
                .map(it -> it.question().risk())
                .orElse(Risk.LOW);
        if (event == Event.REQUEST_REASSIGNED) {
            return handedOn(notifier, mail, entry, risk, now);
        }
        return posted(
                notifier,
                event,
                entry,
                question -> asked(event, entry, question, now).stream()
                        .map(PersonId::value)
                        .filter(it -> wish(mail, it).wants(risk))
                        .sorted()
                        .toList(),
                (person, after) -> wish(mail, person).after(after, risk, now));
    }

    /// To whom a request is handed on is told, whatever risk they wish to be mailed of: somebody named them.
    private List<Draft> handedOn(
            Notifier notifier, Notifier.Channel.Mail mail, EntryView entry, Risk risk, Instant now) {
        return wanted(notifier, Event.REQUEST_REASSIGNED, entry)
                ? handedTo(entry, now).stream()
                        .map(PersonId::value)
                        .sorted()
                        .map(it -> new Draft(
                                Message.of(notifier, Event.REQUEST_REASSIGNED, entry, it),
                                wish(mail, it).after(Duration.ZERO, risk, now)))
                        .toList()
                : List.of();
    }

    /// Those to whom a request is handed on.
    private Set<PersonId> handedTo(EntryView entry, Instant now) {
        var person = entry.text(Member.PERSON);
        return person.isEmpty()
                ? approval(entry.request().orElseThrow())
                        .map(it -> panel.members(it.question(), entry.text(Member.GROUP), now))
                        .orElse(Set.of())
                : Set.of(new PersonId(person));
    }

    /// Whoever comes on call is told what waits for them, as those were who were asked at first; a channel has it
    /// already.
    private List<Draft> handedOver(Notifier notifier, Notifier.Channel.Mail mail, EntryView entry, Instant now) {
        var joined = joined(entry);
        if (!notifier.on().contains(Event.REQUEST_PENDING) || joined.isEmpty()) {
            return List.of();
        }
        var all = new ArrayList<Draft>();
        for (var approval : panel.waiting(entry.text(Member.GROUP))) {
            var question = approval.question();
            var risk = question.risk();
            var groups = question.verdict().stages().stream().map(Stage::group).toList();
            if (notifier.wants(Event.REQUEST_PENDING, Optional.of(risk), groups)) {
                var able = panel.members(question, entry.text(Member.GROUP), now);
                joined.stream()
                        .filter(able::contains)
                        .map(PersonId::value)
                        .filter(it -> wish(mail, it).wants(risk))
                        .forEach(it -> all.add(new Draft(
                                Message.handedOver(notifier, entry, approval.id(), it),
                                wish(mail, it).after(Duration.ZERO, risk, now))));
            }
        }
        return List.copyOf(all);
    }

    private static List<PersonId> joined(EntryView entry) {
        return entry.body().get(Member.JOINED) instanceof List<?> all
                ? all.stream().map(String::valueOf).map(PersonId::new).toList()
                : List.of();
    }

    /// Of broken glass everybody is told at once, whatever they wish to be mailed, and when, and whether they are away.
    /// A channel is told of what its groups look at, whatever the risk.
    private List<Draft> broken(Notifier notifier, EntryView entry) {
        boolean theirs = notifier.wants(Event.BREAK_GLASS_USED, Optional.empty(), groups(entry));
        var recipients = switch (notifier.channel()) {
            case Notifier.Channel.Mail _ -> lookers(entry);
            case Notifier.Channel.Slack slack -> theirs ? List.of(slack.channel()) : List.<String>of();
            case Notifier.Channel.Teams _ -> theirs ? List.of("") : List.<String>of();
            case Notifier.Channel.Webhook _, Notifier.Channel.Callbacks _ -> List.<String>of();
        };
        return recipients.stream()
                .map(it -> new Draft(Message.of(notifier, Event.BREAK_GLASS_USED, entry, it), Duration.ZERO))
                .toList();
    }

    private List<String> lookers(EntryView entry) {
        return afterwards.find(entry.request().orElseThrow()).map(afterwards::told).orElse(Set.of()).stream()
                .map(PersonId::value)
                .sorted()
                .toList();
    }

    private Set<PersonId> asked(Event event, EntryView entry, Question question, Instant now) {
        return event == Event.REQUEST_ESCALATED
                ? panel.escalated(question, escalated(entry), now)
                : panel.reviewers(question, now);
    }

    private Wish wish(Notifier.Channel.Mail mail, String person) {
        return people.find(new PersonId(person))
                .filter(Person::isNamed)
                .map(Person::user)
                .flatMap(it -> Optional.ofNullable(mail.wishes().get(it)))
                .orElse(Wish.ALL);
    }

    private static List<Draft> one(Notifier notifier, Event event, EntryView entry) {
        return List.of(new Draft(Message.of(notifier, event, entry, ""), Duration.ZERO));
    }

    /// What is posted of a request that waits, and then what became of it, to those to whom it was.
    ///
    /// @param when after how long a recipient is told who would be after a while
    private List<Draft> posted(
            Notifier notifier,
            Event event,
            EntryView entry,
            Function<Question, Collection<String>> recipients,
            BiFunction<String, Duration, Duration> when) {
        var request = entry.request().orElseThrow();
        var question = approval(request).map(Approval::question);
        if (question.isEmpty() || !wanted(notifier, event, entry)) {
            return List.of();
        }
        if (!event.asks()) {
            return Stream.of(Event.REQUEST_PENDING, Event.REQUEST_ESCALATED)
                    .flatMap(it -> store.look(tx -> messages.recipients(tx, notifier.id(), request, it)).stream())
                    .distinct()
                    .map(it -> new Draft(Message.of(notifier, event, entry, it), when.apply(it, Duration.ZERO)))
                    .toList();
        }
        var all = new ArrayList<Draft>();
        for (var to : recipients.apply(question.get())) {
            all.add(new Draft(Message.of(notifier, event, entry, to), when.apply(to, Duration.ZERO)));
            again(question.get())
                    .filter(_ -> event == Event.REQUEST_PENDING)
                    .ifPresent(it -> all.add(
                            new Draft(Message.of(notifier, Event.REQUEST_REMINDED, entry, to), when.apply(to, it))));
        }
        return List.copyOf(all);
    }

    /// After how long those who are asked are told again, by the rule that is the soonest; empty when none
    /// says.
    private Optional<Duration> again(Question question) {
        var known = reminders.get();
        return question.verdict().rules().stream()
                .flatMap(rule -> Optional.ofNullable(known.get(rule)).stream())
                .min(Duration::compareTo);
    }

    /// One for each code of the request. Whoever took it back, or let it run out, is not called.
    private List<Draft> calls(Notifier notifier, Event event, EntryView entry) {
        var request = entry.request().orElseThrow();
        var outcome = entry.text(Member.OUTCOME);
        if (!outcome.equals(Member.APPROVED) && !outcome.equals(Member.DENIED)) {
            store.writeGuarded(tx -> {
                handles.disposeAll(tx, request);
                return true;
            });
            return List.of();
        }
        return store.look(tx -> handles.called(tx, request)).entrySet().stream()
                .map(it -> new Recipient(it.getValue(), it.getKey()).text())
                .map(it -> new Draft(Message.of(notifier, event, entry, it), SOON))
                .toList();
    }

    private boolean wanted(Notifier notifier, Event event, EntryView entry) {
        var question = entry.request().flatMap(this::approval).map(Approval::question);
        var risk = question.map(Question::risk).or(() -> risk(entry.text(Member.RISK)));
        var asked = question.map(it -> it.verdict().stages().stream()
                        .flatMap(stage -> groups(event, stage))
                        .toList())
                .orElseGet(() -> groups(entry));
        return notifier.wants(event, risk, asked);
    }

    private Optional<Approval> approval(String request) {
        return store.look(tx -> approvals.find(tx, request)).map(Approvals.Row::approval);
    }

    private static Optional<Risk> risk(String word) {
        return Arrays.stream(Risk.values()).filter(it -> it.word().equals(word)).findFirst();
    }

    /// Those that a stage asks, and from the beginning nobody else.
    private static Stream<String> groups(Event event, Stage stage) {
        return event == Event.REQUEST_PENDING
                ? Stream.of(stage.group())
                : Stream.concat(Stream.of(stage.group()), stage.escalates().map(Escalation::to).stream());
    }

    /// Those to which it escalates.
    private static Set<String> escalated(EntryView entry) {
        return entry.body().get(Member.ESCALATES) instanceof List<?> all
                ? all.stream()
                        .filter(it -> it instanceof Map<?, ?> map && map.get(Member.TO) instanceof String)
                        .map(it -> String.valueOf(((Map<?, ?>) it).get(Member.TO)))
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /// Those that an entry says are asked.
    private static List<String> groups(EntryView entry) {
        return entry.body().get(Member.STAGES) instanceof List<?> stages
                ? stages.stream()
                        .filter(it -> it instanceof Map<?, ?> stage && stage.get(Member.GROUP) instanceof String)
                        .map(it -> String.valueOf(((Map<?, ?>) it).get(Member.GROUP)))
                        .toList()
                : List.of();
    }
}
