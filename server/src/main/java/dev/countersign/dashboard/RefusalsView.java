package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;

/// What never waited for people and was not simply approved, the newest first: refused at once, or observed only.
///
/// @param kind which of the two
/// @param observing what is observed only now
/// @param client whose are shown; empty for all clients'
/// @param older where the next page is; empty on the last
public record RefusalsView(
        Kind kind, List<Observing> observing, List<Row> rows, String client, List<Option> clients, String older)
        implements View {
    /// The two lists.
    public enum Kind {
        REFUSED("/history/refused", "Refused at once"),
        OBSERVED("/history/observed", "Observed only");

        private final String path;
        private final String title;

        Kind(String path, String title) {
            this.path = path;
            this.title = title;
        }

        public String path() {
            return path;
        }

        public String title() {
            return title;
        }
    }

    /// A client or an API that is observed only.
    public record Observing(String name, Moment until) {}

    /// One of them.
    ///
    /// @param reference what the client was told
    /// @param state `refused`, or what would have been: `held`, `denied`, `capped`
    /// @param why policy's own sentence, what the gate found, or what would have come of it
    /// @param rules those that settled it; empty when it was not policy
    public record Row(
            String reference,
            Sentence sentence,
            String scopes,
            String client,
            String state,
            String why,
            List<String> rules,
            String version,
            Moment at) {}

    /// One of them by itself.
    ///
    /// @param told whether the viewer may see what stands beside the entry
    /// @param said the client's own words and where it came from, by name
    /// @param trace how each rule weighed
    /// @param traced why there is no trace; empty when there is
    /// @param facts what the rules were told, by name
    /// @param entry the entry's index and leaf hash
    public record One(
            Kind kind,
            Row row,
            Risk risk,
            boolean told,
            List<Line> said,
            List<String> trace,
            String traced,
            List<Line> facts,
            String entry)
            implements View {}

    /// Something by its name. Text that a client wrote is inert by the time it is here.
    public record Line(String name, String value) {}
}
