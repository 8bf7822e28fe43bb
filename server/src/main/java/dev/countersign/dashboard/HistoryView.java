package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.LinkedHashMap;
import java.util.List;

/// What was asked before and what became of it, the newest first.
///
/// @param older where the next page is; empty on the last
/// @param more whether rows before these were only looked through in part
public record HistoryView(List<Row> rows, Search search, Choices choices, String older, boolean more) implements View {
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
    ///
    /// @param voter the pseudonym of who voted on it
    /// @param from the first day on which it was asked, in UTC, as `2026-11-23`
    /// @param to the last
    public record Search(
            String state,
            String client,
            String resource,
            String rule,
            String voter,
            String from,
            String to,
            String text) {
        /// One that looks for all.
        public static final Search ALL = new Search("", "", "", "", "", "", "", "");

        /// True when everything is shown.
        public boolean all() {
            return equals(ALL);
        }

        /// It as the query of a URL; what is empty is left out.
        public String parameters() {
            var values = new LinkedHashMap<String, String>();
            values.put("state", state);
            values.put("client", client);
            values.put("resource", resource);
            values.put("rule", rule);
            values.put("voter", voter);
            values.put("from", from);
            values.put("to", to);
            values.put("q", text);
            return Door.query(values);
        }
    }

    /// What one may choose from.
    public record Choices(List<Option> clients, List<Option> resources, List<Option> rules, List<Option> voters) {}
}
