package dev.countersign.config;

import dev.countersign.oauth.Observe;
import java.time.Instant;
import java.util.function.BiConsumer;

/// Holds what is observed only to its end, and tells of each, so that nobody forgets it.
final class ObserveCheck {
    private final Faults faults;
    private final Instant now;

    ObserveCheck(Faults faults, Instant now) {
        this.faults = faults;
        this.now = now;
    }

    /// That none ends too far ahead. A folder is held to it; what was published is read as it is, whenever that is, and
    /// one that ends too far ahead then has no effect.
    void ends(View root) {
        each(root, (_, view) -> {
            if (Records.observe(view).filter(it -> it.isTooFar(now)).isPresent()) {
                faults.add(
                        view.view("observe").orElse(view).at("until"),
                        "what is observed only ends within " + Observe.LONGEST.toDays()
                                + " days; write an earlier date, and another one then if it has to be");
            }
        });
    }

    /// What has no effect while it lasts, and what lasts no more.
    void tell(View root) {
        each(
                root,
                (what, view) -> Records.observe(view).ifPresent(it -> {
                    if (it.until().isAfter(now)) {
                        faults.add(
                                view.at("observe"),
                                what + " is observed only until " + it.until()
                                        + ": what policy says is recorded, and nothing is held, refused or capped");
                    } else {
                        faults.add(
                                view.at("observe"),
                                what + " is observed no more since " + it.until() + "; take it out");
                    }
                }));
    }

    private static void each(View root, BiConsumer<String, View> take) {
        root.views("clients").forEach(it -> take.accept("client `" + it.text("id") + "`", it));
        root.views("resources").forEach(it -> take.accept("resource `" + it.text("id") + "`", it));
    }
}
