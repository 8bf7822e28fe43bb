package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;

/// What was refused at once and troubled nobody, the newest first.
///
/// @param client whose are shown; empty for all clients'
/// @param older where the next page is; empty on the last
public record RefusalsView(List<Row> rows, String client, List<HistoryView.Option> clients, String older)
        implements View {
    /// One refusal.
    ///
    /// @param reference what the client was told
    /// @param why policy's own sentence, or what the gate found
    /// @param rules those that settled it; empty when it was not policy
    public record Row(
            String reference,
            Sentence sentence,
            String scopes,
            String client,
            String why,
            List<String> rules,
            String version,
            Moment at) {}

    /// One refusal by itself.
    ///
    /// @param told whether the viewer may see what stands beside the entry
    /// @param said the client's own words and where it came from, by name
    /// @param trace how each rule weighed
    /// @param traced why there is no trace; empty when there is
    /// @param facts what the rules were told, by name
    /// @param entry the entry's index and leaf hash
    public record One(
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
