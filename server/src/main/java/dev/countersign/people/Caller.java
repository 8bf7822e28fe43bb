package dev.countersign.people;

import java.util.Set;

/// Who calls our pages or the JSON API, proved; made by [Callers] alone.
public final class Caller {
    private final Person person;
    private final Set<String> scopes;
    private final How how;

    /// How the caller proved who it is.
    public sealed interface How {
        /// With the cookie of a session: what changes anything also needs its CSRF token.
        record BySession(Session session) implements How {}

        /// With a bearer token.
        record ByToken(String tokenId) implements How {}
    }

    Caller(Person person, Set<String> scopes, How how) {
        this.person = person;
        this.scopes = Set.copyOf(scopes);
        this.how = how;
    }

    /// The person who calls, or in whose name a bot does.
    public Person person() {
        return person;
    }

    /// What the caller may do, of [ApiScope].
    public Set<String> scopes() {
        return scopes;
    }

    /// How the caller proved who it is.
    public How how() {
        return how;
    }

    /// Whether the caller may do that.
    public boolean may(String scope) {
        return scopes.contains(scope) || (scope.equals(ApiScope.OPERATE) && scopes.contains(ApiScope.ADMIN));
    }

    @Override
    public String toString() {
        return "Caller[" + person.id() + " " + scopes + " " + how + "]";
    }
}
