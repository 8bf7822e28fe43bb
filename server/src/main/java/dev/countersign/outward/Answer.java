package dev.countersign.outward;

/// What came of a request.
public sealed interface Answer {
    /// It was answered, whatever with. A redirect is an answer like any other: nobody follows it.
    ///
    /// @param body UTF-8
    /// @param etag by which it may be asked for again; empty when it has none
    record Said(int status, String body, String etag) implements Answer {
        /// One without.
        public Said(int status, String body) {
            this(status, body, "");
        }
    }

    /// It was not.
    record Nothing(Silence silence) implements Answer {}

    /// Why there is no answer.
    enum Silence {
        /// Time was up.
        LATE,
        /// There is no such host, nobody listens there, or it hung up.
        UNREACHABLE,
        /// None of its addresses is one that may be reached.
        FORBIDDEN,
        /// It could not prove to be who it was asked for (TLS).
        UNTRUSTED,
        /// It said more than is read.
        TOO_LARGE,
        /// What it said is not HTTP/1.1 as it is read here.
        NOT_HTTP,
        /// This node has too much to ask just now.
        BUSY
    }
}
