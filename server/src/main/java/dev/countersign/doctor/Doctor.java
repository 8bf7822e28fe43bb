package dev.countersign.doctor;

import dev.countersign.config.Configuration;
import dev.countersign.ledger.Course;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Told;
import dev.countersign.ledger.WholeLedger;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Snapshot;
import dev.countersign.store.StoreAddress;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Looks at an installation, whether its server runs or not, and says of each invariant whether it holds. All
/// checks see one moment of the store. The ledger goes by twice, in its order and request by request, and nothing
/// is kept of it but what is open, so that millions of entries take time and no memory.
public final class Doctor {
    private final Rows rows;
    private final WholeLedger ledger;
    private final List<Check> checks;
    private final Map<Invariant, Faults> found = new EnumMap<>(Invariant.class);

    private Doctor(Snapshot store, Configuration configuration, MasterKey master, InstantSource clock) {
        var tx = store.tx();
        this.rows = new Rows(tx, store.isShared());
        this.ledger = new WholeLedger(tx, master, store.isShared());
        this.checks = List.of(
                new UsedOnce(rows),
                new WithinApproval(),
                new MintsRecorded(),
                new QuorumMet(rows, store.isShared()),
                new VotesSigned(),
                new StatesForward(rows),
                new TermsKept(),
                new BriefingsKept(rows),
                new EndsHold(rows, store.isShared(), tx.now()),
                new SingleUse(rows),
                new NobodyForgotten(rows),
                new GlassKept(rows),
                new SafeToRun(store, clock.equals(InstantSource.system())),
                new DecisionsReplay(rows, configuration));
        for (var invariant : Invariant.values()) {
            found.put(invariant, new Faults(invariant));
        }
    }

    /// Looks at the store of a configuration.
    ///
    /// @param address where the store is
    /// @return one result for each invariant, in their order
    /// @throws dev.countersign.store.StoreRefused when there is nothing to look at, with a sentence that says why
    public static List<Result> examine(Configuration configuration, StoreAddress address, InstantSource clock) {
        var master = MasterKey.read(configuration.node().masterKey());
        try (var store = Snapshot.of(address, clock)) {
            return new Doctor(store, configuration, master, clock).examine();
        }
    }

    private List<Result> examine() {
        try {
            lookThrough();
        } catch (SQLException | RuntimeException e) { // whatever stands in a damaged store
            found.values().forEach(it -> it.unseen("the store cannot be read to its end"));
            of(Invariant.SAFETY).add("store", "it cannot be read to its end: " + e.getMessage());
        }
        of(Invariant.ISOLATION).unseen("there is one issuer to an installation");
        return found.values().stream().map(Faults::result).toList();
    }

    private void lookThrough() throws SQLException {
        ledger.inOrder(new WholeLedger.Reader() {
            @Override
            public void entry(EntryView entry) {
                of(Invariant.LEDGER).looked();
                checks.forEach(it -> it.entry(entry, of(it.of())));
            }

            @Override
            public void wrong(long index, String said) {
                of(Invariant.LEDGER).add(index < 0 ? "" : "entry " + index, said);
            }
        });
        ledger.byRequest(this::look);
        for (var check : checks) {
            check.end(of(check.of()));
        }
    }

    private void look(List<Told> told) throws SQLException {
        var request = told.getFirst().entry().request().orElseThrow();
        var life = new Life(request, told, told.size() > 1 ? kept(request) : Optional.empty());
        of(Invariant.LEAVE).looked();
        of(Invariant.ONE_DECISION).looked();
        Course.broken(life.entries())
                .ifPresent(it -> of(Invariant.of(it.promise()))
                        .add(life.where() + ", " + WholeLedger.name(it.entry()), it.said()));
        for (var check : checks) {
            check.life(life, of(check.of()));
        }
    }

    private Optional<Life.Kept> kept(String request) throws SQLException {
        try {
            return rows.kept(request);
        } catch (RuntimeException unreadable) {
            of(Invariant.FORWARD).add("request " + request, "its row cannot be read: " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private Faults of(Invariant invariant) {
        return Objects.requireNonNull(found.get(invariant));
    }
}
