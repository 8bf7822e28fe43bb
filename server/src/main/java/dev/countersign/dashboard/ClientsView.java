package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// The clients there are, with what came of their requests of late.
///
/// @param unknown why nothing is said of their use; empty when it is
public record ClientsView(List<Row> rows, String unknown) implements View {
    /// One of them.
    ///
    /// @param states what is out of the ordinary: `frozen`, `disabled`, `observed only`, `attested`
    /// @param bars of the last 30 days; empty when nothing is known
    /// @param totals the same in words
    /// @param unused how much of what it may it never does: "3 of 7 permissions unused"; empty when all is used
    public record Row(
            String id,
            String name,
            String owner,
            List<String> states,
            Optional<Bars> bars,
            String totals,
            Optional<Moment> last,
            String unused) {}
}
