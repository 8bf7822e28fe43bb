package dev.countersign.signin;

import java.time.Instant;
import java.util.Set;

/// What a provider says of somebody, believed; made by [IdTokenCheck] alone.
///
/// @param user what others call them; the subject when it does not say
/// @param email empty when there is none, or it is not theirs as far as the provider knows
/// @param groups what it calls the groups they are in
/// @param authenticated when they proved themselves to it; when it made the token, if it does not say
/// @param session what it calls its session; empty when it does not say
record IdToken(
        String subject,
        String user,
        String name,
        String email,
        Set<String> groups,
        Instant authenticated,
        String session) {}
