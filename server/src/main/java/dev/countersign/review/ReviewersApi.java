package dev.countersign.review;

import dev.countersign.approval.ReviewHabit;
import dev.countersign.approval.ReviewHabits;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// `/api/v1/reviewers`: how all who vote together do so, for administrators.
final class ReviewersApi {
    private static final Duration LOOKED = Duration.ofDays(30);

    private final Guard guard;
    private final Store store;
    private final InstantSource clock;
    private final ReviewHabits habits = new ReviewHabits();

    ReviewersApi(Guard guard, Store store, InstantSource clock) {
        this.guard = guard;
        this.store = store;
        this.clock = clock;
    }

    Reply habit(Request request) {
        guard.caller(request, ApiScope.ADMIN);
        var since = clock.instant().minus(LOOKED);
        var habit = store.read(tx -> habits.since(tx, since));
        var json = new LinkedHashMap<String, Object>();
        json.put("since", since.toString());
        json.put("people", habit.people());
        json.put("votes", habit.votes());
        json.put("busiest", habit.busiest());
        json.put("peak", habit.peak());
        json.put("by_risk", habit.byRisk().stream().map(ReviewersApi::ofRisk).toList());
        return Reply.json(200, json).noStore();
    }

    private static Map<String, Object> ofRisk(ReviewHabit.OfRisk it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("risk", it.risk().word());
        json.put("votes", it.votes());
        json.put("approvals", it.approvals());
        json.put("timed", it.timed());
        it.median().ifPresent(median -> json.put("median", median.toSeconds()));
        json.put("hasty", it.hasty());
        return json;
    }
}
