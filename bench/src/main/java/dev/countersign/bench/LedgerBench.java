package dev.countersign.bench;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.WrappedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/// What a ledger entry costs: made, and made and durable.
@State(Scope.Benchmark)
public class LedgerBench {
    private @Nullable Path folder;
    private @Nullable Store store;
    private @Nullable Ledger ledger;

    /// Opens a ledger on a store of its own.
    @Setup
    public void open() throws IOException {
        var here = Files.createTempDirectory("countersign-bench");
        var clock = InstantSource.system();
        var master = MasterKey.of(MasterKey.generate());
        var opened = Store.open(new StoreAddress.Sqlite(here.resolve("store.db")), clock);
        folder = here;
        store = opened;
        ledger = Ledger.open(opened, master, WrappedKeys.open(opened, master), "bench.example.com", "bench", clock);
    }

    /// Closes it and takes it away.
    @TearDown
    public void close() throws IOException {
        Objects.requireNonNull(ledger).close();
        Objects.requireNonNull(store).close();
        try (var files = Files.walk(Objects.requireNonNull(folder))) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// One leaf: its bytes, its hash, its disclosures encrypted.
    @Benchmark
    public Leaf seal() {
        return Objects.requireNonNull(ledger).seal(entry());
    }

    /// One entry, durable; each commit has one.
    @Benchmark
    public Leaf sealAndAppend() {
        return append();
    }

    /// One entry, durable; 64 threads share commits.
    @Benchmark
    @Threads(64)
    public Leaf sealAndAppendTogether() {
        return append();
    }

    private Leaf append() {
        var ours = Objects.requireNonNull(ledger);
        var leaf = ours.seal(entry());
        return Objects.requireNonNull(store).write(tx -> ours.append(tx, leaf));
    }

    /// What policy approves at once.
    private static Entry entry() {
        var now = Instant.now();
        return new Entry(
                Code.TOKEN_MINTED,
                now,
                new Entry.Actor("client", "order-bot"),
                Optional.of(Ids.next()),
                Optional.empty(),
                Optional.of("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
                Map.ofEntries(
                        Map.entry(Member.CLIENT, "order-bot"),
                        Map.entry(Member.SUBJECT, "order-bot"),
                        Map.entry(Member.RESOURCE, "https://orders.example.com"),
                        Map.entry(Member.SCOPES, List.of("orders:read")),
                        Map.entry(Member.BY, Member.BY_POLICY),
                        Map.entry(Member.RISK, "low"),
                        Map.entry(Member.RULES, List.of("routine")),
                        Map.entry(Member.LIFETIME, 60),
                        Map.entry(Member.JTI, Ids.next()),
                        Map.entry(Member.IAT, now.getEpochSecond()),
                        Map.entry(Member.EXP, now.getEpochSecond() + 60)),
                List.of(
                        new Entry.Disclosure("order-bot", Member.ADDRESS, "127.0.0.1"),
                        new Entry.Disclosure("order-bot", Member.USER_AGENT, "order-bot/1.0"),
                        new Entry.Disclosure("order-bot", Member.FACTS, "{\"scopes\":[\"orders:read\"],\"v\":1}")));
    }
}
