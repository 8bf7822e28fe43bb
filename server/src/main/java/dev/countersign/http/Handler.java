package dev.countersign.http;

/// Answers one request. Blocks freely: each request has a virtual thread of its own. What may be minutes away is better
/// a [Reply#later].
@FunctionalInterface
public interface Handler {
    Reply handle(Request request);
}
