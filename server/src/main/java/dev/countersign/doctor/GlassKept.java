package dev.countersign.doctor;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// That no rule let a client break the glass more often than it allows, nor while people owed a look at an earlier
/// time or somebody objected; and that the table says of each what the ledger says.
final class GlassKept implements Check {
    private final Rows rows;
    private final Set<String> minted = new TreeSet<>();
    private final Map<String, Used> byRequest = new HashMap<>();
    private final Map<String, List<Used>> byPath = new HashMap<>();

    GlassKept(Rows rows) {
        this.rows = rows;
    }

    private static final class Used {
        private final String request;
        private final Instant at;
        private final Instant reviewBy;
        private String state = "due";

        Used(String request, Instant at, Instant reviewBy) {
            this.request = request;
            this.at = at;
            this.reviewBy = reviewBy;
        }
    }

    @Override
    public Invariant of() {
        return Invariant.BREAK_GLASS;
    }

    @Override
    public void entry(EntryView entry, Faults found) {
        var request = entry.request().orElse("");
        switch (entry.code()) {
            case TOKEN_MINTED -> {
                found.looked();
                if (entry.text(Member.BY).equals(Member.BY_BREAK_GLASS)) {
                    minted.add(request);
                }
            }
            case BREAK_GLASS_USED -> used(entry, request, found);
            case BREAK_GLASS_REVIEWED -> {
                if (!entry.text(Member.OUTCOME).isEmpty()) {
                    step(request, entry.text(Member.OUTCOME));
                }
            }
            case BREAK_GLASS_LIFTED -> step(request, "lifted");
            default -> {} // not about it
        }
    }

    private void step(String request, String state) {
        var used = byRequest.get(request);
        if (used != null) {
            used.state = state;
        }
    }

    private void used(EntryView entry, String request, Faults found) {
        var used = new Used(request, entry.at(), Instant.ofEpochMilli(entry.number(Member.REVIEW_BY)));
        if (entry.body().get(Member.LIMITS) instanceof List<?> limits) {
            for (var limit : limits) {
                if (limit instanceof Map<?, ?> it
                        && it.get(Member.RULE) instanceof String rule
                        && it.get(Member.TIMES) instanceof Long times
                        && it.get(Member.PER) instanceof Long per) {
                    var path = rule + " for " + entry.text(Member.CLIENT);
                    var earlier = byPath.computeIfAbsent(path, _ -> new ArrayList<>());
                    look(path, earlier, used, times, Duration.ofSeconds(per), found);
                    earlier.add(used);
                }
            }
        }
        byRequest.put(request, used);
    }

    private static void look(String path, List<Used> earlier, Used used, long times, Duration per, Faults found) {
        var where = "request " + used.request;
        found.unless(
                earlier.stream().filter(it -> it.at.isAfter(used.at.minus(per))).count() < times,
                where,
                path + " is used more often than " + times + " times in " + per.toSeconds() + " seconds");
        for (var it : earlier) {
            found.unless(
                    !it.state.equals("objected") && (!it.state.equals("due") || it.reviewBy.isAfter(used.at)),
                    where,
                    path + " is used though " + it.request + " had to be looked at first");
        }
    }

    @Override
    public void end(Faults found) throws SQLException {
        var kept = rows.brokenGlass();
        minted.stream()
                .filter(it -> !byRequest.containsKey(it))
                .forEach(it -> found.add("request " + it, "it broke the glass, and nobody has to look at it"));
        byRequest.forEach((request, used) -> {
            var state = kept.remove(request);
            found.unless(
                    used.state.equals(state),
                    "request " + request,
                    "its glass is " + used.state + " by the ledger and " + state + " by its row");
        });
        kept.keySet().forEach(it -> found.add("request " + it, "its glass has a row and no entry"));
    }
}
