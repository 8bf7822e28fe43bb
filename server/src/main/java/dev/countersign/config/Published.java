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

    /// Policy has a word in it, and nobody asked for it. Nothing was written.
    ///
    /// @param offered the hash of what was to be published
    record Governed(String offered, Version inForce) implements Published {
        @Override
        public String toString() {
            return "configuration " + inForce.hash() + " is in force, and its policy decides over what replaces it:"
                    + " put " + offered + " in force at a running server, with `countersign apply` and COUNTERSIGN_URL";
        }
    }

    /// It was made from a version that is not in force any more: somebody else was first. Nothing was written.
    ///
    /// @param offered the hash of what was to be published
    /// @param base the hash of what it was made from
    record Stale(String offered, String base, Version inForce) implements Published {
        @Override
        public String toString() {
            return "configuration " + offered + " was made from " + base + ", and in force since " + inForce.at()
                    + " is " + inForce.hash() + ". Take over what changed, and publish it again";
        }
    }
}
