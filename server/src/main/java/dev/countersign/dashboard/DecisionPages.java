package dev.countersign.dashboard;

import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.RefusalsView.Line;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.policy.Explanation;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Part;
import dev.countersign.policy.Truth;
import dev.countersign.replay.Decision;
import dev.countersign.replay.Past;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `/policy/decision?ref=…`: how policy came to what it said of one request, by the policy of then and the facts that
/// were recorded, and what would have changed it. For auditors, since the facts tell of the client's words.
final class DecisionPages {
    private static final String NONE =
            "No request is known by that which policy judged. Give a request's id, the number "
                    + "of a ledger entry, or a token's jti.";

    private final Door door;
    private final Supplier<Past> past;
    private final Wording wording;
    private final Renderer renderer;

    /// @param past opens what the store holds
    DecisionPages(Door door, Supplier<Past> past, Wording wording, Renderer renderer) {
        this.door = door;
        this.past = past;
        this.wording = wording;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.LEDGER_READ, visit -> {
            var frame = door.frame(visit, "How it was judged", Section.POLICY);
            return Reply.html(
                    200, renderer.page(frame, decision(visit.query("ref").strip())));
        });
    }

    private DecisionView decision(String reference) {
        if (!reference.matches("[A-Za-z0-9_-]{1,64}")) {
            throw HttpFault.of(404, NONE);
        }
        try (var store = past.get()) {
            var decision = store.decision(reference).orElseThrow(() -> HttpFault.of(404, NONE));
            return switch (decision.recorded()) {
                case Decision.Recorded.Known(var facts) -> known(decision, facts, store);
                case Decision.Recorded.Withheld() -> untold(decision, "The facts were erased, or never disclosed.");
                case Decision.Recorded.Unreadable(var said) ->
                    untold(decision, "The facts cannot be read by this release: " + said + ".");
            };
        } catch (SQLException | IllegalArgumentException unreadable) {
            throw new IllegalStateException("the past cannot be read", unreadable);
        }
    }

    private DecisionView known(Decision decision, Facts facts, Past store) throws SQLException {
        var then = store.configuration(decision.version());
        if (then.isEmpty()) {
            return untold(decision, "The policy of then cannot be read by this release.");
        }
        var explanation = Explanation.of(then.get().policy(), facts);
        return view(
                decision,
                Wording.asSentence(explanation.because()),
                explanation.terms().stream()
                        .map(it -> new Line(
                                it.name() + " (" + String.join(", ", it.rules()) + ")", Wording.inert(it.value())))
                        .toList(),
                explanation.rules().stream()
                        .map(it -> rule(it, facts))
                        .sorted(Comparator.comparing(it -> !it.applied()))
                        .toList(),
                RefusalPages.lines(facts),
                Optional.of(Instead.of(
                        then.get().policy(),
                        then.get().registrations(),
                        facts,
                        explanation.judgement().verdict().word())),
                "");
    }

    private DecisionView untold(Decision decision, String why) {
        return view(decision, "", List.of(), List.of(), List.of(), Optional.empty(), why);
    }

    private DecisionView view(
            Decision decision,
            String because,
            List<Line> terms,
            List<DecisionView.Rule> rules,
            List<Line> facts,
            Optional<DecisionView.Instead> instead,
            String untold) {
        return new DecisionView(
                decision.request(),
                wording.client(decision.client()),
                new Moment(decision.at()),
                said(decision),
                decision.version(),
                because,
                terms,
                rules,
                facts,
                instead,
                untold);
    }

    private static String said(Decision decision) {
        var rules = String.join(", ", decision.rules());
        var word = decision.word().map(it -> it.word()).orElse("refused, " + decision.refusedFor());
        return word + " by " + rules + (decision.isUnfollowed() ? "; observed only, and the token was issued" : "");
    }

    private static DecisionView.Rule rule(Explanation.OfRule rule, Facts facts) {
        var trace = rule.trace();
        var parts = new ArrayList<DecisionView.Part>();
        add(rule.whole(), 0, facts, parts);
        return new DecisionView.Rule(
                trace.rule(),
                trace.effect(),
                trace.applied(),
                (trace.applied() ? "applies" : "does not apply")
                        + unknown(trace.applied(), trace.truth())
                        + (rule.caps() && !trace.applied() ? ", and its cap counts all the same" : ""),
                List.copyOf(parts));
    }

    private static String unknown(boolean applied, Truth truth) {
        if (truth != Truth.UNKNOWN) {
            return "";
        }
        return applied ? ", since the unknown never helps whoever asks" : ", since it is not known to hold";
    }

    private static void add(Part.Weighed weighed, int depth, Facts facts, List<DecisionView.Part> parts) {
        var part = weighed.part();
        var told = part.parts().isEmpty()
                ? part.facts().stream()
                        .map(it -> it + " = " + Wording.fact(facts, it))
                        .collect(Collectors.joining(", "))
                : "";
        parts.add(new DecisionView.Part(
                depth,
                weighed.truth().word(),
                part.text().replace('\n', ' ') + (weighed.fault().isEmpty() ? "" : " (" + weighed.fault() + ")"),
                told));
        weighed.parts().forEach(it -> add(it, depth + 1, facts, parts));
    }
}
