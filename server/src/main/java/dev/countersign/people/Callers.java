package dev.countersign.people;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Tells who calls: the one maker of [Caller]. Not from inside a write.
///
/// Everyone may read and review requests, who is in the group `auditors` may read the ledger, who is in
/// `operators` may freeze and see keys, and who is in `administrators` may do all. A bearer token may what it
/// was issued for, as far as its person may do that now: a token does not outlast what it was given for. Whom
/// the configuration does not name may nothing unless some group gives them a right now: so what a provider
/// said a while ago lapses for tokens, too.
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
        return sessions.find(cookie).flatMap(this::holder);
    }

    /// Whoever holds this bearer token; empty when it is none or not good now.
    public Optional<Caller> byToken(String text) {
        return apiTokens.find(text).flatMap(this::holder);
    }

    /// A caller that stayed, as they stand now; empty when their session or token is over. This is no call of theirs:
    /// a session that only listens goes idle.
    public Optional<Caller> still(Caller caller) {
        return switch (caller.how()) {
            case Caller.How.BySession(var session) -> sessions.still(session).flatMap(this::holder);
            case Caller.How.ByToken(var id) -> apiTokens.still(id).flatMap(this::holder);
        };
    }

    private Optional<Caller> holder(Session session) {
        return people.find(session.person())
                .map(person -> new Caller(person, may(person), new Caller.How.BySession(session)));
    }

    private Optional<Caller> holder(ApiToken token) {
        return people.find(token.person()).map(person -> {
            var scopes = new HashSet<>(token.scopes());
            scopes.retainAll(may(person));
            return new Caller(person, scopes, new Caller.How.ByToken(token.id()));
        });
    }

    private Set<String> may(Person person) {
        var groups = memberships.groupsOf(person.id(), clock.instant());
        if (groups.contains(Group.ADMINISTRATORS)) {
            return ApiScope.ALL;
        }
        if (!person.isNamed() && groups.isEmpty()) {
            return Set.of(); // anybody may have an account with a provider
        }
        var may = new HashSet<>(EVERYONE);
        if (groups.contains(Group.AUDITORS)) {
            may.add(ApiScope.LEDGER_READ);
        }
        if (groups.contains(Group.OPERATORS)) {
            may.add(ApiScope.OPERATE);
        }
        return may;
    }
}
