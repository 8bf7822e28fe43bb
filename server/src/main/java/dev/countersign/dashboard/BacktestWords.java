package dev.countersign.dashboard;

import dev.countersign.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Puts into words what is kept with a publication of what it would have said of the past.
final class BacktestWords {
    private BacktestWords() {}

    /// @param shown what is kept of it, as JSON
    static BacktestView of(String id, Sentence sentence, String shown) {
        var json = Json.read(shown);
        var backtest = json.path("backtest");
        var flips = FlipsView.of(backtest.path("matrix"));
        var untold = untold(backtest);
        return new BacktestView(
                id,
                sentence,
                untold,
                since(backtest),
                untold.isEmpty() ? counts(backtest) : List.of(),
                Optional.of(flips).filter(it -> it.compared() > 0),
                untold.isEmpty()
                        ? List.of(
                                cases("Looser", backtest, "loosened", "loosenings"),
                                cases("Tighter", backtest, "tightened", "tightenings"))
                        : List.of(),
                untold.isEmpty() ? people(backtest) : List.of(),
                json.has("unattended")
                        ? Optional.of(PublicationWords.unattended(json.path("unattended")))
                        : Optional.empty());
    }

    private static String untold(JsonNode backtest) {
        return backtest.isMissingNode()
                ? "It was not tried on the past when it was asked for."
                : Wording.asSentence(PublicationWords.text(backtest, "failed"));
    }

    private static Optional<Moment> since(JsonNode backtest) {
        return Optional.of(PublicationWords.text(backtest, "since"))
                .filter(it -> !it.isEmpty())
                .map(it -> new Moment(Instant.parse(it)));
    }

    private static List<String> counts(JsonNode backtest) {
        return List.of(
                number(backtest, "compared") + " judged again",
                number(backtest, "flipped") + " would have another verdict",
                number(backtest, "loosened") + " looser",
                number(backtest, "tightened") + " tighter");
    }

    private static String number(JsonNode backtest, String member) {
        return Numbers.of(backtest.path(member).asLong(0));
    }

    private static BacktestView.Cases cases(String title, JsonNode backtest, String counted, String named) {
        var cases = backtest.path(named).valueStream().map(BacktestWords::one).toList();
        long all = backtest.path(counted).asLong(0);
        long left = all - cases.size();
        var said = left <= 0
                ? ""
                : backtest.has(named)
                        ? "and " + Numbers.of(left) + " more"
                        : "which they are was not kept with this publication";
        return new BacktestView.Cases(title + ": " + Numbers.of(all), cases, said);
    }

    private static BacktestView.Case one(JsonNode it) {
        return new BacktestView.Case(
                PublicationWords.text(it, "request"),
                PublicationWords.inert(PublicationWords.asked(it) + " on " + PublicationWords.text(it, "resource")),
                PublicationWords.inert(PublicationWords.words(it.path("how"), "; ") + kept(it)));
    }

    /// Fewer votes or a longer life is a change as well.
    private static String kept(JsonNode it) {
        var now = PublicationWords.text(it, "now");
        return !now.isEmpty() && now.equals(PublicationWords.text(it, "was")) ? " (" + now + " as before)" : "";
    }

    private static List<String> people(JsonNode backtest) {
        var lines = new ArrayList<>(PublicationWords.waits(backtest.path("waits")));
        if (lines.isEmpty()) {
            lines.add("people would be asked neither more often nor less");
        }
        return List.copyOf(lines);
    }
}
