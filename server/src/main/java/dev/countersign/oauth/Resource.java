package dev.countersign.oauth;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An API that tokens are for, identified by its URL, which is the token's audience (RFC 8707 §2, RFC 9068 §3).
///
/// @param id absolute https URL without fragment, compared exactly
/// @param owner the group whose members answer for it
/// @param introspectedBy the clients that may learn of its tokens at `/introspect`
/// @param scopes by name, in the order of the configuration
/// @param details the RFC 9396 types it understands, by `type`
/// @param observe until when what policy says of requests for it is recorded and not followed; empty when it is
/// followed
public record Resource(
        String id,
        String name,
        String owner,
        List<String> introspectedBy,
        Map<String, ScopeDefinition> scopes,
        Map<String, DetailsType> details,
        Optional<Observe> observe) {}
