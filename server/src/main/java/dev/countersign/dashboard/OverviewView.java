package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How things stand: what waits, how long people take, and what became of requests from day to day.
///
/// @param uncollected what was approved and waits to be collected
/// @param live how many tokens can be used now; empty while that is not known
/// @param days what came of all requests in 30 days; empty when there were none
/// @param share how much passed without people, in words; empty when there was nothing
/// @param times how long people took, by risk, the riskiest first; empty when they decided nothing
/// @param privilege for how long tokens were granted in 30 days; empty while that is not known
/// @param habit how they vote; for administrators alone
public record OverviewView(
        List<Waiting> waiting,
        Uncollected uncollected,
        Optional<Live> live,
        Optional<Bars> days,
        String share,
        List<Times> times,
        Optional<Privilege> privilege,
        Optional<Habit> habit)
        implements View {

    /// What waits of one risk.
    ///
    /// @param next the time left of the first that expires; empty when nothing waits
    public record Waiting(Risk risk, long count, Optional<Left> next) {}

    /// What was approved and waits to be collected.
    ///
    /// @param next the time left of the first that expires; empty when nothing waits
    public record Uncollected(long count, Optional<Left> next) {}

    /// Tokens that neither expired nor were revoked.
    ///
    /// @param soon how many of them expire within [#SOON]
    public record Live(long tokens, long soon) {}

    /// In which tokens expire soon.
    public static final Duration SOON = Duration.ofMinutes(5);

    /// For how long privilege was granted, and for how long it was taken.
    ///
    /// @param bars empty when nothing was granted
    /// @param line the same in words, and what standing access would have been
    public record Privilege(Optional<Bars> bars, String line) {}

    /// How long people took to decide.
    ///
    /// @param median "41 seconds"
    /// @param slow what 19 of 20 took at most
    public record Times(Risk risk, int decisions, String median, String slow) {}

    /// How people vote, and what that tells of whether they still look.
    ///
    /// @param line about all of them, in words
    /// @param rows by risk, the riskiest first; empty when nobody voted
    public record Habit(String line, List<Voted> rows) {}

    /// The votes on what is of one risk.
    ///
    /// @param approved how many of them in a hundred
    /// @param looked how long half of them looked at it, in words; empty when that is not known of any
    /// @param hasty how many looked for less than some seconds
    public record Voted(Risk risk, int votes, String approved, String looked, int hasty) {}
}
