package dev.countersign.oauth;

/// A type of authorization details as its resource registers it, RFC 9396 §2.
///
/// @param title a sentence for reviewers with members in braces: `Refund {amount} {currency}`
public record DetailsType(String type, String title, Risk risk) {}
