package dev.countersign.approval;

import dev.countersign.people.Absence;
import dev.countersign.people.PersonId;
import java.util.List;
import java.util.Optional;

/// Whom a request waits for, and how long that usually takes: for who wants its token, and for who thinks of asking.
///
/// @param usual empty when too few of its kind were decided of late
public record Outlook(List<Asked> asked, Optional<ExpectedWait> usual) {
    /// A stage, and who could fill its places now.
    ///
    /// @param needed how many must approve
    /// @param open how many of these are still missing
    /// @param people who could vote for it, by themselves, and has not; nobody who is away
    /// @param away who could and is away
    public record Asked(String group, int needed, int open, List<PersonId> people, List<Absence> away) {}
}
