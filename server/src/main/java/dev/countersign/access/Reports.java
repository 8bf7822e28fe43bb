package dev.countersign.access;

import dev.countersign.approval.Afterwards;
import dev.countersign.approval.GlassUse;
import dev.countersign.config.Configurations;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.store.Store;
import dev.countersign.usage.Attested;
import dev.countersign.usage.Counter;
import dev.countersign.usage.Profiles;
import dev.countersign.usage.Used;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Tells of each client what it may do and does not, from the versions that were published and the use that the ledger
/// tells of. A token for which it broke the glass is use as well: what is kept for emergencies is needed.
public final class Reports {
    private final Store store;
    private final Configurations configurations;
    private final Profiles profiles;
    private final Afterwards afterwards;
    private final InstantSource clock;

    public Reports(
            Store store, Configurations configurations, Profiles profiles, Afterwards afterwards, InstantSource clock) {
        this.store = store;
        this.configurations = configurations;
        this.profiles = profiles;
        this.afterwards = afterwards;
        this.clock = clock;
    }

    /// What is known of use is not up to date.
    public static final class Behind extends RuntimeException {
        private static final long serialVersionUID = 1;

        Behind() {
            super("usage is behind the ledger", null, false, false);
        }
    }

    /// One client; empty when there is none of that id.
    ///
    /// @throws Behind when nothing certain can be said now
    public Optional<Report> of(String client, Duration window) {
        return those(window, it -> it.id().equals(client)).findFirst();
    }

    /// One page of all clients, by id.
    ///
    /// @param after the id of the last one of the page before; empty for the first page
    /// @throws Behind when nothing certain can be said now
    public List<Report> list(Duration window, String after, int limit) {
        return those(window, it -> it.id().compareTo(after) > 0).limit(limit).toList();
    }

    private Stream<Report> those(Duration window, Predicate<Registered> which) {
        var now = clock.instant();
        var from = now.minus(window);
        var registered = store.<List<Registered>>read(tx -> Registrations.since(tx, configurations, from));
        var glass = afterwards.since(from);
        return registered.stream().filter(which).map(it -> report(it, from, now, glass));
    }

    private Report report(Registered client, Instant from, Instant now, List<GlassUse> emergencies) {
        var used = profiles.used(client.id()).orElseThrow(Behind::new);
        var glass = emergencies.stream()
                .filter(it -> it.client().equals(client.id()))
                .toList();
        var permissions = client.permissions().entrySet().stream()
                .map(it -> use(it.getKey(), it.getValue(), used, glass, from))
                .toList();
        var ever = used.ever();
        return new Report(
                client.id(),
                client.name(),
                client.owner(),
                client.disabled(),
                from,
                now,
                last(ever, glass),
                ever.map(Counter::uses).orElse(0L) + glass.size(),
                profiles.attested(client.id(), now).map(Attested::until),
                permissions);
    }

    private static PermissionUse use(
            Permission permission, Optional<Instant> since, Used used, List<GlassUse> glass, Instant from) {
        var counter = switch (permission.kind()) {
            case GRANT -> used.ever();
            case SCOPE -> used.scope(permission.resource(), permission.name());
            case DETAILS -> used.type(permission.resource(), permission.name());
        };
        var broken = glass.stream().filter(it -> had(it, permission)).toList();
        long tokens = counter.map(Counter::uses).orElse(0L) + broken.size();
        return PermissionUse.of(permission, since, last(counter, broken), tokens, from);
    }

    private static boolean had(GlassUse use, Permission permission) {
        return switch (permission.kind()) {
            case GRANT -> true;
            case SCOPE ->
                use.resource().equals(permission.resource()) && use.scopes().contains(permission.name());
            case DETAILS ->
                use.resource().equals(permission.resource())
                        && new AuthorizationDetails(use.details()).types().contains(permission.name());
        };
    }

    private static Optional<Instant> last(Optional<Counter> counter, List<GlassUse> glass) {
        return Stream.concat(counter.stream().map(Counter::last), glass.stream().map(GlassUse::at))
                .max(Comparator.naturalOrder());
    }
}
