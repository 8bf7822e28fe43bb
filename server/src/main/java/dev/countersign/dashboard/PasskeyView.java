package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// A person's passkeys.
///
/// @param against why they can have none enrolled now; empty when they can
/// @param group whose members agree
public record PasskeyView(List<Line> enrolled, List<Line> waiting, String against, String group) implements View {
    /// One of them.
    ///
    /// @param fingerprint what whoever agrees compares
    /// @param used when it signed last
    /// @param request the access request that others decide: by which it is enrolled, or its removal; empty when
    ///     nothing waits
    public record Line(
            String credential, String name, String fingerprint, Moment since, Optional<Moment> used, String request) {}
}
