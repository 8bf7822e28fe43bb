package dev.countersign.http;

/// One HTTP request.
public final class Request {
    Request() {}
}
