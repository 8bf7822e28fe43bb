package dev.countersign.admin;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.store.Health;
import dev.countersign.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// GET /health/live and GET /health/ready, for supervisors and load balancers. Ready means that a token could be issued
/// now: the store can be written, the ledger continues what it signed, and the configuration in force can be read.
public final class HealthEndpoint {
    private final Store store;
    private final Supplier<Optional<String>> ledgerFault;
    private final Supplier<Optional<String>> configurationFault;
    private final Supplier<Optional<String>> anchorFault;

    /// @param ledgerFault what is wrong with the ledger; empty when nothing is
    /// @param configurationFault the same of the configuration in force
    /// @param anchorFault the same of its anchor, which is missed and does not stop anything
    public HealthEndpoint(
            Store store,
            Supplier<Optional<String>> ledgerFault,
            Supplier<Optional<String>> configurationFault,
            Supplier<Optional<String>> anchorFault) {
        this.store = store;
        this.ledgerFault = ledgerFault;
        this.configurationFault = configurationFault;
        this.anchorFault = anchorFault;
    }

    public Reply live(Request request) {
        return Reply.json(200, Map.of("status", "live")).noStore();
    }

    public Reply ready(Request request) {
        var health = store.health();
        var fault = ledgerFault.get();
        var unread = configurationFault.get();
        boolean ready = health.writable() && fault.isEmpty() && unread.isEmpty();
        var body = new LinkedHashMap<String, Object>();
        body.put("status", ready ? "ready" : "not ready");
        body.put(
                "store",
                switch (health) {
                    case Health.Good() -> "ok";
                    case Health.Ailing _ -> "the last write failed, the next may succeed";
                    case Health.Paused(var because) -> because;
                    case Health.Stopped _ -> "stopped after a disk failure: see the log, then restart";
                });
        body.put("ledger", fault.orElse("ok"));
        unread.ifPresent(it -> body.put("configuration", it));
        anchorFault.get().ifPresent(it -> body.put("anchor", it));
        return Reply.json(ready ? 200 : 503, body).noStore();
    }
}
