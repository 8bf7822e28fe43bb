package dev.countersign.dashboard;

import dev.countersign.approval.InForce;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.Absence;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Membership;
import dev.countersign.people.Memberships;
import dev.countersign.people.OnCallCalendar;
import dev.countersign.people.Passkeys;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.people.Sessions;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Escalation;
import dev.countersign.policy.Rule;
import dev.countersign.policy.Stage;
import dev.countersign.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `/groups` and `/people`: who belongs where and who says so, and which rules ask them.
final class CrowdPages {
    private static final int LISTED = 200;
    private static final int NEXT = 5;

    private final Door door;
    private final Store store;
    private final People people;
    private final Memberships memberships;
    private final Sessions sessions;
    private final Absences absences;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;
    private final Passkeys passkeys = new Passkeys();

    CrowdPages(
            Door door,
            Store store,
            People people,
            Memberships memberships,
            Sessions sessions,
            Absences absences,
            Wording wording,
            Renderer renderer,
            Supplier<InForce> inForce,
            InstantSource clock) {
        this.door = door;
        this.store = store;
        this.people = people;
        this.memberships = memberships;
        this.sessions = sessions;
        this.absences = absences;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
        this.clock = clock;
    }

    Reply groups(Request request) {
        return door.look(
                request,
                ApiScope.REQUESTS_READ,
                visit -> page(
                        visit,
                        "Groups",
                        new CrowdView(known().entrySet().stream()
                                .map(it -> row(it.getKey(), it.getValue()))
                                .toList())));
    }

    Reply group(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var name = visit.query("name");
            var members = Optional.ofNullable(known().get(name))
                    .orElseThrow(() -> HttpFault.of(404, "There is no such group."));
            var stays = memberships.ofGroupAt(name, clock.instant()).stream()
                    .map(this::stay)
                    .sorted(Comparator.comparing(it -> it.name().toLowerCase(Locale.ROOT)))
                    .toList();
            return page(visit, name, new CrowdView.Group(row(name, members), stays, onCall(name)));
        });
    }

    Reply people(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var text = visit.query("q").strip();
            var found = people.present().stream()
                    .filter(it -> (it.name() + " " + it.user())
                            .toLowerCase(Locale.ROOT)
                            .contains(text.toLowerCase(Locale.ROOT)))
                    .limit(LISTED + 1L)
                    .toList();
            var lines = found.stream().limit(LISTED).map(this::line).toList();
            return page(visit, "People", new CrowdView.People(lines, text, found.size() > LISTED));
        });
    }

    Reply person(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var person = people.find(new PersonId(request.pathParam("id")))
                    .filter(Person::isNamed)
                    .orElseThrow(() -> HttpFault.of(404, "There is no such person."));
            return page(visit, person.name(), person(visit, person));
        });
    }

    private Reply page(Visit visit, String title, View view) {
        return Reply.html(200, renderer.page(door.frame(visit, Wording.inert(title), Section.GROUPS), view));
    }

    /// How many belong to each group there is: that somebody is in, that a rule asks, or that owns something.
    private Map<String, Integer> known() {
        var all = new TreeMap<String, Integer>();
        var now = inForce.get();
        Stream.of(
                        now.policy().rules().stream().flatMap(CrowdPages::asked),
                        now.clients().values().stream().map(it -> it.owner()),
                        now.resources().values().stream().map(it -> it.owner()))
                .flatMap(it -> it)
                .forEach(it -> all.put(it, 0));
        memberships.calendars().forEach(it -> all.put(it.group(), 0));
        all.putAll(store.read(memberships::sizes));
        return all;
    }

    /// The groups that a rule asks, also those that it asks after a silence.
    private static Stream<String> asked(Rule rule) {
        return stages(rule)
                .flatMap(it -> Stream.concat(Stream.of(it.group()), it.escalates().map(Escalation::to).stream()));
    }

    private static Stream<Stage> stages(Rule rule) {
        return switch (rule.then()) {
            case Effect.Review it -> it.stages().stream();
            case Effect.BreakTheGlass it -> it.stages().stream();
            case Effect.Approve _, Effect.Deny _ -> Stream.of();
        };
    }

    private CrowdView.Row row(String name, int members) {
        var now = inForce.get();
        return new CrowdView.Row(
                name,
                members,
                now.policy().rules().stream()
                        .filter(it -> asked(it).anyMatch(name::equals))
                        .map(Rule::name)
                        .toList(),
                Stream.concat(
                                now.clients().values().stream()
                                        .filter(it -> it.owner().equals(name))
                                        .map(it -> wording.client(it.id())),
                                now.resources().values().stream()
                                        .filter(it -> it.owner().equals(name))
                                        .map(it -> wording.resource(it.id())))
                        .sorted()
                        .toList());
    }

    private CrowdView.Stay stay(Membership it) {
        return new CrowdView.Stay(
                it.person().value(),
                wording.person(it.person()),
                it.group(),
                it.isShift() ? "a calendar" : it.lapses().isEmpty() ? "the configuration" : "a provider",
                it.counts(clock.instant()) ? "" : "does not count until the provider says it again",
                new Moment(it.shift().map(Membership.Shift::since).orElse(it.since())));
    }

    private Optional<CrowdView.OnCall> onCall(String group) {
        return memberships.calendars().stream()
                .filter(it -> it.group().equals(group))
                .map(this::onCall)
                .findFirst();
    }

    private CrowdView.OnCall onCall(OnCallCalendar it) {
        var now = clock.instant();
        return new CrowdView.OnCall(
                it.at(now).entrySet().stream()
                        .map(who -> turn(who.getKey(), Optional.empty(), who.getValue()))
                        .toList(),
                it.next(now).stream()
                        .limit(NEXT)
                        .map(turn -> turn(turn.person(), Optional.of(new Moment(turn.since())), turn.until()))
                        .toList(),
                heard(it, now),
                it.trouble().isPresent(),
                it.strangers().stream().map(Wording::inert).toList(),
                it.names().values().stream()
                        .distinct()
                        .map(wording::person)
                        .sorted()
                        .toList());
    }

    private CrowdView.Turn turn(PersonId person, Optional<Moment> from, Instant until) {
        return new CrowdView.Turn(person.value(), wording.person(person), from, new Moment(until));
    }

    private static String heard(OnCallCalendar it, Instant now) {
        if (it.trouble().isEmpty()) {
            return it.heard()
                    .map(heard -> "The calendar was heard at " + new Moment(heard.at()).utc() + ".")
                    .orElse("The calendar was not heard yet: nobody is on call by it.");
        }
        var trouble = it.trouble().get();
        return "The calendar is not heard since " + new Moment(trouble.since()).utc() + ": " + trouble.fault() + ". "
                + it.good()
                        .filter(now::isBefore)
                        .map(until -> "What it said last holds until " + new Moment(until).utc() + ".")
                        .orElse("Nobody is on call by it.");
    }

    private CrowdView.Line line(Person it) {
        return new CrowdView.Line(
                it.id().value(), it.name(), it.user(), List.copyOf(memberships.groupsOf(it.id(), clock.instant())));
    }

    private CrowdView.Person person(Visit visit, Person it) {
        int keys = store.read(tx -> passkeys.of(tx, it.id())).size();
        return new CrowdView.Person(
                it.id().value(),
                it.name(),
                it.user(),
                keys == 0 ? "none" : keys == 1 ? "one" : Integer.toString(keys),
                visit.caller().may(ApiScope.ADMIN) ? Optional.of(signedIn(it)) : Optional.empty(),
                Optional.ofNullable(absences.now().get(it.id())).map(this::away),
                store.<List<Membership>>read(tx -> memberships.of(tx, it.id())).stream()
                        .filter(stay -> stay.isThere(clock.instant()))
                        .map(this::stay)
                        .sorted(Comparator.comparing(CrowdView.Stay::group))
                        .toList());
    }

    private String away(Absence it) {
        return "until " + new Moment(it.until()).utc()
                + it.substitute()
                        .map(who -> "; " + wording.person(who) + " stands in")
                        .orElse("");
    }

    private String signedIn(Person it) {
        return sessions.lastOf(it.id()).map(at -> new Moment(at).utc()).orElse("not in the last 30 days");
    }
}
