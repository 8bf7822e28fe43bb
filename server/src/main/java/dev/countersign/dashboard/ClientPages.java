package dev.countersign.dashboard;

import dev.countersign.access.Permission;
import dev.countersign.access.PermissionUse;
import dev.countersign.access.Report;
import dev.countersign.access.Reports;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.InForce;
import dev.countersign.client.Client;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.store.Store;
import dev.countersign.usage.Counter;
import dev.countersign.usage.Daily;
import dev.countersign.usage.Profiles;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/clients` and `/clients/{id}`: who may ask, what they do, and what they may and never do.
final class ClientPages {
    private static final Duration WINDOW = Duration.ofDays(90);
    private static final int LISTED = 2_000;
    private static final int DAYS_LISTED = 30;
    private static final int STEP_LISTED = 5;
    private static final int STEP = 4;

    private final Door door;
    private final Store store;
    private final Freezes freezes;
    private final Profiles profiles;
    private final Reports reports;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;

    ClientPages(
            Door door,
            Store store,
            Freezes freezes,
            Profiles profiles,
            Reports reports,
            Wording wording,
            Renderer renderer,
            Supplier<InForce> inForce,
            InstantSource clock) {
        this.door = door;
        this.store = store;
        this.freezes = freezes;
        this.profiles = profiles;
        this.reports = reports;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
        this.clock = clock;
    }

    Reply list(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var frame = door.frame(visit, "Clients", Section.CLIENTS);
            return Reply.html(200, renderer.page(frame, clients()));
        });
    }

    Reply one(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var client = Optional.ofNullable(inForce.get().clients().get(request.pathParam("id")))
                    .orElseThrow(() -> HttpFault.of(404, "There is no such client."));
            var frame = door.frame(visit, wording.client(client.id()), Section.CLIENTS);
            return Reply.html(200, renderer.page(frame, client(client)));
        });
    }

    /// What is known of use; nothing while profiles are behind the ledger, and then why.
    private record Known(Map<String, Report> reports, String unknown) {}

    private static Known known(Supplier<Stream<Report>> reports) {
        try {
            return new Known(reports.get().collect(Collectors.toMap(Report::client, Function.identity())), "");
        } catch (Reports.Behind behind) {
            return new Known(
                    Map.of(), "Use is not known now, since this node is behind the ledger. Try again shortly.");
        }
    }

    private ClientsView clients() {
        var known = known(() -> reports.list(WINDOW, "", LISTED).stream());
        var frozen = frozen();
        return new ClientsView(
                new TreeMap<>(inForce.get().clients())
                        .values().stream()
                                .map(it -> row(
                                        it, Optional.ofNullable(known.reports().get(it.id())), frozen))
                                .sorted(Comparator.comparing(it -> it.name().toLowerCase(Locale.ROOT)))
                                .toList(),
                known.unknown());
    }

    private Set<String> frozen() {
        return new HashSet<>(store.read(freezes::standing).stream()
                .filter(it -> it.kind() == Freezes.Kind.CLIENT)
                .map(Freezes.Freeze::target)
                .toList());
    }

    private ClientsView.Row row(Client client, Optional<Report> report, Set<String> frozen) {
        var days = profiles.daysOf(client.id()).map(it -> it.last(DAYS_LISTED, today()));
        return new ClientsView.Row(
                client.id(),
                wording.client(client.id()),
                client.owner(),
                states(client, report, frozen),
                days.map(it -> Bars.of(it, STEP_LISTED)).filter(Bars::any),
                days.map(Bars::totals).orElse(""),
                report.flatMap(Report::lastToken).map(Moment::new),
                report.filter(it -> it.unused() > 0)
                        .map(it -> it.unused() + " of " + it.permissions().size() + " permissions unused")
                        .orElse(""));
    }

    private List<String> states(Client client, Optional<Report> report, Set<String> frozen) {
        var now = clock.instant();
        var states = new ArrayList<String>();
        if (client.disabled()) {
            states.add("disabled");
        }
        if (frozen.contains(client.id())) {
            states.add("frozen");
        }
        client.observe()
                .filter(it -> it.holds(now))
                .ifPresent(it -> states.add("observed only until " + new Moment(it.until()).utc()));
        report.flatMap(Report::attestedUntil).ifPresent(it -> states.add("attested until " + new Moment(it).utc()));
        return List.copyOf(states);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private ClientView client(Client client) {
        var known = known(() -> reports.of(client.id(), WINDOW).stream());
        var report = Optional.ofNullable(known.reports().get(client.id()));
        return new ClientView(
                row(client, report, frozen()),
                client.tags(),
                profiles.daysOf(client.id())
                        .map(it -> Bars.of(it.last(Daily.KEPT, today()), STEP))
                        .filter(Bars::any),
                profiles.weekOf(client.id()).map(Picture::of),
                profiles.profileOf(client.id()).map(this::tokens).orElse(""),
                report.map(it -> permissions(it)).orElse(List.of()),
                report.map(Report::advice).orElse(""),
                report.map(Report::registration).orElse(""),
                known.unknown());
    }

    private String tokens(Counter ever) {
        return "%,d token%s on %,d day%s, the first on %s, the last on %s"
                .formatted(
                        ever.uses(),
                        ever.uses() == 1 ? "" : "s",
                        ever.days(),
                        ever.days() == 1 ? "" : "s",
                        new Moment(ever.first()).day(),
                        new Moment(ever.last()).utc());
    }

    private List<ClientView.Permission> permissions(Report report) {
        return report.permissions().stream()
                .sorted(Comparator.comparingInt((PermissionUse it) -> it.state() == PermissionUse.State.UNUSED ? 0 : 1))
                .map(it -> permission(it, report.at()))
                .toList();
    }

    private ClientView.Permission permission(PermissionUse use, Instant now) {
        var it = use.permission();
        return new ClientView.Permission(
                switch (it.kind()) {
                    case GRANT -> "grant " + it.name();
                    case SCOPE -> it.name();
                    case DETAILS -> "details " + it.name();
                },
                it.kind() == Permission.Kind.GRANT ? "" : wording.resource(it.resource()),
                use.state().word(),
                use.said(now));
    }
}
