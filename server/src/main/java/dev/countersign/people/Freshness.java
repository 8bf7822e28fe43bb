package dev.countersign.people;

import dev.countersign.oauth.Risk;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether a caller has proved lately enough who they are to approve something of a risk. A denial takes none:
/// to say no is safe from anybody who may.
public final class Freshness {
    private final Supplier<Optional<StepUp>> rule;
    private final InstantSource clock;

    /// What there is to be done first.
    public enum Needed {
        /// Nothing.
        NOTHING,
        /// To sign in once more.
        SIGN_IN,
        /// To sign in as a person does: whoever holds a token may be anybody.
        PERSON
    }

    /// @param rule of the configuration now in force; empty when it has none
    public Freshness(Supplier<Optional<StepUp>> rule, InstantSource clock) {
        this.rule = rule;
        this.clock = clock;
    }

    /// Whether something of that risk takes a proof at all.
    public boolean isNeeded(Risk risk) {
        return rule.get().filter(it -> risk.level >= it.from().level).isPresent();
    }

    /// Whether this caller may name somebody who votes in their place: whose vote it is then may be of any risk.
    public boolean mayLend(Caller caller) {
        return needed(caller, Risk.CRITICAL) == Needed.NOTHING;
    }

    /// What this caller has to do first.
    public Needed needed(Caller caller, Risk risk) {
        var stepUp = rule.get();
        if (stepUp.isEmpty() || !isNeeded(risk)) {
            return Needed.NOTHING;
        }
        return switch (caller.how()) {
            case Caller.How.ByToken _ -> Needed.PERSON;
            case Caller.How.BySession(var session) -> {
                var now = clock.instant();
                var until = session.authenticated().plus(stepUp.get().within());
                // A clock that was set back makes nothing fresh.
                boolean fresh = !now.isBefore(session.created()) && now.isBefore(until);
                yield fresh ? Needed.NOTHING : Needed.SIGN_IN;
            }
        };
    }
}
