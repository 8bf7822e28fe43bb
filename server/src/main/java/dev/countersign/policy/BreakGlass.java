package dev.countersign.policy;

import java.time.Duration;
import java.util.List;

/// On which terms break-glass rules let a request through before anybody has looked at it.
///
/// @param limits how often each of the rules may, for one client
/// @param stages all groups that look at it afterwards, each once, sorted by group
/// @param within the time they have for it
/// @param signed whether what each says of it is signed with a passkey, as votes would have to be
public record BreakGlass(List<Limit> limits, List<Stage> stages, Duration within, boolean signed) {
    /// The fact that says whether the client asks for it. It is never had by accident.
    public static final String FACT = "break_glass";

    /// How often a rule lets one client through.
    ///
    /// @param times at most, in any stretch as long as `per`
    public record Limit(String rule, int times, Duration per) {}

    /// Whether a request asks for it, as far as is known.
    static boolean isAsked(Facts facts) {
        return facts.value(FACT).filter(Boolean.TRUE::equals).isPresent();
    }
}
