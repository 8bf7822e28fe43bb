package dev.countersign.oauth;

/// The `authorization_details` of RFC 9396 §2 as one frozen value.
///
/// `canonical` is the JSON array in the canonical form of RFC 8785, so that equal values are equal text and hash the
/// same; an empty array when nothing is asked.
public record AuthorizationDetails(String canonical) {
    public static final AuthorizationDetails NONE = new AuthorizationDetails("[]");

    public boolean isEmpty() {
        return canonical.equals("[]");
    }
}
