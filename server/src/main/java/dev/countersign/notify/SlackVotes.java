package dev.countersign.notify;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.http.Field;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.outward.OutwardClient;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.source.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// `POST /slack/{notifier}`: what somebody pressed under a message of ours, as Slack tells it.
///
/// Slack says who pressed, and signs that it does; the configuration says which person that is. Their vote goes
/// the way of every vote, and they are told what came of it where nobody else reads it. Slack waits three
/// seconds and sends it again: a second vote is none.
public final class SlackVotes {
    private static final Logger log = LoggerFactory.getLogger(SlackVotes.class);
    private static final int LONGEST = 64 * 1024;

    private final Supplier<List<Notifier>> notifiers;
    private final ChatVotes votes;
    private final Secrets secrets;
    private final SlackApi api;
    private final Desk desk;
    private final Panel panel;
    private final People people;
    private final String issuer;
    private final InstantSource clock;

    /// @param notifiers those in force
    /// @param issuer where pages are looked at
    public SlackVotes(
            Supplier<List<Notifier>> notifiers,
            ChatVotes votes,
            Secrets secrets,
            OutwardClient client,
            Desk desk,
            Panel panel,
            People people,
            String issuer,
            InstantSource clock) {
        this.notifiers = notifiers;
        this.votes = votes;
        this.secrets = secrets;
        this.api = new SlackApi(client);
        this.desk = desk;
        this.panel = panel;
        this.people = people;
        this.issuer = issuer;
        this.clock = clock;
    }

    /// Adds the route.
    public void routes(Routes routes) {
        routes.post("/slack/{notifier}", this::pressed);
    }

    /// Somebody pressed a button.
    private record Press(String by, String where, Vote.Word word, String request) {
        /// Empty for all else that Slack tells of: a button that is a link, say.
        static Optional<Press> of(JsonNode payload) {
            var action = payload.path("actions").path(0);
            var word = switch (action.path("action_id").stringValue("")) {
                case SlackApi.APPROVE -> Vote.Word.APPROVE;
                case SlackApi.DENY -> Vote.Word.DENY;
                default -> null;
            };
            return word == null || !payload.path("type").stringValue("").equals("block_actions")
                    ? Optional.empty()
                    : Optional.of(new Press(
                            payload.path("user").path("id").stringValue(""),
                            payload.path("channel").path("id").stringValue(""),
                            word,
                            action.path("value").stringValue("")));
        }
    }

    private Reply pressed(Request request) {
        var name = request.pathParam("notifier");
        var channel = notifiers.get().stream()
                .filter(it -> it.id().equals(name))
                .map(Notifier::channel)
                .filter(Notifier.Channel.Slack.class::isInstance)
                .map(Notifier.Channel.Slack.class::cast)
                .filter(it -> it.votes().isPresent())
                .findFirst()
                .orElseThrow(HttpFault::nowhere);
        bySlack(request, channel.votes().orElseThrow());
        Press.of(payload(request))
                .filter(it -> it.where().equals(channel.channel()))
                .ifPresent(it -> {
                    var said = vote(channel, it);
                    secrets.read(channel.token()).ifPresent(token -> tell(channel, token, it, said));
                });
        return Reply.text(200, "").noStore();
    }

    private void bySlack(Request request, Notifier.Channel.Slack.Votes its) {
        var body = request.body(LONGEST);
        var secret = secrets.read(its.signing());
        if (secret.isEmpty()) {
            log.warn("a call by Slack is refused, since {} holds no signing secret", its.signing());
        }
        var good = secret.filter(it -> SlackSignature.isGood(
                it,
                request.header("X-Slack-Request-Timestamp").orElse(""),
                request.header("X-Slack-Signature").orElse(""),
                body,
                clock.instant()));
        if (good.isEmpty()) {
            throw HttpFault.of(401, "this is not signed by Slack, or not lately");
        }
    }

    private static JsonNode payload(Request request) {
        try {
            return Json.read(request.form().stream()
                    .filter(it -> it.name().equals("payload"))
                    .map(Field::value)
                    .findFirst()
                    .orElse("{}"));
        } catch (Json.Malformed _) {
            throw HttpFault.of(400, "the payload is not JSON");
        }
    }

    /// @return what came of it, for who pressed
    private String vote(Notifier.Channel.Slack channel, Press press) {
        var page = issuer + "/requests/" + press.request();
        var person = person(channel, press);
        if (person.isEmpty()) {
            return "Your account in Slack is not linked to anybody who may vote. Sign in at " + page;
        }
        var seen = desk.see(press.request(), person.get());
        if (seen.isEmpty()) {
            return "There is no such request any more.";
        }
        if (!votes.on(seen.get(), channel)) {
            return "This is not decided in Slack. Open " + page;
        }
        var ballot = new Ballot(person.get(), press.word(), Optional.empty(), "", Via.SLACK);
        return said(panel.vote(press.request(), ballot), page);
    }

    /// Only the configuration says who is who: what a provider calls somebody is nobody's identity here.
    private Optional<PersonId> person(Notifier.Channel.Slack channel, Press press) {
        return Optional.ofNullable(channel.votes().orElseThrow().people().get(press.by()))
                .flatMap(user -> people.find(Person.LOCAL, user))
                .map(Person::id);
    }

    private static String said(Ballot.Result result, String page) {
        return switch (result) {
            case Ballot.Result.Counted(var now) ->
                now instanceof Approval.Pending
                        ? "Your vote counts. Others have to vote, too."
                        : "Your vote counts: the request is " + now.state() + ".";
            case Ballot.Result.Unknown() -> "There is no such request any more.";
            case Ballot.Result.NotPending(var now) -> "The request is " + now.state() + " already.";
            case Ballot.Result.AlreadyVoted() -> "You have voted on this request.";
            case Ballot.Result.NotEligible(var because) -> "Your vote does not count: " + because;
            case Ballot.Result.Wider _, Ballot.Result.Unsigned _, Ballot.Result.Stale _, Ballot.Result.NotSigned _ ->
                "This is not decided in Slack. Open " + page;
        };
    }

    /// Not waited for: the vote counts, whoever hears of it.
    private void tell(Notifier.Channel.Slack channel, String token, Press press, String said) {
        var _ = api.whisper(channel, token, press.by(), said)
                .exceptionally(thrown -> new Result.Failed(String.valueOf(thrown.getMessage())))
                .thenAccept(it -> {
                    if (!(it instanceof Result.Told)) {
                        log.warn("who voted in Slack on {} was not told what came of it: {}", press.request(), it);
                    }
                });
    }
}
