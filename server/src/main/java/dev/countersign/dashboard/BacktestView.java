package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// What a configuration that somebody asked to put in force would have said of the past, request by request.
///
/// @param id of the request that asks for it
/// @param untold why there is nothing to tell of the past; empty when there is
/// @param since from when on requests were judged again
/// @param counts how many there were, and what came of them, in words
/// @param people what it takes of people's time and saves them
/// @param unattended what nobody is asked about any more, by the prover; empty of publications that do not say
public record BacktestView(
        String id,
        Sentence sentence,
        String untold,
        Optional<Moment> since,
        List<String> counts,
        Optional<FlipsView> flips,
        List<Cases> cases,
        List<String> people,
        Optional<RequestView.Part> unattended)
        implements View {
    /// Requests to which the same happens.
    ///
    /// @param left how many are not named; empty when all are
    public record Cases(String title, List<Case> named, String left) {}

    /// One of them.
    ///
    /// @param what who asked for what
    /// @param how in what it is looser or tighter
    public record Case(String request, String what, String how) {}
}
