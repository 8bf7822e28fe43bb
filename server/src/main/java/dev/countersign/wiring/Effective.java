package dev.countersign.wiring;

import dev.countersign.approval.InForce;
import dev.countersign.approval.Unread;
import dev.countersign.config.Configuration;
import dev.countersign.config.Live;
import dev.countersign.source.FactSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The configuration in force in the form that the deciding parts take; made anew only when another is in force, and
/// not given at all when this release cannot read that one.
final class Effective implements Supplier<InForce> {
    private record Made(Configuration of, InForce inForce) {}

    private final Live live;
    private final AtomicReference<@Nullable Made> made = new AtomicReference<>();

    Effective(Live live) {
        this.live = live;
    }

    @Override
    public InForce get() {
        live.fault().ifPresent(it -> {
            throw new Unread(it);
        });
        var configuration = live.get();
        var known = made.get();
        if (known != null && known.of().version().equals(configuration.version())) {
            return known.inForce();
        }
        var limits = configuration.limits();
        var inForce = new InForce(
                configuration.clients(),
                configuration.resources(),
                configuration.policy(),
                configuration.surroundings(),
                spoken(configuration),
                new InForce.Limits(
                        limits.againAfter(), limits.pendingPerClient(), limits.pendingPerReviewer(), limits.syncWait()),
                configuration.passkeysAgreedBy());
        made.set(new Made(configuration, inForce));
        return inForce;
    }

    /// The sources that rules speak of: no other is ever asked.
    private static Map<String, FactSource> spoken(Configuration configuration) {
        var spoken = configuration.policy().sources();
        return configuration.sources().stream()
                .filter(it -> spoken.contains(it.name()))
                .collect(Collectors.toUnmodifiableMap(FactSource::name, Function.identity()));
    }
}
