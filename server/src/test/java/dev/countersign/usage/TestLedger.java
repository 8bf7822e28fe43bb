package dev.countersign.usage;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Store;
import dev.countersign.store.WrappedKeys;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A ledger on a store in a folder, and the entries that profiles are about.
final class TestLedger implements AutoCloseable {
    static final String API = "https://payments.example.com";

    final Store store;
    final Ledger ledger;
    private final InstantSource clock;

    TestLedger(Path folder, String master, TestClock clock) {
        this.clock = clock;
        store = TestStores.open(folder.resolve("test.db"), clock);
        var key = MasterKey.of(master);
        ledger = Ledger.open(store, key, WrappedKeys.open(store, key), "test.example", "node", clock);
        ledger.settle();
    }

    void published(String... added) {
        write(Code.CONFIGURATION_PUBLISHED, Map.of(UsageFold.CLIENTS_ADDED, List.of(added)));
    }

    void minted(String client, String... scopes) {
        write(
                Code.TOKEN_MINTED,
                Map.of(
                        Member.JTI,
                        Ids.secret(16),
                        Member.CLIENT,
                        client,
                        Member.OWNER,
                        "team",
                        Member.RESOURCE,
                        API,
                        Member.SCOPES,
                        List.of(scopes),
                        Member.NETWORK,
                        "net-" + scopes.length,
                        Member.AGENT,
                        "curl",
                        Member.BY,
                        Member.BY_POLICY));
    }

    void write(Code code, Map<String, Object> body) {
        var entry = new Entry(
                code,
                clock.instant(),
                new Entry.Actor("system", "test"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                body,
                List.of());
        var leaf = ledger.seal(entry);
        store.write(tx -> ledger.append(tx, leaf));
        ledger.settle();
    }

    void sql(String sql) {
        store.write(tx -> tx.sql().execute(sql));
    }

    @Override
    public void close() {
        ledger.close();
        store.close();
    }
}
