package dev.countersign.http;

/// Answers one request. Blocks freely: each request has a virtual thread of its own.
@FunctionalInterface
public interface Handler {
    Reply handle(Request request);
}
