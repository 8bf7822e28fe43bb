package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;

/// The queue: what waits for this viewer, then what waits for others, each ordered by risk and time left.
///
/// @param asked those of this viewer's own side that reviewers asked something about, and nobody has answered
/// @param afterwards the glass that was broken and that this viewer has still to look at, or may unlock
/// @param waiting how many requests wait for this viewer's vote, shown here or not, alike ones counted each
/// @param pending how many wait for anybody
/// @param moreYours the path of more that is for this viewer to decide; empty when all of it is listed
/// @param moreOthers the same of what waits for others
public record QueueView(
        List<Row> asked,
        List<Row> yours,
        List<Row> others,
        List<GlassView.Row> afterwards,
        Narrowed narrowed,
        int waiting,
        long pending,
        String moreYours,
        String moreOthers)
        implements View {
    /// Requests that ask for the same, shown as one.
    ///
    /// @param scopes the scope names
    /// @param reason the client's own words, inert; empty when it gave none
    /// @param standing why it is not for this viewer to decide: "you approved", "for security"; empty when it is
    /// @param note who looks into it, and whether something was asked; empty when there is nothing to say
    /// @param pick what is sent when it is decided together with others; empty where it cannot be
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
            String pick,
            List<Alike> alike) {}

    /// One more request that asks for the same.
    ///
    /// @param address where it came from
    /// @param pick as of a row
    public record Alike(String id, String address, Left left, String pick) {}

    /// What is shown of the queue, and what one may choose from.
    ///
    /// @param words what it is narrowed to, each in words; empty when everything is shown
    public record Narrowed(
            QueueFilter filter, List<String> words, List<Option> clients, List<Option> resources, List<Option> groups) {
        /// Where that request is, from where one comes back to the same rows.
        public String request(String id) {
            return "/requests/" + id + (filter.all() ? "" : "?queue=" + Door.encode(filter.parameters()));
        }
    }

    /// True when nothing is listed.
    public boolean empty() {
        return asked.isEmpty() && yours.isEmpty() && others.isEmpty() && afterwards.isEmpty();
    }

    /// True when it goes on elsewhere, before or behind what is shown.
    public boolean isPart() {
        return !narrowed.filter().side().isEmpty() || !moreYours.isEmpty() || !moreOthers.isEmpty();
    }

    /// How many wait for anybody, in words.
    public String inAll() {
        return Numbers.of(pending);
    }

    /// How many of the requests that wait for this viewer's vote were narrowed away.
    public int hidden() {
        return isPart()
                ? 0
                : waiting
                        - yours.stream().mapToInt(row -> 1 + row.alike().size()).sum();
    }
}
