package dev.countersign.publish;

import dev.countersign.config.Changes;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Difference;
import dev.countersign.config.Fault;
import dev.countersign.config.Live;
import dev.countersign.config.NodeSettings;
import dev.countersign.config.Onto;
import dev.countersign.config.Read;
import dev.countersign.config.Version;
import dev.countersign.ledger.Entry;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts configurations in force. Whatever somebody offers is read as a whole and its tests are run before anything is
/// written; what has a fault changes nothing.
public final class Publishing {
    private final Store store;
    private final Configurations configurations;
    private final Live live;
    private final People people;
    private final NodeSettings node;

    /// @param node of the node that does it
    public Publishing(Store store, Configurations configurations, Live live, People people, NodeSettings node) {
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

    /// Publishes what is sent.
    public Result apply(Offer offer, Entry.Actor by) {
        return publish(Configuration.sent(offer.files(), node), new Onto(offer.base(), false), by);
    }

    /// Publishes the content of an earlier version again, as a new one.
    ///
    /// @param base the version that is to be replaced; empty for whatever is in force
    public Result rollback(long number, Optional<String> base, Entry.Actor by) {
        var content = content(number);
        return content.isEmpty()
                ? new Result.Unknown(number)
                : publish(Configuration.read(content.get(), node), new Onto(base, true), by);
    }

    private Result publish(Read read, Onto onto, Entry.Actor by) {
        return switch (read) {
            case Read.Bad(var faults) -> new Result.Faulty(faults);
            case Read.Good(var candidate, var warnings) ->
                new Result.Settled(live.publish(candidate, by, onto), warnings);
        };
    }

    /// What would be otherwise if that were in force.
    public Preview preview(Map<String, String> files) {
        return switch (Configuration.sent(files, node)) {
            case Read.Bad(var faults) -> new Preview.Faulty(faults);
            case Read.Good(var candidate, var warnings) -> preview(candidate, warnings);
        };
    }

    private Preview preview(Configuration candidate, List<Fault> warnings) {
        var inForce = live.known();
        return new Preview.Ready(
                candidate,
                warnings,
                inForce.map(Configuration::version).orElse(""),
                Changes.between(inForce.map(Configuration::content).orElse("{}"), candidate.content()),
                inForce.map(it -> Looser.between(it, candidate)).orElse(Looser.NONE));
    }

    /// A publication as it is listed.
    ///
    /// @param by the user name of who published it, or `operator` for who holds the server's host
    /// @param difference what it changed
    public record Past(Version version, String by, Difference difference) {}

    /// The last publications, the newest first.
    ///
    /// @param before those with smaller numbers; empty for the newest
    public List<Past> history(Optional<Long> before, int limit) {
        var found = store.read(tx -> configurations.history(tx, before, limit).stream()
                .map(it -> new Past(
                        it,
                        "",
                        Difference.between(
                                it.number() == 1 ? "{}" : configurations.content(tx, it.number() - 1),
                                configurations.content(tx, it.number()))))
                .toList());
        return found.stream()
                .map(it -> new Past(it.version(), name(it.version().by()), it.difference()))
                .toList();
    }

    /// A person's user name; the pseudonym of one who was forgotten.
    private String name(Entry.Actor by) {
        return by.kind().equals("person")
                ? people.find(new PersonId(by.id())).map(Person::user).orElse(by.id())
                : by.kind();
    }

    private Optional<String> content(long number) {
        return store.read(tx -> configurations.find(tx, number));
    }
}
