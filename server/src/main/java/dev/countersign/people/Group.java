package dev.countersign.people;

import java.util.List;
import java.util.Optional;

/// A group of reviewers or owners as the configuration has it.
///
/// @param members the users whom the configuration names as members
/// @param from who else is one: whom a provider says is in a group of its own
/// @param onCall who else is one: whom a calendar says is on call
public record Group(String name, List<String> members, Optional<From> from, Optional<OnCall> onCall) {
    /// The group whose members may use what only administrators may.
    public static final String ADMINISTRATORS = "administrators";

    /// The group whose members may read the ledger with what is disclosed.
    public static final String AUDITORS = "auditors";

    /// A group of a provider.
    public record From(String issuer, String group) {}

    /// The group whose members may freeze and see keys.
    public static final String OPERATORS = "operators";

    /// Keeps its own copy of the members.
    public Group {
        members = List.copyOf(members);
    }

    /// One whose members the configuration names.
    public Group(String name, List<String> members) {
        this(name, members, Optional.empty(), Optional.empty());
    }
}
