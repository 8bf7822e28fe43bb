package dev.countersign.admin;

import dev.countersign.http.Handler;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// GET /metrics for Prometheus. What happened is counted from the ledger's entries, so metrics and ledger cannot
/// disagree; how long it took is timed at the endpoints.
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Map<Code, Counter> entries = new EnumMap<>(Code.class);
    private final List<LongSupplier> counted = new CopyOnWriteArrayList<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    public Metrics() {
        for (var code : Code.values()) {
            entries.put(
                    code,
                    Counter.builder("countersign.ledger.entries")
                            .description("Entries written to the ledger by this process")
                            .tag("code", code.wire())
                            .register(registry));
        }
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        gc.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /// Counts entries; a listener of the ledger.
    public void count(List<EntryView> committed) {
        for (var entry : committed) {
            var counter = entries.get(entry.code());
            if (counter != null) {
                counter.increment();
            }
            if (entry.text(Member.BY).equals(Member.BY_OBSERVATION)) {
                observed(entry.text(Member.VERDICT)).increment();
            }
        }
    }

    private Counter observed(String verdict) {
        return Counter.builder("countersign.observed.unfollowed")
                .description("Tokens of which policy said otherwise and which were observed only, by its verdict")
                .tag("verdict", verdict)
                .register(registry);
    }

    /// A number that is asked for when somebody looks.
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /// A number that only grows, asked for when somebody looks.
    public void counter(String name, String description, LongSupplier value) {
        counter(name, description, Map.of(), value);
    }

    /// The same of several that are told apart by tags.
    public void counter(String name, String description, Map<String, String> tags, LongSupplier value) {
        counted.add(value); // the registry alone would let go of it
        FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                .description(description)
                .tags(tags.entrySet().stream()
                        .map(it -> Tag.of(it.getKey(), it.getValue()))
                        .toList())
                .register(registry);
    }

    /// The same handler, timed under the name of its route, up to the reply that it may have to wait for.
    public Handler timed(String route, Handler handler) {
        return request -> timed(route, System.nanoTime(), () -> handler.handle(request));
    }

    private Reply timed(String route, long start, Supplier<Reply> answer) {
        int status = 500;
        boolean waits = false;
        try {
            var reply = answer.get();
            if (reply.body() instanceof Reply.Body.Later(var later)) {
                waits = true;
                return Reply.later(() -> timed(route, start, later));
            }
            status = reply.status();
            return reply;
        } finally {
            if (!waits) {
                timer(route, status).record(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
            }
        }
    }

    private Timer timer(String route, int status) {
        return timers.computeIfAbsent(
                route + " " + status,
                _ -> Timer.builder("countersign.http.requests")
                        .description("Requests answered, by route and status")
                        .tag("route", route)
                        .tag("status", Integer.toString(status))
                        .publishPercentileHistogram()
                        .register(registry));
    }

    public Reply metrics(Request request) {
        return Reply.text(200, registry.scrape())
                .withHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .noStore();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
