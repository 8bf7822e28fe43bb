package dev.countersign.cli;

import dev.countersign.oauth.ClientText;
import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How flips are shown: how often which verdict would be which, and what would be looser.
final class FlipTable {
    private final Terminal terminal;

    FlipTable(Terminal terminal) {
        this.terminal = terminal;
    }

    /// @param was what the verdicts are that were given
    void matrix(String was, Flips.Cells cells) {
        var rows = new ArrayList<List<String>>();
        for (var given : Word.values()) {
            var row = new ArrayList<String>();
            row.add(given.word());
            for (var now : Word.values()) {
                row.add(number(cells.count(given, now)));
            }
            rows.add(row);
        }
        terminal.table(List.of(was, "WOULD APPROVE", "WOULD REVIEW", "WOULD DENY"), rows);
        terminal.say("");
    }

    /// @param within how many of them keep their verdict
    /// @param named some of them
    void loosened(long all, long within, List<Flips.Named> named) {
        terminal.say("loosened: " + number(all) + within(all, within));
        names(all, named);
    }

    /// @param within how many of them keep their verdict
    /// @param named some of them
    void tightened(long all, long within, List<Flips.Named> named) {
        tightened(all, within);
        names(all, named);
    }

    private void names(long all, List<Flips.Named> named) {
        for (var it : named) {
            terminal.say("  " + it.request() + "  " + Spans.moment(it.at()) + "  " + ClientText.inert(it.client())
                    + "  " + ClientText.inert(String.join(" ", it.scopes())) + " on "
                    + ClientText.inert(it.resource()));
            terminal.say("    " + String.join("; ", it.how()) + " (" + it.was().word() + " by "
                    + String.join(", ", it.rules()) + "; would be " + it.now().word() + " by "
                    + String.join(", ", it.candidateRules()) + ")");
        }
        long more = all - named.size();
        if (more > 0) {
            terminal.say("  and " + number(more) + " more");
        }
    }

    /// @param within how many of them keep their verdict
    void tightened(long all, long within) {
        terminal.say("tightened: " + number(all) + within(all, within));
    }

    /// Something that was counted and is worth a line when there is any.
    void told(String what, long number) {
        if (number > 0) {
            terminal.say(what + ": " + number(number));
        }
    }

    private static String within(long all, long kept) {
        return all == 0 ? "" : ", " + number(kept) + " of them with the verdict they had";
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
