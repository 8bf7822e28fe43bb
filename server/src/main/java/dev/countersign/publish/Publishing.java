package dev.countersign.publish;

import dev.countersign.approval.Approvals;
import dev.countersign.approval.Asker;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Vote;
import dev.countersign.config.Changes;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Difference;
import dev.countersign.config.Fault;
import dev.countersign.config.Live;
import dev.countersign.config.NodeSettings;
import dev.countersign.config.Onto;
import dev.countersign.config.Published;
import dev.countersign.config.Read;
import dev.countersign.config.Version;
import dev.countersign.http.Json;
import dev.countersign.ledger.Entry;
import dev.countersign.people.People;
import dev.countersign.people.PersonId;
import dev.countersign.proof.Claims;
import dev.countersign.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts configurations in force. Whatever somebody offers is read as a whole, its tests are run and its claims proved
/// before anything is written; what has a fault changes nothing.
public final class Publishing {
    private final Store store;
    private final Configurations configurations;
    private final Live live;
    private final People people;
    private final NodeSettings node;
    private final Claims claims;
    private final Optional<Asking> asking;
    private final Publications publications = new Publications();
    private final Approvals approvals = new Approvals();

    /// @param asking where policy has a word in it; empty on a host where no server runs, and nothing is published then
    /// @param node of the node that does it
    public Publishing(
            Store store,
            Configurations configurations,
            Live live,
            People people,
            NodeSettings node,
            Claims claims,
            Optional<Asking> asking) {
        this.claims = claims;
        this.asking = asking;
        this.people = people;
        this.store = store;
        this.configurations = configurations;
        this.live = live;
        this.node = node;
    }

    /// What somebody wants in force.
    ///
    /// @param files the texts of a configuration folder, by file name
    /// @param base the version it was made from; empty for whatever is in force
    public record Offer(Map<String, String> files, Optional<String> base) {}

    /// Publishes what is sent, or asks whom policy wants asked.
    public Result apply(Offer offer, By by) {
        return publish(Configuration.sent(offer.files(), node), new Onto(offer.base(), false), by);
    }

    /// Publishes the content of an earlier version again, as a new one.
    ///
    /// @param base the version that is to be replaced; empty for whatever is in force
    public Result rollback(long number, Optional<String> base, By by) {
        var content = content(number);
        return content.isEmpty()
                ? new Result.Unknown(number)
                : publish(Configuration.read(content.get(), node), new Onto(base, true), by);
    }

    /// Who publishes.
    public sealed interface By {
        /// Who holds the server's host.
        record Operator(Entry.Actor actor) implements By {}

        /// An administrator, and what they tell reviewers.
        record Administrator(Asker asker) implements By {}
    }

    /// The way of every publication: it is validated and tested, which the reading has done; then what it claims is
    /// proved; and then it is for policy and for people.
    private Result publish(Read read, Onto onto, By by) {
        return switch (claims.tried(read)) {
            case Read.Bad bad -> new Result.Faulty(bad);
            case Read.Good(var candidate, var warnings, _) -> settle(candidate, warnings, onto, by);
        };
    }

    private Result settle(Configuration candidate, List<Fault> warnings, Onto onto, By by) {
        live.refresh();
        return switch (by) {
            case By.Operator(var actor) -> unasked(candidate, warnings, onto, actor);
            case By.Administrator(var asker) ->
                asking.filter(Asking::isNeeded)
                        .map(it -> it.ask(candidate, warnings, onto, asker))
                        .orElseGet(() -> unasked(
                                candidate,
                                warnings,
                                onto,
                                new Entry.Actor("person", asker.person().value())));
        };
    }

    /// Nobody has a word in it. Who publishes is told afterwards what others would have been shown first.
    private Result unasked(Configuration candidate, List<Fault> warnings, Onto onto, Entry.Actor by) {
        var before = live.known();
        var published = live.publish(candidate, by, onto);
        return new Result.Settled(
                published,
                warnings,
                before.filter(_ -> published instanceof Published.Done)
                        .map(it -> Json.node(
                                Unattended.between(it, candidate, claims).json())));
    }

    /// What would be otherwise if that were in force.
    public Preview preview(Map<String, String> files) {
        return switch (Configuration.sent(files, node)) {
            case Read.Bad bad -> new Preview.Faulty(bad);
            case Read.Good(var candidate, var warnings, _) -> preview(candidate, warnings);
        };
    }

    private Preview preview(Configuration candidate, List<Fault> warnings) {
        live.refresh();
        return live.known()
                .map(it -> preview(candidate, warnings, it, claims))
                .orElseGet(() -> new Preview.Ready(
                        candidate,
                        warnings,
                        "",
                        Changes.between("{}", candidate.content()),
                        Looser.NONE,
                        Unattended.NONE));
    }

    static Preview preview(Configuration candidate, List<Fault> warnings, Configuration inForce, Claims prover) {
        return new Preview.Ready(
                candidate,
                warnings,
                inForce.version(),
                Changes.between(inForce.content(), candidate.content()),
                Looser.between(inForce, candidate),
                Unattended.between(inForce, candidate, prover));
    }

    /// A publication as it is listed.
    ///
    /// @param by the user name of who published it, or `operator` for who holds the server's host
    /// @param approvedBy the user names of who approved it, or `policy`; empty when policy had no word in it
    /// @param difference what it changed
    public record Past(Version version, String by, List<String> approvedBy, Difference difference) {}

    /// The last publications, the newest first.
    ///
    /// @param before those with smaller numbers; empty for the newest
    public List<Past> history(Optional<Long> before, int limit) {
        var found = store.read(tx -> configurations.history(tx, before, limit).stream()
                .map(it -> new Past(
                        it,
                        "",
                        List.of(),
                        Difference.between(
                                it.number() == 1 ? "{}" : configurations.content(tx, it.number() - 1),
                                configurations.content(tx, it.number()))))
                .toList());
        return found.stream()
                .map(it -> new Past(
                        it.version(),
                        name(it.version().by()),
                        approvers(it.version().number()),
                        it.difference()))
                .toList();
    }

    private List<String> approvers(long number) {
        var request = store.read(tx -> publications.request(tx, number));
        if (request.isEmpty()) {
            return List.of();
        }
        var row = store.read(tx -> approvals.find(tx, request.get()));
        return row.map(it -> it.approval().heard().stream()
                        .filter(vote -> vote.word() == Vote.Word.APPROVE)
                        .map(vote ->
                                name(new Entry.Actor("person", vote.reviewer().value())))
                        .toList())
                .orElse(List.of("policy"));
    }

    /// A person's user name; the pseudonym of one who was forgotten.
    private String name(Entry.Actor by) {
        return by.kind().equals("person") ? people.user(new PersonId(by.id())) : by.kind();
    }

    private Optional<String> content(long number) {
        return store.read(tx -> configurations.find(tx, number));
    }
}
