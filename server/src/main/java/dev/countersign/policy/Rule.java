package dev.countersign.policy;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/// One rule: when it applies, and what it then asks for.
///
/// @param then as it is written
public record Rule(String name, Condition when, Effect then) {
    /// It as it is for this request. An approving rule that speaks of neither usage nor findings was not written with
    /// a dormant or first-time privilege in mind: of such a request it asks the API's owner.
    ///
    /// Each rule for itself, so that one more rule, which does speak of usage, lifts nothing. While the client is
    /// attested every approving rule asks, whatever it speaks of: to attest lifts a denial, and lets nothing pass
    /// unattended that was denied before.
    Rule on(Facts facts) {
        if (then instanceof Effect.Approve approve
                && (facts.isAttested() || (facts.mayBeUnfamiliar() && !speaksOfUsage()))) {
            var owner = facts.value("resource_owner").map(Object::toString).orElse("");
            return new Rule(
                    name,
                    when,
                    owner.isEmpty()
                            ? Effect.Deny.because("it is dormant, new or attested, and nobody owns the API")
                            : asks(owner, approve));
        }
        return this;
    }

    private static Effect asks(String owner, Effect.Approve approve) {
        return new Effect.Review(
                List.of(new Stage(owner, 1)), Effect.WITHIN, Effect.COLLECT, approve.lifetime(), List.of());
    }

    /// Whether it approves and names no fact about usage, nor findings.
    public boolean isSilentOfUsage() {
        return then instanceof Effect.Approve && !speaksOfUsage();
    }

    /// Whether nobody gets by it what they ask for: its condition is known not to hold of any request that asks for as
    /// long a life as it lets a token have, or a shorter one.
    public boolean isNeverMet() {
        if (then instanceof Effect.Deny || !when.facts().contains("lifetime")) {
            return false;
        }
        return LongStream.rangeClosed(1, then.lifetime().orElse(Effect.LIFETIME).toSeconds())
                .mapToObj(Duration::ofSeconds)
                .map(it -> Activation.of(Facts.builder().lifetime(it).build()))
                .allMatch(it -> when.weigh(it).truth() == Truth.NO);
    }

    private boolean speaksOfUsage() {
        return when.facts().stream().anyMatch(it -> it.equals("findings") || it.startsWith("usage."));
    }

    /// The unknown never helps whoever asks: it keeps an approving rule from applying, and lets the stricter ones
    /// apply.
    boolean applies(Truth truth, Facts facts) {
        return switch (then) {
            case Effect.Approve _ -> truth == Truth.YES;
            case Effect.BreakTheGlass _ -> truth == Truth.YES && BreakGlass.isAsked(facts) && !facts.isAttested();
            case Effect.Review _, Effect.Deny _ -> truth != Truth.NO;
        };
    }

    /// Whether its cap counts: the cap of an approving rule that might hold does, or a missing fact would lift it
    /// from a review that another rule demands. That of a break-glass rule counts where the client asks for it.
    boolean caps(Truth truth, Facts facts) {
        return truth != Truth.NO && (!(then instanceof Effect.BreakTheGlass) || BreakGlass.isAsked(facts));
    }
}
