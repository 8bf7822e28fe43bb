package dev.countersign.publish;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Administration;
import dev.countersign.approval.Asker;
import dev.countersign.approval.Gate;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Judge;
import dev.countersign.approval.Outcome;
import dev.countersign.approval.Publications;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Fault;
import dev.countersign.config.Live;
import dev.countersign.config.Onto;
import dev.countersign.config.Read;
import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Scopes;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for a publication where policy has a word in it: an access request like any other, through the same gate. What
/// is approved comes into force once, and only in the place of what it was made from.
public final class Asking {
    private static final Logger log = LoggerFactory.getLogger(Asking.class);

    private final Store store;
    private final Configurations configurations;
    private final Live live;
    private final Publications publications;
    private final Gate gate;
    private final Supplier<InForce> inForce;
    private final Briefing briefing;
    private final InstantSource clock;

    public Asking(
            Store store,
            Configurations configurations,
            Live live,
            Publications publications,
            Gate gate,
            Supplier<InForce> inForce,
            Briefing briefing,
            InstantSource clock) {
        this.store = store;
        this.configurations = configurations;
        this.live = live;
        this.publications = publications;
        this.gate = gate;
        this.inForce = inForce;
        this.briefing = briefing;
        this.clock = clock;
    }

    /// Whether policy has a word in what replaces the configuration in force.
    boolean isNeeded() {
        return Administration.among(live.get().resources()).isPresent();
    }

    /// Puts it in force when policy lets it through, and asks people when policy says so.
    Result ask(Configuration candidate, List<Fault> warnings, Onto onto, Asker asker) {
        var settled = store.read(tx -> configurations.against(tx, candidate, onto));
        if (settled.isPresent()) {
            return new Result.Settled(settled.get(), warnings, Optional.empty());
        }
        var base = live.get();
        // First: it takes a while, and a request is told of when it is made.
        var shown = briefing.of(candidate, warnings, base);
        var now = inForce.get();
        var request =
                request(candidate, base, Administration.among(now.resources()).orElseThrow(), asker);
        var use = new PublicationUse(
                configurations, publications, live, candidate, base.version(), request.details(), shown);
        return switch (gate.settle(Judge.publication(now, request), use)) {
            case Outcome.Go _ ->
                new Result.Settled(
                        use.published(), warnings, Optional.of(Json.read(shown).path("unattended")));
            case Outcome.Wait(var id, _) -> asked(id, candidate, warnings, shown);
            case Outcome.Ready(var id) -> asked(id, candidate, warnings, shown);
            case Outcome.No(_, var said) -> new Result.Refused(said);
        };
    }

    /// The same publication may have been asked for before: reviewers are shown what was made then.
    private Result asked(String id, Configuration candidate, List<Fault> warnings, String made) {
        var shown = store.read(tx -> publications.shown(tx, id)).orElse(made);
        return new Result.Asked(id, candidate.version(), warnings, shown);
    }

    private AccessRequest request(Configuration candidate, Configuration base, Resource server, Asker asker) {
        return new AccessRequest(
                Ids.next(),
                Administration.CLIENT,
                asker.person().value(),
                server.id(),
                Scopes.of(List.of(Administration.PUBLISH)),
                details(candidate, base.version()),
                Optional.empty(),
                asker.reason(),
                asker.ticket(),
                "",
                asker.origin(),
                clock.instant());
    }

    private static AuthorizationDetails details(Configuration candidate, String base) {
        var object = Map.of("type", Administration.TYPE, "version", candidate.version(), "previous", base);
        return new AuthorizationDetails(Json.canonical(Json.node(List.of(object))));
    }

    /// Puts in force what was approved, whichever node it was asked or approved at. What cannot be any more ends, with
    /// the reason; what this release cannot read is left to one that can.
    public void finish() {
        for (var id : store.read(publications::approved)) {
            try {
                store.read(tx -> publications.find(tx, id)).ifPresent(this::finish);
            } catch (RuntimeException later) {
                log.warn("what request {} asked for is not in force yet, and will be tried again", id, later);
            }
        }
    }

    private void finish(Publications.Publication it) {
        switch (Configuration.read(it.content(), live.get().node())) {
            case Read.Bad(var faults, _, _) ->
                log.error("configuration {} was approved and cannot be read here: {}", it.version(), faults);
            case Read.Good(var candidate, _, _) -> {
                var outcome = gate.use(
                        it.request(),
                        new PublicationUse(
                                configurations,
                                publications,
                                live,
                                candidate,
                                it.base(),
                                details(candidate, it.base()),
                                it.shown()));
                log.info(
                        "configuration {} was approved by request {}: {}",
                        it.version(),
                        it.request(),
                        outcome.said("it is in force"));
            }
        }
    }
}
