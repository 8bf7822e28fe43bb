package dev.countersign.notify;

import dev.countersign.approval.Approval;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Question;
import dev.countersign.http.Json;
import dev.countersign.issued.Handles;
import dev.countersign.outward.Call;
import dev.countersign.outward.OutwardClient;
import dev.countersign.outward.Reach;
import dev.countersign.people.People;
import dev.countersign.people.PersonId;
import dev.countersign.source.Secrets;
import dev.countersign.store.Store;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/// The ways to tell somebody, each in its own form.
public final class Channels {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(5);

    /// A secret that is a URL: https, or http to this machine.
    private static final Pattern URLS =
            Pattern.compile("https://[!-~]{1,1900}|http://(localhost|127[.][0-9.]{5,11}|\\[::1])(:[0-9]{1,5})?/[!-~]*");

    private final OutwardClient client;
    private final MailSender mails;
    private final SlackApi slack;
    private final Secrets secrets;
    private final Store store;
    private final Handles handles;
    private final People people;
    private final Supplier<InForce> inForce;
    private final ChatVotes votes;
    private final BiPredicate<PersonId, Question> leftAlone;
    private final InstantSource clock;
    private final Messages messages = new Messages();

    /// @param leftAlone whether somebody is not asked now who was, since they are away, or not on call any more
    public Channels(
            OutwardClient client,
            MailSender mails,
            Secrets secrets,
            Store store,
            Handles handles,
            People people,
            Supplier<InForce> inForce,
            ChatVotes votes,
            BiPredicate<PersonId, Question> leftAlone,
            InstantSource clock) {
        this.client = client;
        this.mails = mails;
        this.slack = new SlackApi(client);
        this.secrets = secrets;
        this.store = store;
        this.handles = handles;
        this.people = people;
        this.inForce = inForce;
        this.votes = votes;
        this.leftAlone = leftAlone;
        this.clock = clock;
    }

    /// Sends once. What comes back is there within a minute.
    CompletableFuture<Result> send(Notifier notifier, Letter letter) {
        return switch (notifier.channel()) {
            case Notifier.Channel.Webhook webhook -> webhook(webhook, letter);
            case Notifier.Channel.Callbacks callbacks -> call(callbacks, letter);
            case Notifier.Channel.Mail mail -> mail(mail, letter);
            case Notifier.Channel.Slack it -> slack(it, letter);
            case Notifier.Channel.Teams teams -> teams(teams, letter);
        };
    }

    private static CompletableFuture<Result> done(Result result) {
        return CompletableFuture.completedFuture(result);
    }

    private static CompletableFuture<Result> without(String file, String what) {
        return done(new Result.Failed("was told nothing, since " + file + " holds no " + what));
    }

    /// Standard Webhooks 1.0: what is signed is what is sent, byte for byte, with the time of this try.
    private CompletableFuture<Result> webhook(Notifier.Channel.Webhook webhook, Letter letter) {
        var keys = new ArrayList<SecretKeySpec>();
        for (var file : webhook.secrets()) {
            var key = secrets.read(file).flatMap(Signature::key);
            if (key.isEmpty()) {
                return without(file, "`whsec_` secret");
            }
            keys.add(key.get());
        }
        var now = clock.instant();
        var body = letter.json();
        var id = letter.message().id();
        return client.send(new Call(
                        "POST",
                        webhook.url(),
                        Map.of(
                                "Content-Type",
                                "application/json",
                                "webhook-id",
                                id,
                                "webhook-timestamp",
                                Long.toString(now.getEpochSecond()),
                                "webhook-signature",
                                Signature.of(keys, id, now, body)),
                        body,
                        PATIENCE,
                        Reach.OPERATOR))
                .thenApply(Result::of);
    }

    /// Deferred Token Response §2.8: that it is decided, to the client that holds the code, and neither what
    /// was decided nor anything else. Not once the code is over; where it has been collected or taken back
    /// there is nothing to come for.
    private CompletableFuture<Result> call(Notifier.Channel.Callbacks callbacks, Letter letter) {
        var recipient = Recipient.parse(letter.message().recipient());
        var found = store.look(tx -> handles.callback(tx, recipient.hash()));
        var endpoint = callbacks.endpoints().get(recipient.client());
        boolean waits = letter.approval()
                .filter(it -> it instanceof Approval.Approved || it instanceof Approval.Denied)
                .isPresent();
        if (found.isEmpty() || endpoint == null || !waits) {
            return done(new Result.Moot());
        }
        var callback = found.get();
        if (!clock.instant().isBefore(callback.handle().expiresAt())) {
            return done(new Result.Moot());
        }
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", "application/json");
        if (!callback.token().isEmpty()) {
            headers.put("Authorization", "Bearer " + callback.token());
        }
        return client.send(new Call(
                        "POST",
                        endpoint,
                        headers,
                        Json.write(Map.of("deferral_code", callback.code())),
                        SHORT,
                        // http leads to this machine, and only an operator writes it.
                        "http".equals(endpoint.getScheme()) ? Reach.OPERATOR : Reach.PUBLIC))
                .thenApply(Result::ofCallback);
    }

    /// What people are told who are asked, and then what became of it.
    private CompletableFuture<Result> people(Letter letter, Function<Words, CompletableFuture<Result>> tell) {
        var approval = letter.approval();
        var event = letter.message().event();
        if (event == Event.BREAK_GLASS_USED) {
            return letter.glass()
                    .map(it -> tell.apply(Words.of(it, inForce.get())))
                    .orElseGet(() -> done(new Result.Moot()));
        }
        boolean asks = event.asks() || event.reminds();
        boolean waits = approval.filter(Approval.Pending.class::isInstance).isPresent();
        // Nobody is asked any more about what is decided by now.
        return approval.isEmpty() || asks != waits
                ? done(new Result.Moot())
                : tell.apply(Words.of(approval.get(), inForce.get(), clock.instant()));
    }

    /// Where it stands what was posted first to the same recipient; empty when nothing was.
    private Optional<String> posted(Message message) {
        return Stream.of(Event.REQUEST_PENDING, Event.REQUEST_ESCALATED)
                .filter(it -> it != message.event())
                .flatMap(it -> store
                        .look(tx ->
                                messages.reference(tx, message.notifier(), message.request(), message.recipient(), it))
                        .stream())
                .findFirst();
    }

    private CompletableFuture<Result> mail(Notifier.Channel.Mail mail, Letter letter) {
        var message = letter.message();
        var person = people.find(new PersonId(message.recipient()));
        boolean voted = letter.approval().stream()
                .flatMap(it -> it.heard().stream())
                .flatMap(it -> Stream.of(it.reviewer(), it.speaksFor()))
                .anyMatch(it -> it.value().equals(message.recipient()));
        boolean reminds = message.event().reminds();
        // Nobody is asked while they are away or not on call, also of what was on its way to them.
        boolean asks = message.event().asks() || reminds;
        boolean needless = (reminds && voted)
                || (asks
                        && letter.approval()
                                .filter(it -> leftAlone.test(new PersonId(message.recipient()), it.question()))
                                .isPresent());
        if (person.isEmpty()
                || person.get().email().isEmpty()
                || needless
                || (!message.event().namesPeople() && posted(message).isEmpty())) {
            return done(new Result.Moot());
        }
        var thread = MailSender.thread(message);
        return people(
                letter,
                words -> mails.send(
                        mail,
                        new MailSender.Mail(
                                person.get().email(),
                                thread,
                                message.event(),
                                words,
                                letter.url(),
                                letter.entry().at())));
    }

    private CompletableFuture<Result> slack(Notifier.Channel.Slack to, Letter letter) {
        var token = secrets.read(to.token());
        if (token.isEmpty()) {
            return without(to.token(), "bot token");
        }
        var message = letter.message();
        var posted = posted(message);
        if (posted.isEmpty() && message.event().begins()) {
            boolean takesVotes =
                    letter.approval().filter(it -> votes.on(it.question(), to)).isPresent();
            return people(letter, words -> slack.post(to, token.get(), message, takesVotes, words, letter.url()));
        }
        if (posted.isEmpty()) {
            return done(new Result.Moot());
        }
        return people(
                letter,
                words -> message.event().reminds() || message.event().asks()
                        ? slack.remind(to, token.get(), posted.get(), words)
                        : slack.update(to, token.get(), posted.get(), words, letter.url()));
    }

    private CompletableFuture<Result> teams(Notifier.Channel.Teams to, Letter letter) {
        var url = secrets.read(to.url()).filter(it -> URLS.matcher(it).matches());
        if (url.isEmpty()) {
            return without(to.url(), "URL of a workflow");
        }
        if (!letter.message().event().begins() && posted(letter.message()).isEmpty()) {
            return done(new Result.Moot());
        }
        return people(
                letter,
                words -> client.send(new Call(
                                "POST",
                                URI.create(url.get()),
                                Map.of("Content-Type", "application/json"),
                                TeamsCard.of(words, letter.url()),
                                PATIENCE,
                                Reach.OPERATOR))
                        .thenApply(Result::of));
    }
}
