package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;

/// The queue: what waits for this viewer, then what waits for others, each ordered by risk and time left.
///
/// @param asked those of this viewer's own side that reviewers asked something about, and nobody has answered
/// @param afterwards the glass that was broken and that this viewer has still to look at, or may unlock
public record QueueView(List<Row> asked, List<Row> yours, List<Row> others, List<GlassView.Row> afterwards)
        implements View {
    /// Requests that ask for the same, shown as one.
    ///
    /// @param scopes the scope names
    /// @param reason the client's own words, inert; empty when it gave none
    /// @param standing why it is not for this viewer to decide: "you approved", "for security"; empty when it is
    /// @param note who looks into it, and whether something was asked; empty when there is nothing to say
    /// @param alike the others that ask for the same
    public record Row(
            String id,
            Sentence sentence,
            String scopes,
            Risk risk,
            Left left,
            String client,
            String reason,
            List<FindingLine> findings,
            List<StageLine> stages,
            String standing,
            String note,
            List<Alike> alike) {}

    /// One more request that asks for the same.
    ///
    /// @param address where it came from
    public record Alike(String id, String address, Left left) {}

    /// True when nobody has anything to decide.
    public boolean empty() {
        return asked.isEmpty() && yours.isEmpty() && others.isEmpty() && afterwards.isEmpty();
    }

    /// How many requests wait for this viewer's vote, alike ones counted each.
    public int waiting() {
        return yours.stream().mapToInt(row -> 1 + row.alike().size()).sum();
    }
}
