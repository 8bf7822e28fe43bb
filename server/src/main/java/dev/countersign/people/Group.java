package dev.countersign.people;

import java.util.List;

/// A group of reviewers or owners as the configuration has it.
///
/// @param members user names of the local login
public record Group(String name, List<String> members) {
    /// The group whose members may use what only administrators may.
    public static final String ADMINISTRATORS = "administrators";

    /// The group whose members may read the ledger with what is disclosed.
    public static final String AUDITORS = "auditors";

    /// Keeps its own copy of the members.
    public Group {
        members = List.copyOf(members);
    }
}
