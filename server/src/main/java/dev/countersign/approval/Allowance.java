package dev.countersign.approval;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/// How much of a request may be granted: scopes, details, lifetime and uses. A reviewer can only make it smaller.
///
/// @param lifetime of each token
/// @param uses how many tokens it gives, one or more; what was kept before there were uses says 0 and gives one
public record Allowance(Scopes scopes, AuthorizationDetails details, Duration lifetime, int uses) {
    public Allowance {
        uses = Math.max(1, uses);
    }

    /// For one token.
    public Allowance(Scopes scopes, AuthorizationDetails details, Duration lifetime) {
        this(scopes, details, lifetime, 1);
    }

    /// Why this is not within `wider`; empty when it is.
    ///
    /// @param types the details types of the resource, which say what may be lowered
    public Optional<String> beyond(Allowance wider, Map<String, DetailsType> types) {
        if (!scopes.within(wider.scopes)) {
            return Optional.of("scopes may only be left out: " + wider.scopes + " was asked");
        }
        if (lifetime.compareTo(wider.lifetime) > 0) {
            return Optional.of(
                    "the lifetime may only be shortened: at most " + wider.lifetime.toSeconds() + " seconds");
        }
        if (uses > wider.uses) {
            return Optional.of("the number of tokens may only be lowered: at most " + wider.uses);
        }
        if (!details.narrows(wider.details, types)) {
            return Optional.of("authorization_details may only be left out or lowered" + wider.details.room(types));
        }
        return Optional.empty();
    }

    /// What two narrowings of `asked` both allow.
    public Allowance meet(Allowance other, Allowance asked, Map<String, DetailsType> types) {
        return new Allowance(
                scopes.meet(other.scopes),
                details.meet(other.details, asked.details, types),
                lifetime.compareTo(other.lifetime) <= 0 ? lifetime : other.lifetime,
                Math.min(uses, other.uses));
    }

    /// The same, living no longer than `cap`.
    public Allowance within(Optional<Duration> cap) {
        return cap.filter(it -> it.compareTo(lifetime) < 0)
                .map(it -> new Allowance(scopes, details, it, uses))
                .orElse(this);
    }

    /// What one token of it allows.
    ///
    /// @param issued when it is issued, in whole seconds
    /// @param last when nothing that comes of it lives any more
    Allowance ofOne(Instant issued, Instant last) {
        return within(Optional.of(Duration.between(issued, last.truncatedTo(ChronoUnit.SECONDS))))
                .atMost(1);
    }

    /// The same, for no more tokens than that.
    public Allowance atMost(int tokens) {
        return tokens < uses ? new Allowance(scopes, details, lifetime, tokens) : this;
    }

    /// True when nothing is left to grant.
    public boolean isEmpty() {
        return scopes.isEmpty() && details.isEmpty();
    }
}
