package dev.countersign.review;

import dev.countersign.approval.InForce;
import dev.countersign.client.Client;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.mint.Keys;
import dev.countersign.oauth.Observe;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Memberships;
import dev.countersign.people.OnCallCalendar;
import dev.countersign.people.People;
import dev.countersign.store.WrappedKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What is configured: clients, resources, groups, the version in force, and the token signing keys. No secrets, and no
/// hashes of secrets.
final class CatalogApi {
    /// As many of the shifts that come as are told.
    private static final int NEXT = 5;

    private final Guard guard;
    private final Supplier<InForce> inForce;
    private final People people;
    private final Memberships memberships;
    private final Keys keys;
    private final InstantSource clock;

    CatalogApi(
            Guard guard,
            Supplier<InForce> inForce,
            People people,
            Memberships memberships,
            Keys keys,
            InstantSource clock) {
        this.guard = guard;
        this.inForce = inForce;
        this.people = people;
        this.memberships = memberships;
        this.keys = keys;
        this.clock = clock;
    }

    Reply clients(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        return all(new TreeMap<>(inForce.get().clients())
                .values().stream().map(CatalogApi::client).toList());
    }

    Reply resources(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        return all(new TreeMap<>(inForce.get().resources())
                .values().stream().map(CatalogApi::resource).toList());
    }

    Reply groups(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        var now = clock.instant();
        var groups = new TreeMap<String, TreeSet<String>>();
        for (var person : people.present()) {
            for (var group : memberships.groupsOf(person.id(), now)) {
                groups.computeIfAbsent(group, _ -> new TreeSet<>()).add(person.user());
            }
        }
        var calendars =
                memberships.calendars().stream().collect(Collectors.toMap(OnCallCalendar::group, Function.identity()));
        calendars.keySet().forEach(it -> groups.computeIfAbsent(it, _ -> new TreeSet<>()));
        return all(groups.entrySet().stream()
                .map(it -> group(it.getKey(), it.getValue(), Optional.ofNullable(calendars.get(it.getKey())), now))
                .toList());
    }

    private Map<String, Object> group(
            String name, Collection<String> members, Optional<OnCallCalendar> calendar, Instant now) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", name);
        json.put("members", List.copyOf(members));
        calendar.ifPresent(it -> json.put("on_call", onCall(it, now)));
        return json;
    }

    private Map<String, Object> onCall(OnCallCalendar it, Instant now) {
        var json = new LinkedHashMap<String, Object>();
        json.put(
                "now",
                it.at(now).entrySet().stream()
                        .map(who -> Map.of(
                                "person",
                                people.user(who.getKey()),
                                "until",
                                who.getValue().toString()))
                        .toList());
        json.put(
                "next",
                it.next(now).stream()
                        .limit(NEXT)
                        .map(turn -> Map.of(
                                "person", people.user(turn.person()),
                                "from", turn.since().toString(),
                                "until", turn.until().toString()))
                        .toList());
        json.put("heard_at", it.heard().map(heard -> heard.at().toString()).orElse(null));
        json.put("holds_until", it.good().map(Instant::toString).orElse(null));
        json.put("fault", it.trouble().map(OnCallCalendar.Trouble::fault).orElse(null));
        json.put("unknown", it.strangers());
        return json;
    }

    Reply configuration(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        return Reply.json(200, Map.of("version", inForce.get().policy().version()))
                .noStore();
    }

    Reply keys(Request request) {
        guard.caller(request, ApiScope.OPERATE);
        return all(keys.list().stream().map(CatalogApi::key).toList());
    }

    private static Reply all(List<Map<String, Object>> items) {
        return Page.of(items, Optional.empty());
    }

    private static Map<String, Object> client(Client it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", it.id());
        json.put("name", it.name());
        json.put("owner", it.owner());
        json.put("tags", it.tags());
        json.put("auth_method", it.auth().wire());
        json.put("grants", it.grants());
        var access = new TreeMap<String, Object>();
        it.access().forEach((resource, scopes) -> access.put(resource, scopes.names()));
        json.put("access", access);
        json.put("authorization_details_types", it.details());
        json.put("disabled", it.disabled());
        observed(json, it.observe());
        return json;
    }

    private static Map<String, Object> resource(Resource it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", it.id());
        json.put("name", it.name());
        json.put("owner", it.owner());
        json.put("scopes", it.scopes().values().stream().map(CatalogApi::scope).toList());
        json.put("authorization_details_types", List.copyOf(it.details().keySet()));
        observed(json, it.observe());
        return json;
    }

    private static void observed(Map<String, Object> json, Optional<Observe> observe) {
        observe.ifPresent(it -> json.put("observed_until", it.until().toString()));
    }

    private static Map<String, Object> scope(ScopeDefinition it) {
        return Map.of(
                "name", it.name(),
                "title", it.title(),
                "risk", it.risk().word(),
                "worst_case", it.harm().worstCase(),
                "undo", it.harm().undo());
    }

    private static Map<String, Object> key(WrappedKey it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("kid", it.id());
        json.put("alg", it.algorithm());
        json.put("created_at", it.createdAt().toString());
        json.put("active_from", it.activeFrom().toString());
        json.put("retired_at", it.retiredAt().map(Instant::toString).orElse(null));
        return json;
    }
}
