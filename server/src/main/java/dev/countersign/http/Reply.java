package dev.countersign.http;

import java.util.Map;

/// What goes back over HTTP. Header names are as they are sent; `no-store` and the content type are headers like any
/// other.
public record Reply(int status, Map<String, String> headers, Body body) {
    /// The bytes of a reply, or the stream that makes them while the connection stays open.
    public sealed interface Body {
        @SuppressWarnings("ArrayRecordComponent") // replies are written, never compared
        record Bytes(byte[] bytes) implements Body {}

        /// Runs on the request's own thread until it returns or the peer is gone.
        record Stream(Writer writer) implements Body {}
    }

    /// Writes a long reply piece by piece.
    @FunctionalInterface
    public interface Writer {
        void to(java.io.OutputStream out) throws java.io.IOException;
    }
}
