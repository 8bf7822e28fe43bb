package dev.countersign.source;

import dev.countersign.oauth.AuthorizationDetails;
import java.util.List;

/// The request that a source is asked about, as far as one is told.
///
/// @param client who asks
/// @param subject for whom
/// @param resource the API's URL
/// @param lifetime in seconds
/// @param risk the highest of what is asked, as a word
/// @param ticket the client's own reference; empty when it gave none
public record Inquiry(
        String client,
        String subject,
        String resource,
        List<String> scopes,
        AuthorizationDetails details,
        long lifetime,
        String risk,
        String ticket) {}
