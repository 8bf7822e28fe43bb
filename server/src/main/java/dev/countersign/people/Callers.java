package dev.countersign.people;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// Tells who calls: the one maker of [Caller]. Not from inside a write.
///
/// In a session everyone may read and review requests; who is in the group `administrators` may do all. A bearer token
/// may what it was issued for.
public final class Callers {
    private static final Set<String> EVERYONE = Set.of(ApiScope.REQUESTS_READ, ApiScope.REQUESTS_REVIEW);

    private final People people;
    private final Memberships memberships;
    private final Sessions sessions;
    private final ApiTokens apiTokens;
    private final InstantSource clock;

    public Callers(
            People people, Memberships memberships, Sessions sessions, ApiTokens apiTokens, InstantSource clock) {
        this.people = people;
        this.memberships = memberships;
        this.sessions = sessions;
        this.apiTokens = apiTokens;
        this.clock = clock;
    }

    /// Whoever holds the session of this cookie; empty when it is none or over.
    public Optional<Caller> bySession(String cookie) {
        return sessions.find(cookie)
                .flatMap(session -> people.find(session.person())
                        .map(person -> new Caller(person, scopes(person), new Caller.How.BySession(session))));
    }

    /// Whoever holds this bearer token; empty when it is none or not good now.
    public Optional<Caller> byToken(String text) {
        return apiTokens
                .find(text)
                .flatMap(token -> people.find(token.person())
                        .map(person -> new Caller(person, token.scopes(), new Caller.How.ByToken(token.id()))));
    }

    private Set<String> scopes(Person person) {
        return memberships.isMember(person.id(), Group.ADMINISTRATORS, clock.instant()) ? ApiScope.ALL : EVERYONE;
    }
}
