package dev.countersign.config;

import dev.countersign.approval.Unread;
import dev.countersign.ledger.Entry;
import dev.countersign.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds the configuration in force, for all who ask on the way of a request: a read of memory.
public final class Live implements Supplier<Configuration> {
    private static final Logger log = LoggerFactory.getLogger(Live.class);

    private final Store store;
    private final Configurations configurations;
    private final NodeSettings node;
    private final AtomicReference<@Nullable InForce> inForce = new AtomicReference<>();

    /// What is published here, of which this process hears as it does of what others publish, and maybe sooner.
    private final AtomicReference<@Nullable Configuration> ours = new AtomicReference<>();

    /// Holds nothing until something is published or taken from the store.
    ///
    /// @param node what this process was started with; a reload does not change it
    public Live(Store store, Configurations configurations, NodeSettings node) {
        this.store = store;
        this.configurations = configurations;
        this.node = node;
    }

    /// @param unread why the configuration is the one before, when this release cannot read that of this number
    private record InForce(long number, Configuration configuration, Optional<String> unread) {}

    private record Found(Version version, String content) {}

    /// The configuration in force.
    ///
    /// @throws IllegalStateException before there is one
    @Override
    public Configuration get() {
        return held().configuration;
    }

    /// The configuration that is held; empty before there is one.
    public Optional<Configuration> known() {
        return Optional.ofNullable(inForce.get()).map(InForce::configuration);
    }

    private InForce held() {
        var held = inForce.get();
        if (held == null) {
            throw new IllegalStateException("no configuration is in force yet");
        }
        return held;
    }

    /// Puts a configuration in force: durably first, and then for whoever asks here.
    public Published publish(Configuration configuration, Entry.Actor by, Onto onto) {
        ours.set(configuration);
        var published = store.write(tx -> configurations.publish(tx, configuration, by, onto));
        switch (published) {
            case Published.Done(var version) -> hold(version, configuration);
            case Published.Unchanged(var version) -> hold(version, configuration);
            case Published.Superseded _, Published.Stale _, Published.Governed _ -> {}
        }
        return published;
    }

    /// Whether it would come into force if it were published now: it is not in force already, and neither superseded
    /// nor for others to approve.
    public boolean isNews(Configuration configuration, Onto onto) {
        return store.read(tx -> configurations.unasked(tx, configuration, onto)).isEmpty();
    }

    /// Reads a folder again and puts it in force. What is wrong with it, or behind, is logged and changes nothing.
    ///
    /// @param tried what was read and what it claims, which is tried unless nothing would come into force
    /// @return whether the folder is in force now
    public boolean reload(Path folder, Entry.Actor by, UnaryOperator<Read> tried) {
        var read = Configuration.read(folder);
        boolean stays = read instanceof Read.Good good && !isNews(good.configuration(), Onto.ANY);
        return switch (stays ? read : tried.apply(read)) {
            case Read.Bad bad -> refused(bad);
            case Read.Good good -> reload(good, by);
        };
    }

    private boolean reload(Read.Good read, Entry.Actor by) {
        var configuration = read.configuration();
        read.warnings().forEach(it -> log.warn("{}", it));
        if (!configuration.node().equals(node)) {
            log.warn("what is the node's own (issuer, server, store, ledger, keys) changes with the next start only");
        }
        if (configuration.isNodesOwn()) {
            log.info("the folder has only what is the node's own, so what is in force stays");
            return true;
        }
        return reloaded(publish(configuration, by, Onto.ANY));
    }

    private static boolean refused(Read.Bad bad) {
        bad.faults().forEach(it -> log.error("not reloaded: {}", it));
        bad.unjudged().forEach(it -> log.warn("not judged: {}", it));
        return false;
    }

    private static boolean reloaded(Published published) {
        return switch (published) {
            case Published.Done(var version) -> {
                log.info("configuration {} is in force", version.hash());
                yield true;
            }
            case Published.Unchanged(var version) -> {
                log.info("configuration {} was in force already", version.hash());
                yield true;
            }
            case Published.Superseded _, Published.Stale _, Published.Governed _ -> {
                log.error("not reloaded: {}", published);
                yield false;
            }
        };
    }

    /// Why what is held is no longer in force: another process published what this release cannot read. Empty when
    /// nothing is wrong.
    public Optional<String> fault() {
        return held().unread;
    }

    /// Takes what another process has published. False when there was nothing new, or nothing that can be read.
    ///
    /// @throws Unread when it cannot be read and there is none before it
    public boolean refresh() {
        var held = inForce.get();
        var found = store.read(tx -> configurations
                .inForce(tx)
                .filter(it -> held == null || it.number() > held.number)
                .map(it -> new Found(it, configurations.content(tx, it.number()))));
        if (found.isEmpty()) {
            return false;
        }
        var version = found.get().version;
        var known = ours.get();
        if (known != null && known.version().equals(version.hash())) {
            hold(version, known);
            return true;
        }
        return switch (Configuration.read(found.get().content, node)) {
            case Read.Good(var configuration, _, _) -> {
                hold(version, configuration);
                yield true;
            }
            case Read.Bad(var faults, _, _) -> {
                hold(unread(version, faults));
                yield false;
            }
        };
    }

    private InForce unread(Version version, List<Fault> faults) {
        var said = "configuration " + version.hash() + " is in force and this release cannot read it";
        log.error("{}, so it decides nothing: {}", said, faults);
        var held = inForce.get();
        if (held == null) {
            throw new Unread(said);
        }
        return new InForce(version.number(), held.configuration, Optional.of(said));
    }

    /// Holds what was published in a transaction of somebody else's.
    public void hold(Version version, Configuration configuration) {
        hold(new InForce(version.number(), configuration.on(node).as(version), Optional.empty()));
    }

    /// The later publication stays, whichever thread comes last.
    private void hold(InForce next) {
        inForce.updateAndGet(was -> was != null && was.number > next.number ? was : next);
    }
}
