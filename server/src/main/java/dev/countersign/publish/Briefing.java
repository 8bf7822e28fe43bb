package dev.countersign.publish;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.http.Json;
import dev.countersign.ledger.Ledger;
import dev.countersign.proof.Claims;
import dev.countersign.replay.Flips;
import dev.countersign.replay.Past;
import dev.countersign.store.StoreAddress;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.StoreRefused;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What reviewers are shown of a publication before they decide: what it makes otherwise, in what it is looser, all
/// that would go through unattended, its tests, and what it would have said of the last requests. Made when it is asked
/// for, kept with the request, and named by the ledger with its digest.
public final class Briefing {
    private static final Logger log = LoggerFactory.getLogger(Briefing.class);
    private static final Duration BACK = Duration.ofDays(30);

    /// How far back in the ledger, whatever the time: a publication is asked for in seconds.
    private static final int ENTRIES = 20_000;

    private static final int NAMED = 100;

    private final Ledger ledger;
    private final StoreAddress store;
    private final Claims prover;
    private final InstantSource clock;

    /// @param store where the past is read, beside whoever works on it
    /// @param prover where it lies, and how long it may take
    public Briefing(Ledger ledger, StoreAddress store, Claims prover, InstantSource clock) {
        this.prover = prover;
        this.ledger = ledger;
        this.store = store;
        this.clock = clock;
    }

    /// As JSON.
    String of(Configuration candidate, List<Fault> warnings, Configuration base) {
        var json = new LinkedHashMap<>(
                Answer.of(Publishing.preview(candidate, warnings, base, prover)).json());
        json.put("backtest", backtest(candidate, base));
        return Json.write(json);
    }

    /// Nothing is decided by it, so that a past that cannot be read keeps nobody from publishing.
    private Map<String, Object> backtest(Configuration candidate, Configuration base) {
        var since = since();
        try (var past = Past.open(base, store, clock)) {
            return json(past.backtest(candidate, since, NAMED, 1), since);
        } catch (SQLException | StoreRefused | StoreFailed | IllegalArgumentException e) {
            log.warn("a configuration is shown without what it would have said of the past", e);
            return Map.of("failed", "the past cannot be read now; the log has why");
        }
    }

    private Instant since() {
        var back = clock.instant().minus(BACK);
        long size = ledger.size();
        if (size <= ENTRIES) {
            return back;
        }
        return ledger.entries(size - ENTRIES, 1).stream()
                .map(it -> it.at())
                .filter(it -> it.isAfter(back))
                .findFirst()
                .orElse(back);
    }

    private static Map<String, Object> json(Flips flips, Instant since) {
        var json = new LinkedHashMap<String, Object>();
        json.put("since", since.toString());
        json.put("compared", flips.compared());
        json.put("flipped", flips.flipped());
        json.put("matrix", flips.matrix());
        json.put("loosened", flips.loosened());
        json.put("tightened", flips.tightened());
        json.put("waits", flips.waited());
        json.put("loosenings", flips.loosenings().stream().map(Briefing::json).toList());
        json.put("tightenings", flips.tightenings().stream().map(Briefing::json).toList());
        return json;
    }

    private static Map<String, Object> json(Flips.Named it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("request", it.request());
        json.put("client", it.client());
        json.put("resource", it.resource());
        json.put("scopes", it.scopes());
        json.put("was", it.was().word());
        json.put("now", it.now().word());
        json.put("how", it.how());
        return json;
    }
}
