package dev.countersign.publish;

import dev.countersign.config.Fault;
import dev.countersign.config.Published;
import dev.countersign.config.Read;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What comes of an offer.
public sealed interface Result {
    /// It has faults, all of them named, or a test of it failed, or it claims what is not so.
    record Faulty(Read.Bad why) implements Result {}

    /// There is no version of that number to go back to.
    record Unknown(long number) implements Result {}

    /// Policy lets nobody publish it now, and why.
    record Refused(String said) implements Result {}

    /// Others must approve it.
    ///
    /// @param request the access request's id
    /// @param warnings what it says and probably does not mean
    /// @param shown what reviewers are shown of it, as JSON
    record Asked(String request, String version, List<Fault> warnings, String shown) implements Result {}

    /// Nobody had to be asked.
    ///
    /// @param warnings what it says and probably does not mean
    /// @param unattended what goes through unattended by it and did not before, as the API has it; empty when it
    ///     replaced nothing
    record Settled(Published published, List<Fault> warnings, Optional<JsonNode> unattended) implements Result {}
}
