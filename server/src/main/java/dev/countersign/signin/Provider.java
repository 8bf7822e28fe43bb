package dev.countersign.signin;

import dev.countersign.people.Provisioner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An OpenID provider, as it is configured.
///
/// @param id what URLs of ours call it
/// @param name what people call it
/// @param issuer what it calls itself, compared exactly
/// @param clientId what it calls this server
/// @param secret the file of the secret that this server shows it, from the configuration folder; empty when it needs
/// none
/// @param subject the claim that says who somebody is
/// @param groups the claim that has somebody's groups
/// @param scopes what is asked for beside `openid`, `profile` and `email`
/// @param maxAge how long ago somebody may have proved themselves to it; empty when it is for the provider to say
/// @param goodFor how long what it says of groups gives rights without being said again
/// @param provisioner how it provisions people and groups; empty when it does not
public record Provider(
        String id,
        String name,
        String issuer,
        String clientId,
        Optional<String> secret,
        String subject,
        String groups,
        List<String> scopes,
        Optional<Duration> maxAge,
        Duration goodFor,
        Optional<Provisioner> provisioner) {
    /// The claim that every provider has for who somebody is.
    public static final String SUBJECT = "sub";

    /// What the claim with groups is called when the configuration does not say.
    public static final String GROUPS = "groups";

    /// How long it is good for when the configuration does not say.
    public static final Duration GOOD_FOR = Duration.ofHours(12);

    /// Keeps its own copy of the scopes.
    public Provider {
        scopes = List.copyOf(scopes);
    }
}
