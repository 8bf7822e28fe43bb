package dev.countersign.replay;

import dev.countersign.config.Configuration;
import dev.countersign.ledger.Histories;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Snapshot;
import dev.countersign.store.StoreAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an installation's store holds of decisions and of the configurations they were made by, as it is at one moment,
/// whether its server runs or not.
public final class Past implements AutoCloseable {
    private static final Duration MOMENT = Duration.ofMinutes(1);

    private final Snapshot store;
    private final Snapshot lookups;
    private final Histories histories;
    private final Publications publications;

    private Past(Snapshot store, Snapshot lookups, Configuration now) {
        this.store = store;
        this.lookups = lookups;
        this.histories = new Histories(
                store.tx(), lookups.tx(), MasterKey.read(now.node().masterKey()), store.isShared());
        this.publications = new Publications(store.tx(), now);
    }

    /// Opens it.
    ///
    /// @throws dev.countersign.store.StoreRefused when there is nothing to look at, with a sentence that says why
    public static Past open(Configuration configuration, StoreAddress address, InstantSource clock) {
        var store = Snapshot.of(address, clock);
        try {
            return new Past(store, Snapshot.of(address, clock), configuration);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// What a reference means that a client was told, or an auditor: a request's id, an entry's index, a token's jti.
    /// Empty when there is no such request, or policy never judged it.
    ///
    /// @throws IllegalArgumentException when the ledger's rows of it are not what was written
    public Optional<Decision> decision(String reference) throws SQLException {
        return histories.of(reference).flatMap(Decision::of);
    }

    /// The configuration of that version; empty when it was never published here, or this release cannot read it.
    public Optional<Configuration> configuration(String version) throws SQLException {
        return publications.configuration(version);
    }

    /// The configuration in force; empty when none was ever published, or this release cannot read it.
    public Optional<Configuration> inForce() throws SQLException {
        return publications.inForce();
    }

    /// Who is in the groups whose members a provider provisions, as a configuration names both; by group.
    public Map<String, Set<String>> provisioned(Configuration of) {
        return new Present(store.tx(), of).members();
    }

    /// What a candidate would have said of all requests since a time, beside what was said.
    ///
    /// @param named how many that it treats more loosely are named, and how many more strictly
    /// @param threads how many judge
    public Flips backtest(Configuration candidate, Instant since, int named, int threads) throws SQLException {
        var policies = new Policies(new Publications(lookups.tx(), publications.now()));
        var flips = new Flips(named);
        var backtest = new Backtest(candidate, policies, since, named);
        // A request's id is made a moment before it is judged.
        histories.since(
                since.minus(MOMENT), threads, (List<Histories.History> batch) -> backtest.judge(batch), flips::add);
        return flips;
    }

    /// What enforcing would make of all that was observed only since a time.
    ///
    /// @param named how many requests of each kind are named of one client at one resource
    /// @param threads how many read
    public Observations observed(Instant since, int named, int threads) throws SQLException {
        var observations = new Observations(named);
        histories.since(since.minus(MOMENT), threads, batch -> Observations.read(batch, since), observations::add);
        return observations;
    }

    @Override
    public void close() {
        lookups.close();
        store.close();
    }
}
