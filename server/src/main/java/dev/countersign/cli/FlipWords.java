package dev.countersign.cli;

import dev.countersign.oauth.ClientText;
import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what came of a backtest.
final class FlipWords {
    private final Terminal terminal;
    private final Flips flips;

    FlipWords(Terminal terminal, Flips flips) {
        this.terminal = terminal;
        this.flips = flips;
    }

    void tell() {
        if (flips.compared() == 0) {
            terminal.say("no decision to compare");
        } else {
            matrix();
            terminal.say("");
            terminal.say(Counts.of(flips.flipped(), "flip") + " among " + Counts.of(flips.compared(), "decision"));
            loosened();
            terminal.say(
                    "tightened: " + number(flips.tightened()) + within(flips.tightened(), flips.tightenedWithin()));
            waits();
        }
        left();
    }

    private void matrix() {
        var rows = new ArrayList<List<String>>();
        for (var was : Word.values()) {
            var row = new ArrayList<String>();
            row.add(was.word());
            for (var now : Word.values()) {
                row.add(number(flips.count(was, now)));
            }
            rows.add(row);
        }
        terminal.table(List.of("RECORDED", "WOULD APPROVE", "WOULD REVIEW", "WOULD DENY"), rows);
    }

    private void loosened() {
        terminal.say("loosened: " + number(flips.loosened()) + within(flips.loosened(), flips.loosenedWithin()));
        for (var it : flips.loosenings()) {
            terminal.say("  " + it.request() + "  " + Spans.moment(it.at()) + "  " + ClientText.inert(it.client())
                    + "  " + ClientText.inert(String.join(" ", it.scopes())) + " on "
                    + ClientText.inert(it.resource()));
            terminal.say("    " + String.join("; ", it.how()) + " (" + it.was().word() + " by "
                    + String.join(", ", it.rules()) + "; would be " + it.now().word() + " by "
                    + String.join(", ", it.candidateRules()) + ")");
        }
        long more = flips.loosened() - flips.loosenings().size();
        if (more > 0) {
            terminal.say("  and " + number(more) + " more");
        }
    }

    private static String within(long all, long kept) {
        return all == 0 ? "" : ", " + number(kept) + " of them with the verdict they had";
    }

    private void waits() {
        flips.waits()
                .median()
                .ifPresent(it -> terminal.say("people took " + minutes(it) + " (the median of "
                        + number(flips.waits().count()) + ")"));
        if (flips.savedReviews() > 0) {
            terminal.say("people would not be asked: " + number(flips.savedReviews()) + ", which waited "
                    + minutes(flips.savedWait()) + " all together");
        }
        if (flips.newReviews() > 0) {
            terminal.say("people would be asked: " + number(flips.newReviews()) + " more, which would wait "
                    + minutes(flips.newWait()) + " if each took the median");
        }
    }

    private void left() {
        told("refused at once for another reason than policy's, and compared all the same", flips.refusedOtherwise());
        told("observed only, whatever policy said, and compared all the same", flips.unfollowed());
        told("left out, their facts withheld or erased", flips.withheld());
        told("left out, their entries, facts or verdict unreadable", flips.unreadable());
        told(
                "compared by the verdict alone, the policy of then being unreadable or saying otherwise now",
                flips.incomparable());
    }

    private void told(String what, long number) {
        if (number > 0) {
            terminal.say(what + ": " + number(number));
        }
    }

    private static String minutes(Duration wait) {
        return wait.toMinutes() >= 1 ? number(Math.round(wait.toSeconds() / 60.0)) + " min" : wait.toSeconds() + " s";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("compared", flips.compared());
        json.put("flipped", flips.flipped());
        json.put("matrix", flips.matrix());
        json.put("loosened", flips.loosened());
        json.put("loosened_within", flips.loosenedWithin());
        json.put("tightened", flips.tightened());
        json.put("tightened_within", flips.tightenedWithin());
        json.put("loosenings", flips.loosenings().stream().map(FlipWords::json).toList());
        json.put("waits", waitsJson());
        json.put("refused_otherwise", flips.refusedOtherwise());
        json.put("observed_only", flips.unfollowed());
        json.put("withheld", flips.withheld());
        json.put("unreadable", flips.unreadable());
        json.put("incomparable", flips.incomparable());
        return json;
    }

    private Map<String, @Nullable Object> waitsJson() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("decided", flips.waits().count());
        json.put("median_s", flips.waits().median().map(Duration::toSeconds).orElse(null));
        json.put("saved_reviews", flips.savedReviews());
        json.put("saved_s", flips.savedWait().toSeconds());
        json.put("new_reviews", flips.newReviews());
        json.put("new_s", flips.newWait().toSeconds());
        return json;
    }

    private static Map<String, Object> json(Flips.Loosened it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("request", it.request());
        json.put("at", it.at().toString());
        json.put("client", it.client());
        json.put("resource", it.resource());
        json.put("scopes", it.scopes());
        json.put("was", it.was().word());
        json.put("rules", it.rules());
        json.put("now", it.now().word());
        json.put("candidate_rules", it.candidateRules());
        json.put("how", it.how());
        return json;
    }
}
