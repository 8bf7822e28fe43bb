package dev.countersign.config;

/// What came of a publication.
public sealed interface Published {
    /// It is in force from now on.
    record Done(Version version) implements Published {}

    /// It was in force already, and nothing was written.
    record Unchanged(Version version) implements Published {}

    /// It was in force once and another took its place: somebody's folder is behind. Nothing was written.
    ///
    /// @param offered what was to be published
    /// @param inForce what is in force instead
    record Superseded(Version offered, Version inForce) implements Published {
        @Override
        public String toString() {
            return "configuration " + offered.hash() + " was superseded; in force since " + inForce.at() + " is "
                    + inForce.hash() + ". Bring the folder up to date, or publish it again on purpose";
        }
    }
}
