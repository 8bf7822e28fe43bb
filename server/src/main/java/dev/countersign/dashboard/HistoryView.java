package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;

/// What was asked before and what became of it, the newest first.
///
/// @param older where the next page is; empty on the last
/// @param parameters what is looked for, as the query of a URL
public record HistoryView(List<Row> rows, Search search, List<Option> clients, String older, String parameters)
        implements View {
    /// The states that are no longer pending, for the filter.
    public static final List<String> STATES =
            List.of("approved", "redeemed", "denied", "expired", "cancelled", "revoked");

    /// One request that is over.
    ///
    /// @param by who decided: names, or what ended it
    /// @param took from the request to the decision: "41 seconds"
    /// @param comment the decider's words; empty when there are none
    public record Row(
            String id,
            Sentence sentence,
            String scopes,
            Risk risk,
            String client,
            String state,
            String by,
            String comment,
            String took,
            Moment at) {}

    /// What is looked for; empty strings look for all.
    public record Search(String state, String client, String text) {
        /// True when everything is shown.
        public boolean all() {
            return state.isEmpty() && client.isEmpty() && text.isEmpty();
        }
    }

    /// Something to choose.
    public record Option(String value, String label) {}
}
