package dev.countersign.cli;

import dev.countersign.replay.Flips;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Says what came of a backtest.
final class FlipWords {
    private final Terminal terminal;
    private final Flips flips;
    private final FlipTable table;

    FlipWords(Terminal terminal, Flips flips) {
        this.terminal = terminal;
        this.flips = flips;
        this.table = new FlipTable(terminal);
    }

    void tell() {
        if (flips.compared() == 0) {
            terminal.say("no decision to compare");
        } else {
            table.matrix("RECORDED", flips::count);
            terminal.say(Counts.of(flips.flipped(), "flip") + " among " + Counts.of(flips.compared(), "decision"));
            table.loosened(flips.loosened(), flips.loosenedWithin(), flips.loosenings());
            table.tightened(flips.tightened(), flips.tightenedWithin(), flips.tightenings());
            waits();
        }
        left();
    }

    private void waits() {
        flips.waits()
                .median()
                .ifPresent(it -> terminal.say("people took " + minutes(it) + " (the median of "
                        + FlipTable.number(flips.waits().count()) + ")"));
        if (flips.savedReviews() > 0) {
            terminal.say("people would not be asked: " + FlipTable.number(flips.savedReviews()) + ", which waited "
                    + minutes(flips.savedWait()) + " all together");
        }
        if (flips.newReviews() > 0) {
            terminal.say("people would be asked: " + FlipTable.number(flips.newReviews()) + " more, which would wait "
                    + minutes(flips.newWait()) + " if each took the median");
        }
    }

    private void left() {
        table.told(
                "refused at once for another reason than policy's, and compared all the same",
                flips.refusedOtherwise());
        table.told("observed only, whatever policy said, and compared all the same", flips.unfollowed());
        table.told("left out, their facts withheld or erased", flips.withheld());
        table.told("left out, their entries, facts or verdict unreadable", flips.unreadable());
        table.told(
                "compared by the verdict alone, the policy of then being unreadable or saying otherwise now",
                flips.incomparable());
    }

    private static String minutes(Duration wait) {
        return Counts.minutes(wait.toSeconds());
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<>(flips.json());
        json.put(
                "tightenings",
                flips.tightenings().stream().map(Flips.Named::json).toList());
        json.put("waits", flips.waited());
        json.put("refused_otherwise", flips.refusedOtherwise());
        json.put("observed_only", flips.unfollowed());
        json.put("withheld", flips.withheld());
        json.put("unreadable", flips.unreadable());
        json.put("incomparable", flips.incomparable());
        return json;
    }
}
