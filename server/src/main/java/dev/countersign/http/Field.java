package dev.countersign.http;

/// One pair of a form or a query, decoded.
public record Field(String name, String value) {}
