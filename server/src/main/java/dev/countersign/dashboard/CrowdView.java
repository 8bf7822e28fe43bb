package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// The groups there are.
public record CrowdView(List<Row> rows) implements View {
    /// One group.
    ///
    /// @param asked by which rules
    /// @param owns what it answers for: clients and resources, by their names
    public record Row(String name, int members, List<String> asked, List<String> owns) {
        /// Where it is.
        public String href() {
            return group(name);
        }

        /// Where what waits for it is.
        public String queue() {
            return "/?group=" + Door.encode(name);
        }
    }

    /// Where a group is.
    public static String group(String name) {
        return "/groups/one?name=" + Door.encode(name);
    }

    /// One group with who belongs to it.
    ///
    /// @param onCall who of it is on call; empty when no calendar says
    public record Group(Row row, List<Stay> members, Optional<OnCall> onCall) implements View {}

    /// Who a group's calendar says is on call.
    ///
    /// @param heard what is to be said of the calendar itself
    /// @param trouble whether that is why somebody has to look at it
    /// @param unknown the titles of its events that name nobody here
    /// @param may whom it may name, by their names
    public record OnCall(
            List<Turn> now, List<Turn> next, String heard, boolean trouble, List<String> unknown, List<String> may) {}

    /// Somebody's shift.
    ///
    /// @param from empty when it has begun
    public record Turn(String id, String name, Optional<Moment> from, Moment until) {}

    /// That somebody belongs to a group.
    ///
    /// @param id the pseudonym
    /// @param source who says so: "the configuration", "a provider" or "a calendar"
    /// @param note what keeps it from counting now; empty when it counts
    public record Stay(String id, String name, String group, String source, String note, Moment since) {}

    /// The people there are.
    ///
    /// @param text what is looked for in their names
    /// @param cut whether there are more
    public record People(List<Line> lines, String text, boolean cut) implements View {}

    /// One of them.
    public record Line(String id, String name, String user, List<String> groups) {}

    /// One person with all there is of them.
    ///
    /// @param passkeys how many they sign with, in words
    /// @param signedIn when they did last, for those who may see it; empty for others
    /// @param away until when, and who stands in; empty while they are not
    public record Person(
            String id,
            String name,
            String user,
            String passkeys,
            Optional<String> signedIn,
            Optional<String> away,
            List<Stay> groups)
            implements View {}
}
