package dev.countersign.proof;

/// Requests of one client for one API that one approving rule lets through.
public record Region(String client, String resource, String rule, Proof proof) {}
