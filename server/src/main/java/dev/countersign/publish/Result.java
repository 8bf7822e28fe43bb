package dev.countersign.publish;

import dev.countersign.config.Fault;
import dev.countersign.config.Published;
import java.util.List;

/// What comes of an offer.
public sealed interface Result {
    /// It has faults, all of them named, or a test of it failed.
    record Faulty(List<Fault> faults) implements Result {}

    /// There is no version of that number to go back to.
    record Unknown(long number) implements Result {}

    /// Policy lets nobody publish it now, and why.
    record Refused(String said) implements Result {}

    /// Others must approve it.
    ///
    /// @param request the access request's id
    /// @param warnings what it says and probably does not mean
    record Asked(String request, String version, List<Fault> warnings) implements Result {}

    /// Nobody had to be asked.
    ///
    /// @param warnings what it says and probably does not mean
    record Settled(Published published, List<Fault> warnings) implements Result {}
}
