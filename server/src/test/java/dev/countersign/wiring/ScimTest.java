package dev.countersign.wiring;

import static dev.countersign.TestBrowser.location;
import static dev.countersign.TestBrowser.path;
import static dev.countersign.wiring.TestScim.filter;
import static dev.countersign.wiring.TestScim.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.countersign.TestBrowser;
import dev.countersign.TestProvider;
import dev.countersign.TestStores;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.Sha256;
import dev.countersign.people.Absences;
import dev.countersign.people.DeviceGrants;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.people.Session;
import dev.countersign.wiring.TestGate.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What providers provision, over the wire, and what comes of it for votes, sessions and the ledger.
final class ScimTest {
    private static final String POLICIES = """
            policies:
              - rule: one-looks
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: %s, votes: 1 } ], within: 4h, lifetime: 2m }
            """;
    private static final String OFF = "{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}";
    private static final String ON = "{\"op\":\"replace\",\"value\":{\"active\":true}}";

    @TempDir
    Path folder;

    private TestGate gate;
    private TestProvider corp;
    private TestProvider partner;
    private TestScim scim;
    private int published;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, POLICIES.formatted("payments-oncall"));
        corp = new TestProvider(gate.clock);
        partner = new TestProvider(gate.clock);
        try {
            Files.createDirectories(folder.resolve("secrets"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gate.write("secrets/corp", TestProvider.SECRET);
        configure(", scim: {}", "");
        gate.configure("policies.yaml", POLICIES.formatted("on-call"));
        scim = new TestScim(gate, "corp");
    }

    @AfterEach
    void stop() {
        gate.close();
        corp.close();
        partner.close();
    }

    /// @param more keys of the provider corp
    private void configure(String more, String people) {
        configure(more, people, "{ login: corp, group: pay-oncall }");
    }

    private void configure(String more, String people, String from) {
        gate.configure("oidc.yaml", """
                login:
                  oidc:
                    - { id: corp, name: Acme, issuer: %s, client_id: countersign, client_secret: { file: secrets/corp }%s }
                    - { id: partner, name: Partner, issuer: %s, client_id: countersign, client_secret: { file: secrets/corp }, scim: { } }
                %s
                groups:
                  on-call: { from: %s }
                  auditors: { from: { login: corp, group: audit } }
                  never-the-same-again-%d: { members: [] }
                """.formatted(corp.issuer(), more, partner.issuer(), people, from, ++published));
    }

    private TestBrowser browser() {
        return new TestBrowser(gate.server().port());
    }

    private HttpResponse<String> come(TestBrowser browser, Map<String, Object> claims) {
        var asked = URI.create(location(browser.get("/login/corp")));
        return browser.get(path(corp.signIn(asked, claims)));
    }

    private HttpResponse<String> come(TestBrowser browser, String subject) {
        return come(browser, Map.of("sub", subject, "name", "Person " + subject));
    }

    private TestBrowser signedIn(String subject) {
        var browser = browser();
        var response = come(browser, subject);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
        return browser;
    }

    private boolean isIn(TestBrowser browser) {
        return browser.get("/").statusCode() == 200;
    }

    private Session session(TestBrowser browser) {
        return gate.parts()
                .installation
                .sessions
                .find(browser.session().orElseThrow())
                .orElseThrow();
    }

    private String ask() {
        return gate.defer("refund-bot", "scope", "refunds:write").reference();
    }

    private HttpResponse<String> vote(TestBrowser browser, String id) {
        return browser.send(browser.request("/api/v1/requests/" + id + "/votes")
                .header("Content-Type", "application/json")
                .header("X-CSRF-Token", session(browser).csrf())
                .POST(HttpRequest.BodyPublishers.ofString("{\"vote\":\"approve\"}"))
                .build());
    }

    private Person person(String subject) {
        return gate.parts().installation.people.find(corp.issuer(), subject).orElseThrow();
    }

    private Set<String> groupsOf(PersonId person) {
        return gate.parts().installation.memberships.groupsOf(person, gate.clock.instant());
    }

    private String bearer(PersonId person) {
        var installation = gate.parts().installation;
        var by = new Entry.Actor("operator", "test");
        return installation
                .store
                .write(tx ->
                        installation.apiTokens.issue(tx, person, Set.of("requests:read"), "", Duration.ofHours(8), by))
                .text();
    }

    private static List<String> ids(Answer list) {
        return list.body()
                .path("Resources")
                .valueStream()
                .map(it -> it.path("id").stringValue(""))
                .toList();
    }

    // who comes

    @Test
    void whom_a_provider_provisions_is_the_person_who_signs_in_and_may_vote_on_what_was_asked_before_they_did() {
        scim.group("pay-oncall", scim.user("s1"));
        assertThat(person("s1").name()).isEqualTo("Person s1");
        assertThat(person("s1").user()).isEqualTo("s1@example.com");
        gate.clock.advance(Duration.ofMinutes(1));
        var id = ask();
        gate.clock.advance(Duration.ofMinutes(1));
        var browser = signedIn("s1");
        assertThat(session(browser).person()).isEqualTo(person("s1").id());
        assertThat(vote(browser, id).statusCode()).isEqualTo(200);
    }

    private TestOffers.Line prove() {
        gate.parts().installation.ledger.settle();
        return TestOffers.runOnHost("policy", "prove", folder.toString());
    }

    @Test
    void quorums_are_judged_by_who_is_provisioned_and_where_only_sign_ins_tell_that_is_said() {
        assertThat(prove().out())
                .contains("rule `one-looks` asks 1 of `on-call`, which has no members")
                .doesNotContain("assumed");

        scim.group("pay-oncall", scim.user("s1"));
        assertThat(prove().out()).doesNotContain("one-looks", "assumed");

        configure("", "");
        assertThat(prove().out())
                .contains("assumed: enough people are in `on-call`, whom " + corp.issuer() + " names at each sign-in")
                .doesNotContain("one-looks");
    }

    @Test
    void what_is_provisioned_does_not_lapse() {
        scim.group("pay-oncall", scim.user("s1"));
        gate.clock.advance(Duration.ofDays(30));
        var id = ask();
        assertThat(vote(signedIn("s1"), id).statusCode()).isEqualTo(200);
    }

    @Test
    void whom_a_provider_has_not_provisioned_is_nobody_whatever_its_tokens_claim() {
        var browser = browser();
        var response = come(browser, Map.of("sub", "s9", "name", "Nine", "groups", List.of("pay-oncall")));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(browser.session()).isEmpty();
        assertThat(gate.entries("person.sign_in_failed").getLast().text("because"))
                .isEqualTo("not-provisioned");

        scim.user("s1"); // in no group
        assertThat(come(browser(), Map.of("sub", "s1", "name", "One", "groups", List.of("pay-oncall", "audit")))
                        .statusCode())
                .as("its claims are not heard")
                .isEqualTo(403);
    }

    @Test
    void a_group_gives_what_the_configuration_takes_from_it_and_nothing_else() {
        var id = scim.user("s1");
        for (var name :
                List.of("administrators", "operators", "auditors", "payments-oncall", "on-call", "PAY-ONCALL")) {
            scim.group(name, id);
        }
        assertThat(gate.parts().installation.people.find(corp.issuer(), "s1")).isEmpty();
        assertThat(come(browser(), "s1").statusCode()).isEqualTo(403);
        scim.group("audit", id);
        assertThat(groupsOf(person("s1").id())).containsExactly("auditors");
        var other = new TestScim(gate, "partner");
        other.group("pay-oncall", other.user("p1"));
        assertThat(gate.parts().installation.people.find(partner.issuer(), "p1"))
                .as("another provider's group of the name")
                .isEmpty();
    }

    // who goes

    @Test
    void who_is_deactivated_votes_no_more_and_is_signed_out_and_has_no_token() {
        var id = scim.user("s1");
        scim.group("pay-oncall", id, scim.user("s2"));
        var browser = signedIn("s1");
        var listening = session(browser);
        var bearer = bearer(person("s1").id());
        assertThat(gate.get(bearer, "/requests").status()).isEqualTo(200);
        var secret = "s".repeat(43);
        var grants = new DeviceGrants(gate.parts().installation.store, gate.parts().installation.apiTokens, gate.clock);
        grants.confirm(Sha256.base64url(secret), listening.person(), Set.of("requests:read"), "a command line");
        gate.clock.advance(Duration.ofMinutes(1));
        var asked = ask();
        gate.clock.advance(Duration.ofMinutes(1));

        assertThat(scim.patch("/Users/" + id, OFF).body().path("active").asBoolean())
                .isFalse();
        assertThat(isIn(browser)).isFalse();
        assertThat(gate.get(bearer, "/requests").status()).isEqualTo(401);
        assertThat(gate.parts().installation.sessions.find(browser.session().orElseThrow()))
                .isEmpty();
        assertThat(gate.parts().panel.vote(asked, ballot(listening.person())))
                .as("nor does their vote count by any other way")
                .isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(groupsOf(listening.person())).isEmpty();
        assertThat(come(browser(), "s1").statusCode()).isEqualTo(403);
        assertThat(scim.get("/Users/" + id).body().path("active").asBoolean()).isFalse();

        gate.clock.advance(Duration.ofMinutes(1));
        scim.patch("/Users/" + id, ON);
        var again = signedIn("s1");
        assertThat(session(again).person()).isEqualTo(listening.person());
        assertThat(gate.get(bearer, "/requests").status())
                .as("what ended stays so")
                .isEqualTo(401);
        assertThat(grants.collect(secret))
                .as("what was confirmed before, too")
                .isInstanceOf(DeviceGrants.Collected.Pending.class);
        assertThat(vote(again, asked).statusCode())
                .as("was in the group when it was asked, and is now")
                .isEqualTo(200);
    }

    private static Ballot ballot(PersonId person) {
        return new Ballot(person, Word.APPROVE, Optional.empty(), "", Via.DASHBOARD);
    }

    @Test
    void a_vote_of_who_was_deactivated_afterwards_counts_no_more() {
        configure(", scim: {}", "");
        gate.configure("policies.yaml", POLICIES.formatted("on-call").replace("votes: 1", "votes: 2"));
        var first = scim.user("s1");
        scim.group("pay-oncall", first, scim.user("s2"), scim.user("s3"));
        gate.clock.advance(Duration.ofMinutes(1));
        var asked = ask();
        assertThat(vote(signedIn("s1"), asked).statusCode()).isEqualTo(200);
        gate.clock.advance(Duration.ofMinutes(1));
        scim.patch("/Users/" + first, OFF);
        gate.clock.advance(Duration.ofMinutes(1));
        assertThat(vote(signedIn("s2"), asked).statusCode()).isEqualTo(200);
        assertThat(gate.approval(asked).getClass().getSimpleName()).isEqualTo("Pending");
        assertThat(vote(signedIn("s3"), asked).statusCode()).isEqualTo(200);
        assertThat(gate.approval(asked).getClass().getSimpleName()).isEqualTo("Approved");
    }

    @Test
    void who_is_deleted_or_taken_out_of_the_group_or_whose_group_goes_is_nobody_at_once() {
        var one = scim.user("s1");
        var two = scim.user("s2");
        var three = scim.user("s3");
        var group = scim.group("pay-oncall", one, two, three);
        var browsers = List.of(signedIn("s1"), signedIn("s2"), signedIn("s3"));

        assertThat(scim.send("DELETE", "/Users/" + one, "").status()).isEqualTo(204);
        assertThat(browsers.stream().map(this::isIn)).containsExactly(false, true, true);
        assertThat(scim.get("/Users/" + one).status()).isEqualTo(404);
        assertThat(scim.get("/Groups/" + group).body().path("members").size()).isEqualTo(2);
        scim.patch("/Groups/" + group, "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + two + "\\\"]\"}");
        assertThat(browsers.stream().map(this::isIn)).containsExactly(false, false, true);
        assertThat(scim.send("DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
        assertThat(browsers.stream().map(this::isIn)).containsExactly(false, false, false);
        assertThat(scim.get("/Users/" + three).status()).as("stays provisioned").isEqualTo(200);
        assertThat(come(browser(), "s3").statusCode()).isEqualTo(403);

        var was = person("s1").id();
        scim.group("pay-oncall", scim.user("s1"));
        assertThat(session(signedIn("s1")).person())
                .as("comes back as who they were")
                .isEqualTo(was);
    }

    @Test
    void a_group_that_is_renamed_gives_what_its_new_name_gives() {
        var group = scim.group("pay-oncall", scim.user("s1"));
        var person = person("s1").id();
        scim.patch(
                "/Groups/" + group,
                "{\"op\":\"replace\",\"value\":{\"id\":\"" + group + "\",\"displayName\":\"audit\"}}");
        assertThat(groupsOf(person)).containsExactly("auditors");
        scim.patch("/Groups/" + group, "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"else\"}");
        assertThat(groupsOf(person)).isEmpty();
    }

    @Test
    void whom_the_configuration_names_is_signed_out_and_keeps_what_it_gives() {
        configure(", scim: {}", "  people: [ { user: ana, is: [ { login: corp, subject: s1 } ] } ]");
        var id = scim.user("s1");
        scim.group("pay-oncall", id);
        var ana = gate.parts()
                .installation
                .people
                .find("local", "ana")
                .orElseThrow()
                .id();
        assertThat(groupsOf(ana)).containsExactly("on-call", "payments-oncall", "security");
        var browser = signedIn("s1");
        assertThat(session(browser).person()).isEqualTo(ana);
        var bearer = gate.bearer("ana", "requests:read");

        scim.patch("/Users/" + id, OFF);
        assertThat(isIn(browser)).isFalse();
        assertThat(gate.get(bearer, "/requests").status()).isEqualTo(401);
        assertThat(groupsOf(ana)).containsExactly("payments-oncall", "security");
        assertThat(come(browser(), "s1").statusCode()).isEqualTo(403);
        assertThat(gate.parts().installation.people.present())
                .anyMatch(it -> it.id().equals(ana));
        assertThat(gate.entries("person.provisioned").getLast().text("person")).isEqualTo(ana.value());

        var second = gate.bearer("ana", "requests:read");
        scim.patch("/Users/" + id, "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Another\"}");
        assertThat(gate.get(second, "/requests").status())
                .as("it was said before that they go")
                .isEqualTo(200);
    }

    /// Says that somebody is away from now on, for an hour, and who stands in.
    private PersonId away(String user, String substitute) {
        var people = gate.parts().installation.people;
        var person = people.find("local", user).orElseThrow().id();
        var now = gate.clock.instant();
        assertThat(gate.parts()
                        .installation
                        .absences
                        .say(
                                person,
                                now,
                                now.plus(Duration.ofHours(1)),
                                ZoneOffset.UTC,
                                people.find("local", substitute).map(Person::id)))
                .isInstanceOf(Absences.Result.Said.class);
        return person;
    }

    @Test
    void with_whom_a_provider_lets_go_ends_what_they_lent_of_their_vote_and_what_others_lent_them() {
        configure(", scim: {}", "  people: [ { user: ana, is: [ { login: corp, subject: s1 } ] } ]");
        gate.configure("policies.yaml", """
                policies:
                  - rule: money-moves
                    when: '"refunds:write" in scopes'
                    review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, substitutes: true }
                """);
        var id = scim.user("s1");
        scim.group("pay-oncall", id);
        gate.clock.advance(Duration.ofSeconds(1));
        var ana = away("ana", "cy");
        var bo = away("bo", "ana");
        var asked = ask();
        assertThat(gate.get(gate.bearer("cy", "requests:read", "requests:review"), "/requests/" + asked)
                        .body()
                        .path("may_vote")
                        .asBoolean(false))
                .isTrue();

        scim.patch("/Users/" + id, OFF);

        assertThat(gate.says("cy", Word.APPROVE, asked)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.parts().installation.absences.of(ana)).isEmpty();
        assertThat(gate.parts().installation.absences.of(bo)).isEmpty();
        assertThat(gate.entries("person.back"))
                .hasSize(2)
                .allSatisfy(it -> assertThat(it.actor().id()).isEqualTo("provider corp"));
    }

    @Test
    void another_subject_is_another_person_and_the_one_before_is_nobody() {
        var id = scim.user("s1");
        scim.group("pay-oncall", id);
        var browser = signedIn("s1");
        var was = session(browser).person();
        assertThat(scim.patch("/Users/" + id, "{\"op\":\"replace\",\"path\":\"externalId\",\"value\":\"s2\"}")
                        .status())
                .isEqualTo(200);
        assertThat(isIn(browser)).isFalse();
        assertThat(groupsOf(was)).isEmpty();
        assertThat(come(browser(), "s1").statusCode()).isEqualTo(403);
        assertThat(session(signedIn("s2")).person()).isNotEqualTo(was);
    }

    @Test
    void what_does_not_speak_of_active_lets_nobody_in_again() {
        var id = scim.user("s1");
        scim.patch("/Users/" + id, OFF);
        var replaced = scim.send("PUT", "/Users/" + id, "{ \"userName\": \"s1@example.com\", \"externalId\": \"s1\" }");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.body().path("active").asBoolean(true)).isFalse();
        assertThat(scim.patch("/Users/" + id, "{\"op\":\"remove\",\"path\":\"active\"}")
                        .text("scimType"))
                .isEqualTo("invalidValue");
        assertThat(scim.patch("/Users/" + id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":null}")
                        .status())
                .isEqualTo(400);
        assertThat(scim.get("/Users/" + id).body().path("active").asBoolean(true))
                .isFalse();
    }

    // what the configuration says

    @Test
    void a_publication_takes_what_was_provisioned_before_and_lets_it_go() {
        scim.group("else", scim.user("s1"));
        assertThat(come(browser(), "s1").statusCode()).isEqualTo(403);
        configure(", scim: {}", "", "{ login: corp, group: else }");
        assertThat(gate.entries("configuration.published").getLast().toString()).contains("joined={on-call=");
        var browser = signedIn("s1");
        configure(", scim: {}", "");
        assertThat(groupsOf(person("s1").id())).isEmpty();
        assertThat(gate.parts().installation.sessions.find(browser.session().orElseThrow()))
                .isEmpty();
    }

    @Test
    void without_scim_what_was_provisioned_ends_and_claims_are_heard_again() {
        scim.group("pay-oncall", scim.user("s1"));
        var person = session(signedIn("s1")).person();
        configure("", "");
        assertThat(groupsOf(person)).isEmpty();
        assertThat(scim.get("/Users").status()).isEqualTo(403);
        var browser = browser();
        assertThat(come(browser, Map.of("sub", "s1", "groups", List.of("pay-oncall")))
                        .statusCode())
                .isEqualTo(303);
        assertThat(session(browser).person()).isEqualTo(person);
        gate.clock.advance(Duration.ofHours(13));
        assertThat(groupsOf(person)).as("by claims it lapses").isEmpty();

        configure(", scim: {}", "");
        assertThat(groupsOf(person)).as("all of it is there yet").containsExactly("on-call");
    }

    @Test
    void who_was_there_by_claims_goes_on_when_they_are_provisioned_as_the_one_stay_that_it_is() {
        configure("", "");
        var browser = browser();
        assertThat(come(browser, Map.of("sub", "s1", "groups", List.of("pay-oncall")))
                        .statusCode())
                .isEqualTo(303);
        gate.clock.advance(Duration.ofMinutes(1));
        var asked = ask();
        configure(", scim: {}", "");
        assertThat(isIn(browser)).isTrue();
        gate.clock.advance(Duration.ofMinutes(1));
        scim.group("pay-oncall", scim.user("s1"));
        assertThat(vote(browser, asked).statusCode()).isEqualTo(200);
    }

    @Test
    void the_claim_oid_can_be_who_somebody_is() {
        configure(", subject: oid, scim: { group: externalId }", "", "{ login: corp, group: group-1 }");
        var id = scim.user("object-1");
        assertThat(scim.send("POST", "/Groups", """
                        { "displayName": "Payments", "externalId": "group-1", "members": [%s] }""".formatted(list(id))).status())
                .isEqualTo(201);
        var browser = browser();
        assertThat(come(browser, Map.of("sub", "pairwise", "oid", "object-1")).statusCode())
                .isEqualTo(303);
        assertThat(session(browser).person()).isEqualTo(person("object-1").id());
        assertThat(come(browser(), Map.of("sub", "object-1")).statusCode()).isEqualTo(502);
        assertThat(scim.send("POST", "/Groups", "{ \"displayName\": \"No id\" }")
                        .text("scimType"))
                .isEqualTo("invalidValue");
    }

    @Test
    void the_user_name_can_be_who_somebody_is() {
        configure(", scim: { subject: userName }", "");
        scim.group(
                "pay-oncall",
                scim.send("POST", "/Users", "{ \"userName\": \"one\" }").text("id"));
        assertThat(session(signedIn("one")).person()).isEqualTo(person("one").id());
    }

    // the ledger

    @Test
    void what_changes_is_in_the_ledger_under_pseudonyms_and_what_changes_nothing_is_not() {
        var id = scim.user("the-subject");
        var group = scim.group("pay-oncall", id);
        var joined = gate.entries("group.provisioned").getLast();
        var person = person("the-subject").id().value();
        assertThat(joined.toString())
                .contains("joined={on-call=[" + person, "change=created", "login=corp")
                .doesNotContain("the-subject", "Person");
        assertThat(joined.actor()).isEqualTo(new Entry.Actor("system", "provider corp"));
        int before = gate.entries("person.provisioned").size();
        scim.patch("/Users/" + id, "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Another\"}");
        scim.group("else", id, scim.user("s2"));
        assertThat(gate.entries("person.provisioned")).hasSize(before);
        assertThat(gate.entries("group.provisioned")).hasSize(1);

        scim.patch("/Users/" + id, OFF);
        var left = gate.entries("person.provisioned").getLast();
        assertThat(left.toString())
                .contains("change=deactivated", "left={on-call=[" + person, "person=" + person)
                .doesNotContain("the-subject", "Another");
        assertThat(gate.disclosed(left, "subject")).isEqualTo("the-subject");
        scim.patch("/Users/" + id, ON);
        assertThat(gate.entries("person.provisioned").getLast().text("change")).isEqualTo("activated");
        scim.send("DELETE", "/Groups/" + group, "");
        assertThat(gate.entries("group.provisioned").getLast().text("change")).isEqualTo("deleted");
    }

    // whose token

    @Test
    void a_token_is_of_one_provider_and_of_nothing_else() {
        var id = scim.user("s1");
        var group = scim.group("pay-oncall", id);
        var other = new TestScim(gate, "partner");
        assertThat(other.get("/Users/" + id).status()).isEqualTo(404);
        assertThat(ids(other.get("/Users"))).isEmpty();
        assertThat(ids(other.get("/Groups"))).isEmpty();
        assertThat(other.patch("/Users/" + id, OFF).status()).isEqualTo(404);
        assertThat(other.send("DELETE", "/Users/" + id, "").status()).isEqualTo(404);
        assertThat(other.send("DELETE", "/Groups/" + group, "").status()).isEqualTo(404);
        assertThat(other.patch("/Groups/" + group, "{\"op\":\"remove\",\"path\":\"members\"}")
                        .status())
                .isEqualTo(404);
        assertThat(other.send("POST", "/Groups", "{ \"displayName\": \"g\", \"members\": [%s] }".formatted(list(id)))
                        .text("scimType"))
                .as("nor are its users members of theirs")
                .isEqualTo("invalidValue");
        other.user("s1"); // of another provider they are somebody else

        assertThat(gate.get(scim.token, "/requests").status()).isEqualTo(401);
        for (var token : List.of(gate.bearer("cy", "admin"), "cs_scim_" + "A".repeat(43), "", "x")) {
            assertThat(gate.send(gate.request("/scim/v2/Users")
                                    .header("Authorization", "Bearer " + token)
                                    .build())
                            .status())
                    .isEqualTo(401);
        }
        var none = gate.send(gate.request("/scim/v2/ServiceProviderConfig").build());
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.raw().headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"countersign-scim\"");
    }

    @Test
    void a_token_ends_when_it_is_over_or_somebody_says_so_and_all_of_it_is_in_the_ledger() {
        var tokens = gate.parts().installation.scimTokens;
        var store = gate.parts().installation.store;
        var by = new Entry.Actor("operator", "test");
        var short1 = store.write(tx -> tokens.issue(tx, "corp", "", Duration.ofMinutes(1), by));
        assertThat(tokens.find(short1.text())).isPresent();
        gate.clock.advance(Duration.ofMinutes(1));
        assertThat(tokens.find(short1.text())).isEmpty();
        assertThat(short1.toString()).doesNotContain(short1.text());

        var first = tokens.list().getLast();
        boolean ended = store.write(tx -> tokens.revoke(tx, first.id(), by));
        assertThat(ended).isTrue();
        boolean again = store.write(tx -> tokens.revoke(tx, first.id(), by));
        assertThat(again).isFalse();
        assertThat(scim.get("/Users").status()).isEqualTo(401);
        assertThat(gate.entries("api_token.issued").getLast().toString()).contains("scopes=[scim]", corp.issuer());
        assertThat(gate.entries("api_token.revoked").getLast().text("api_token"))
                .isEqualTo(first.id());
    }

    private Answer ends(String bearer, String id) {
        return gate.send(gate.request("/api/v1/scim-tokens/" + id)
                .header("Authorization", "Bearer " + bearer)
                .DELETE()
                .build());
    }

    @Test
    void administrators_list_and_end_tokens_by_the_api() {
        var cy = gate.bearer("cy", "admin");
        var listed = gate.get(cy, "/scim-tokens");
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.body().path("items")).hasSize(1);
        var token = listed.body().path("items").path(0);
        assertThat(token.path("issuer").stringValue("")).isEqualTo(corp.issuer());
        assertThat(listed.raw().body()).doesNotContain("cs_scim_");

        var id = token.path("id").stringValue("");
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        assertThat(gate.get(ana, "/scim-tokens").status()).isEqualTo(403);
        assertThat(ends(ana, id).status()).isEqualTo(403);
        assertThat(scim.get("/Users").status()).isEqualTo(200);

        assertThat(ends(cy, id).status()).isEqualTo(200);
        assertThat(scim.get("/Users").status()).isEqualTo(401);
        assertThat(ends(cy, id).status()).isEqualTo(404);
        assertThat(gate.get(cy, "/scim-tokens").body().path("items")).isEmpty();
        var revoked = gate.entries("api_token.revoked").getLast();
        assertThat(revoked.text("api_token")).isEqualTo(id);
        assertThat(revoked.actor().kind()).isEqualTo("person");
    }

    @Test
    void an_operator_issues_lists_and_ends_tokens_on_the_host() {
        try (var operations = Operations.open(gate.configuration(), Optional.empty(), gate.clock)) {
            var issued = operations.issueScimToken("corp", "Okta", Duration.ofDays(1));
            assertThat(operations.scimTokens()).contains(issued.token());
            assertThatThrownBy(() -> operations.issueScimToken("nobody", "", Duration.ofDays(1)))
                    .hasMessageContaining("no provider `nobody` provisions");
            assertThatThrownBy(() -> operations.issueScimToken("corp", "", Duration.ofDays(367)))
                    .hasMessageContaining("366d at most");
            assertThat(operations.revokeScimToken(issued.token().id())).isTrue();
            assertThat(operations.revokeScimToken(issued.token().id())).isFalse();
        }
    }

    @Test
    void a_logout_names_somebody_by_the_claim_that_says_who_they_are_or_their_session() {
        configure(", subject: oid, scim: {}", "");
        scim.group("pay-oncall", scim.user("o1"));
        var browser = browser();
        come(browser, Map.of("sub", "pairwise", "oid", "o1", "sid", "session-1"));
        assertThat(isIn(browser)).isTrue();
        assertThat(logout(it -> it.subject("pairwise"))).isEqualTo(400);
        assertThat(isIn(browser)).isTrue();
        assertThat(logout(it -> it.subject("pairwise").claim("sid", "session-1")))
                .isEqualTo(200);
        assertThat(isIn(browser)).isFalse();
    }

    private int logout(UnaryOperator<JWTClaimsSet.Builder> claims) {
        var logout = new JWTClaimsSet.Builder()
                .issuer(corp.issuer())
                .audience(TestProvider.CLIENT)
                .issueTime(Date.from(gate.clock.instant()))
                .jwtID(UUID.randomUUID().toString())
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        var token = corp.signed(claims.apply(logout).build(), "logout+jwt");
        return browser().post("/login/corp/logout", "logout_token", token).statusCode();
    }

    // over the wire

    @Test
    void a_user_is_kept_and_shown_as_it_was_sent_as_far_as_it_is_kept() {
        var added = scim.send("POST", "/Users", """
                { "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
                  "externalId": "s1", "userName": "Bjensen@example.com", "password": "t1meMa$heen", "title": "Guide",
                  "name": { "formatted": "Ms. Barbara J Jensen", "familyName": "Jensen", "givenName": "Barbara" },
                  "emails": [ { "value": "b@home.example", "type": "home" },
                              { "value": "b@example.com", "type": "work", "primary": true } ],
                  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Tours" } }""");
        assertThat(added.status()).isEqualTo(201);
        var id = added.text("id");
        assertThat(added.raw().headers().firstValue("Location")).contains(TestGate.ISSUER + "/scim/v2/Users/" + id);
        assertThat(added.raw().headers().firstValue("Content-Type")).contains(TestScim.TYPE);
        assertThat(added.body().path("name").path("givenName").stringValue("")).isEqualTo("Barbara");
        assertThat(added.body().path("active").asBoolean()).isTrue();
        assertThat(added.body().path("meta").path("location").stringValue("")).endsWith(id);
        assertThat(added.raw().body()).doesNotContain("t1meMa", "Tours", "Guide");
        scim.group("pay-oncall", id);
        assertThat(person("s1").name()).isEqualTo("Ms. Barbara J Jensen");
        assertThat(person("s1").email()).isEqualTo("b@example.com");
    }

    @Test
    void users_and_groups_are_found_by_what_providers_look_for() {
        var one = scim.user("s1");
        var two = scim.user("s2");
        var pay = scim.group("Pay", one);
        scim.group("audit", two);
        assertThat(ids(scim.get(filter("/Users", "userName eq \"S1@EXAMPLE.com\""))))
                .containsExactly(one);
        assertThat(ids(scim.get(filter("/Users", "externalId eq \"s2\" and id eq \"" + two + "\""))))
                .containsExactly(two);
        assertThat(ids(scim.get(filter("/Users", "externalId eq \"S2\"")))).isEmpty();
        assertThat(ids(scim.get(filter("/Users", "externalId EQ \"s1\" AND userName eq \"s2@example.com\""))))
                .isEmpty();
        assertThat(ids(scim.get(
                        filter("/Users", "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"s1@example.com\""))))
                .containsExactly(one);
        assertThat(ids(scim.get(filter("/Groups", "displayName eq \"pay\"")))).containsExactly(pay);
        assertThat(ids(scim.get(filter("/Groups", "members.value eq \"" + one + "\""))))
                .containsExactly(pay);
        assertThat(ids(scim.get(filter("/Groups", "id eq \"" + pay + "\" and members eq \"" + two + "\""))))
                .isEmpty();
        for (var wrong : List.of(
                "userName sw \"s\"",
                "userName eq \"s1\" or id eq \"x\"",
                "not (userName eq \"s1\")",
                "(userName eq \"s1\")",
                "title eq \"x\"",
                "userName eq",
                "userName eq \"s1\" and",
                "userName eq \"s1\" userName eq \"s1\"",
                "userName eq \"\\x\"",
                "userName eq 's1'",
                "userName eq \"a\" and username eq \"b\"")) {
            var refused = scim.get(filter("/Users", wrong));
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.text("scimType")).as(wrong).isEqualTo("invalidFilter");
        }
    }

    @Test
    void a_list_comes_in_pages_from_one() {
        var all = IntStream.range(0, 5).mapToObj(i -> scim.user("s" + i)).toList();
        var page = scim.get("/Users?startIndex=2&count=2");
        assertThat(ids(page)).containsExactlyElementsOf(all.subList(1, 3));
        assertThat(page.body().path("totalResults").intValue()).isEqualTo(5);
        assertThat(page.body().path("startIndex").intValue()).isEqualTo(2);
        assertThat(page.body().path("itemsPerPage").intValue()).isEqualTo(2);
        assertThat(ids(scim.get("/Users?startIndex=0&count=-3"))).isEmpty();
        assertThat(scim.get("/Users?count=0").body().path("totalResults").intValue())
                .isEqualTo(5);
        assertThat(ids(scim.get("/Users?startIndex=6"))).isEmpty();
        assertThat(scim.get("/Users?count=many").text("scimType")).isEqualTo("invalidValue");
    }

    @Test
    void only_what_is_wanted_is_shown() {
        var id = scim.user("s1");
        var group = scim.group("pay", id);
        assertThat(scim.get("/Groups/" + group)
                        .body()
                        .path("members")
                        .path(0)
                        .path("value")
                        .stringValue(""))
                .isEqualTo(id);
        assertThat(scim.get("/Groups/" + group + "?excludedAttributes=Members")
                        .body()
                        .has("members"))
                .isFalse();
        assertThat(scim.get("/Groups?excludedAttributes=members")
                        .body()
                        .path("Resources")
                        .path(0)
                        .has("members"))
                .isFalse();
        var some = scim.get("/Users/" + id + "?attributes=userName").body();
        assertThat(some.propertyNames()).containsExactlyInAnyOrder("schemas", "id", "userName");
        assertThat(scim.get("/Users/" + id + "?excludedAttributes=id,displayName")
                        .body()
                        .propertyNames())
                .contains("id", "userName")
                .doesNotContain("displayName");
        assertThat(scim.send(
                                "PATCH",
                                "/Groups/" + group + "?attributes=displayName",
                                "{\"Operations\":[{\"op\":\"add\",\"path\":\"displayName\",\"value\":\"new\"}]}")
                        .text("displayName"))
                .isEqualTo("new");
    }

    @Test
    void a_change_for_another_version_is_not_made() {
        var id = scim.user("s1");
        var tag = scim.get("/Users/" + id).raw().headers().firstValue("ETag").orElseThrow();
        assertThat(scim.send("GET", "/Users/" + id, "", "If-None-Match", tag).status())
                .isEqualTo(304);
        scim.patch("/Users/" + id, "{\"op\":\"add\",\"path\":\"displayName\",\"value\":\"x\"}");
        assertThat(scim.send("DELETE", "/Users/" + id, "", "If-Match", tag).status())
                .isEqualTo(412);
        assertThat(scim.send("GET", "/Users/" + id, "", "If-None-Match", tag).status())
                .isEqualTo(200);
        assertThat(scim.send("DELETE", "/Users/" + id, "", "If-Match", "W/\"2\"")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void nobody_is_two_users_and_no_name_two_groups() {
        var id = scim.user("s1");
        scim.user("s2");
        scim.group("pay-oncall", id);
        for (var user : List.of(
                "{ \"userName\": \"S1@example.com\", \"externalId\": \"s3\" }",
                "{ \"userName\": \"s3@example.com\", \"externalId\": \"s1\" }")) {
            var taken = scim.send("POST", "/Users", user);
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.text("scimType")).isEqualTo("uniqueness");
            assertThat(taken.text("status")).isEqualTo("409");
        }
        assertThat(scim.patch("/Users/" + id, "{\"op\":\"replace\",\"path\":\"externalId\",\"value\":\"s2\"}")
                        .status())
                .isEqualTo(409);
        assertThat(scim.send("POST", "/Groups", "{ \"displayName\": \"pay-oncall\" }")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void what_there_is_of_scim_can_be_asked() {
        var config = scim.get("/ServiceProviderConfig").body();
        assertThat(config.path("bulk").path("supported").asBoolean(true)).isFalse();
        assertThat(config.path("patch").path("supported").asBoolean()).isTrue();
        assertThat(ids(scim.get("/ResourceTypes"))).containsExactly("User", "Group");
        assertThat(ids(scim.get("/Schemas"))).hasSize(2);
        var user =
                scim.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").body();
        assertThat(user.path("attributes")
                        .valueStream()
                        .map(it -> it.path("name").stringValue("")))
                .contains("userName", "active", "emails");
        assertThat(scim.get("/ResourceTypes/Group").text("endpoint")).isEqualTo("/Groups");
        assertThat(scim.get("/Schemas/else").status()).isEqualTo(404);
        assertThat(scim.send("POST", "/Bulk", "{}").status()).isEqualTo(404);
        assertThat(scim.send("POST", "/Users/x", "{}")
                        .body()
                        .path("schemas")
                        .path(0)
                        .stringValue(""))
                .isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
    }

    @Test
    void what_is_hostile_is_refused_in_the_form_of_scim_and_changes_nothing() {
        var id = scim.user("s1");
        var group = scim.group("pay-oncall", id);
        var user = scim.get("/Users/" + id).raw().body();
        var failed = new TreeSet<String>();
        var bodies = new ArrayList<>(List.of(
                "",
                "[]",
                "null",
                "{",
                "{} {}",
                "{\"userName\":\"a\",\"userName\":\"b\"}",
                "{\"userName\":\"a\",\"username\":\"b\",\"externalId\":\"x\"}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"active\":true,\"Active\":false}",
                "{\"userName\":7,\"externalId\":\"x\"}",
                "{\"userName\":\"\",\"externalId\":\"x\"}",
                "{\"userName\":\"x\"}",
                "{\"userName\":\"x\",\"externalId\":\"\"}",
                "{\"userName\":\"x\",\"externalId\":\"a b\"}",
                "{\"userName\":\"x\",\"externalId\":\"\\u202e1s\"}",
                "{\"userName\":\"a\\u0000b\",\"externalId\":\"x\"}",
                "{\"userName\":\"" + "x".repeat(256) + "\",\"externalId\":\"x\"}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"active\":\"perhaps\"}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"active\":1}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"urn:ietf:params:scim:schemas:core:2.0:User\":{\"active\":false}}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"name\":\"z\"}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"emails\":[7]}",
                "{\"userName\":\"x\",\"externalId\":\"y\",\"a\":" + "[".repeat(100) + "]".repeat(100) + "}"));
        bodies.forEach(body -> check(failed, body, scim.send("POST", "/Users", body, "Content-Type", TestScim.TYPE)));
        for (var operations : List.of(
                "7",
                "{}",
                "{\"op\":\"drop\",\"path\":\"active\"}",
                "{\"op\":\"remove\"}",
                "{\"op\":\"replace\",\"path\":\"active\"}",
                "{\"op\":\"replace\",\"path\":7,\"value\":true}",
                "{\"op\":\"replace\",\"path\":\"activ\",\"value\":false}",
                "{\"op\":\"replace\",\"path\":\"urn:ietf:params:scim:schemas:core:2.0:User.active\",\"value\":false}",
                "{\"op\":\"replace\",\"value\":{\"urn:ietf:params:scim:schemas:core:2.0:User\":{\"active\":false}}}",
                "{\"op\":\"replace\",\"value\":{\"activ\":false}}",
                "{\"op\":\"replace\",\"value\":\"false\"}",
                "{\"op\":\"replace\",\"path\":\"active[value eq \\\"x\\\"]\",\"value\":false}",
                "{\"op\":\"replace\",\"path\":\"active.value\",\"value\":false}",
                "{\"op\":\"replace\",\"path\":\"emails[type eq \\\"x\\\"\",\"value\":\"y\"}",
                "{\"op\":\"replace\",\"path\":\"emails[owner eq \\\"x\\\"].value\",\"value\":\"y\"}",
                "{\"op\":\"remove\",\"path\":\"userName\"}",
                "{\"op\":\"remove\",\"path\":\"externalId\"}",
                "{\"op\":\"replace\",\"path\":\"" + "a".repeat(600) + "\",\"value\":1}")) {
            check(failed, operations, scim.patch("/Users/" + id, operations));
        }
        for (var operations : List.of(
                "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"nobody\"}]}",
                "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"display\":\"x\"}]}",
                "{\"op\":\"replace\",\"path\":\"members[value eq \\\"nobody\\\"]\",\"value\":{\"value\":\"" + id
                        + "\"}}",
                "{\"op\":\"remove\",\"path\":\"displayName\"}",
                "{\"op\":\"add\",\"path\":\"active\",\"value\":true}")) {
            check(failed, operations, scim.patch("/Groups/" + group, operations));
        }
        check(
                failed,
                "a form",
                scim.send("POST", "/Users", "a=b", "Content-Type", "application/x-www-form-urlencoded"));
        check(failed, "large", scim.send("POST", "/Users", "{\"a\":\"" + "x".repeat(70_000) + "\"}"));
        check(failed, "no such", scim.get("/Users/'%20OR%20''='"));
        assertThat(failed).isEmpty();
        assertThat(scim.send("POST", "/Users", "{\"a\":\"" + "x".repeat(70_000) + "\"}")
                        .status())
                .isEqualTo(413);
        assertThat(scim.patch("/Groups/" + group, "7,".repeat(1_000) + "7").status())
                .isEqualTo(413);
        assertThat(scim.get("/Users/" + id).raw().body()).isEqualTo(user);
        assertThat(scim.get("/Users").body().path("totalResults").intValue()).isEqualTo(1);
        assertThat(groupsOf(person("s1").id())).containsExactly("on-call");
    }

    private static void check(Set<String> failed, String what, Answer answer) {
        var error = answer.body();
        if (answer.status() < 400
                || answer.status() >= 500
                || !error.path("status").stringValue("").equals(Integer.toString(answer.status()))
                || error.path("detail").stringValue("").isEmpty()) {
            failed.add(what + " -> " + answer.status() + " " + answer.raw().body());
        }
    }

    @Test
    void a_group_has_only_so_many_members() {
        var members = IntStream.range(0, 10_001)
                .mapToObj(i -> "{\"value\":\"" + i + "\"}")
                .toList();
        var refused = scim.send(
                "POST",
                "/Groups",
                "{ \"displayName\": \"g\", \"members\": [%s] }".formatted(String.join(",", members)));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.text("detail")).contains("10000 members");
    }

    // at once

    @Test
    void of_changes_to_one_group_at_once_none_is_lost() throws Exception {
        var group = scim.group("pay-oncall");
        var users = IntStream.range(0, 12).mapToObj(i -> scim.user("s" + i)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Answer>>();
            for (var user : users) {
                answers.add(threads.submit(() -> scim.patch(
                        "/Groups/" + group, "{\"op\":\"Add\",\"path\":\"members\",\"value\":[" + list(user) + "]}")));
            }
            for (var answer : answers) {
                assertThat(answer.get().status()).isEqualTo(204);
            }
        }
        assertThat(scim.get("/Groups/" + group).body().path("members").size()).isEqualTo(12);
        for (int i = 0; i < 12; i++) {
            assertThat(groupsOf(person("s" + i).id())).containsExactly("on-call");
        }
    }

    @Test
    void of_a_deactivation_and_a_joining_at_once_the_deactivation_stands() throws Exception {
        for (int round = 0; round < 5; round++) {
            var user = scim.user("s" + round);
            var group = scim.group("g" + round);
            configure(", scim: {}", "", "{ login: corp, group: g" + round + " }");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var off = threads.submit(() -> scim.patch("/Users/" + user, OFF));
                var join = threads.submit(() -> scim.patch(
                        "/Groups/" + group, "{\"op\":\"add\",\"path\":\"members\",\"value\":[" + list(user) + "]}"));
                assertThat(off.get().status()).isEqualTo(200);
                assertThat(join.get().status()).isEqualTo(204);
            }
            assertThat(gate.parts().installation.memberships.membersAt("on-call", gate.clock.instant()))
                    .isEmpty();
        }
    }

    @Test
    void who_is_deactivated_at_one_node_is_gone_at_another() {
        assumeTrue(TestStores.onPostgres(), "a SQLite store has one node");
        try (var other = gate.anotherNode()) {
            var id = scim.user("s1");
            scim.group("pay-oncall", id, scim.user("s2"));
            var browser = signedIn("s1");
            var there = new TestBrowser(other.server().port());
            there.cookies.putAll(browser.cookies);
            var bearer = bearer(person("s1").id());
            gate.clock.advance(Duration.ofMinutes(1));
            var asked = ask();
            assertThat(there.get("/").statusCode()).isEqualTo(200);
            assertThat(other.get(bearer, "/requests").status()).isEqualTo(200);
            var person = session(browser).person();

            assertThat(scim.patch("/Users/" + id, OFF).status()).isEqualTo(200);
            assertThat(other.parts().panel.vote(asked, ballot(person)))
                    .as("a vote asks the store")
                    .isInstanceOf(Ballot.Result.NotEligible.class);
            assertThat(there.get("/").statusCode()).isNotEqualTo(200);
            gate.clock.advance(Duration.ofSeconds(1));
            assertThat(other.get(bearer, "/requests").status()).isEqualTo(401);
            assertThat(other.parts().installation.memberships.membersAt("on-call", gate.clock.instant()))
                    .doesNotContain(person);
            assertThat(scim.at(other).get("/Users/" + id).body().path("active").asBoolean(true))
                    .isFalse();
        }
    }

    // whole conversations

    @Test
    void as_entra_does_it() {
        configure(", subject: oid, scim: { group: externalId }", "", "{ login: corp, group: 7f3c0000-aaaa }");
        // Test connection
        var probe = scim.get(filter("/Users", "userName eq \"5f1c6d0a-0000-4000-8000-000000000000\""));
        assertThat(probe.status()).isEqualTo(200);
        assertThat(probe.body().path("totalResults").intValue()).isZero();

        // a user is assigned
        assertThat(ids(scim.get(filter("/Users", "externalId eq \"0a21f0f2-8d2a\""))))
                .isEmpty();
        var user = scim.send("POST", "/Users", """
                { "schemas": [ "urn:ietf:params:scim:schemas:core:2.0:User",
                               "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" ],
                  "externalId": "0a21f0f2-8d2a", "userName": "Test_User@contoso.example", "active": true,
                  "addresses": [ { "type": "work", "country": "DE" } ],
                  "emails": [ { "primary": true, "type": "work", "value": "test@contoso.example" } ],
                  "meta": { "resourceType": "User" },
                  "name": { "formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName" },
                  "roles": [] }""").text("id");
        assertThat(scim.get("/Users/" + user).text("userName")).isEqualTo("Test_User@contoso.example");

        // several attributes change
        var changed = scim.patch(
                "/Users/" + user,
                "{\"op\":\"Replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"new@contoso.example\"}",
                "{\"op\":\"Add\",\"path\":\"phoneNumbers[type eq \\\"work\\\"].value\",\"value\":\"1\"}",
                "{\"op\":\"Add\",\"path\":\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department\","
                        + "\"value\":\"x\"}",
                "{\"op\":\"Replace\",\"path\":\"name.familyName\",\"value\":\"newFamily\"}",
                "{\"op\":\"Replace\",\"value\":{\"displayName\":\"New Name\",\"name.givenName\":\"New\"}}");
        assertThat(changed.status()).as(changed.raw().body()).isEqualTo(200);
        assertThat(changed.body().path("name").path("familyName").stringValue(""))
                .isEqualTo("newFamily");
        assertThat(changed.body().path("name").path("givenName").stringValue(""))
                .isEqualTo("New");
        assertThat(changed.body().path("emails").path(0).path("value").stringValue(""))
                .isEqualTo("new@contoso.example");

        // a group is assigned
        assertThat(ids(scim.get(filter("/Groups?excludedAttributes=members", "displayName eq \"On call\"")
                        .replace("members?filter", "members&filter"))))
                .isEmpty();
        var added = scim.send("POST", "/Groups", """
                { "schemas": [ "urn:ietf:params:scim:schemas:core:2.0:Group",
                               "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group" ],
                  "externalId": "7f3c0000-aaaa", "displayName": "On call", "meta": { "resourceType": "Group" } }""");
        assertThat(added.status()).isEqualTo(201);
        var group = added.text("id");
        assertThat(scim.patch("/Groups/" + group, """
                        { "op": "Add", "path": "members", "value": [ { "$ref": null, "value": "%s" } ] }""".formatted(user)).status()).isEqualTo(204);
        assertThat(scim.get("/Groups/" + group + "?excludedAttributes=members").text("displayName"))
                .isEqualTo("On call");
        var browser = browser();
        assertThat(come(browser, Map.of("sub", "pairwise", "oid", "0a21f0f2-8d2a"))
                        .statusCode())
                .isEqualTo(303);

        // the group is renamed, which here is its externalId's matter
        assertThat(scim.patch("/Groups/" + group, "{\"op\":\"Replace\",\"path\":\"displayName\",\"value\":\"Later\"}")
                        .status())
                .isEqualTo(204);
        assertThat(isIn(browser)).isTrue();

        // a member is taken out, and comes back
        scim.patch("/Groups/" + group, """
                { "op": "Remove", "path": "members", "value": [ { "$ref": null, "value": "%s" } ] }""".formatted(user));
        assertThat(isIn(browser)).isFalse();
        scim.patch("/Groups/" + group, "{\"op\":\"Add\",\"path\":\"members\",\"value\":[" + list(user) + "]}");
        assertThat(come(browser, Map.of("sub", "pairwise", "oid", "0a21f0f2-8d2a"))
                        .statusCode())
                .isEqualTo(303);

        // the user is unassigned, found as such, and later deleted
        assertThat(scim.patch("/Users/" + user, OFF).status()).isEqualTo(200);
        assertThat(isIn(browser)).isFalse();
        assertThat(scim.get(filter("/Users", "externalId eq \"0a21f0f2-8d2a\""))
                        .body()
                        .path("Resources")
                        .path(0)
                        .path("active")
                        .asBoolean(true))
                .isFalse();
        assertThat(scim.send("DELETE", "/Users/" + user, "").status()).isEqualTo(204);
        assertThat(scim.send("DELETE", "/Users/" + user, "").status()).isEqualTo(404);
    }

    @Test
    void as_okta_does_it() {
        // the integration is set up
        assertThat(scim.get("/Users?startIndex=1&count=2")
                        .body()
                        .path("totalResults")
                        .intValue())
                .isZero();
        assertThat(scim.get("/Groups?startIndex=1&count=100").status()).isEqualTo(200);

        // somebody is assigned
        assertThat(ids(scim.get(filter("/Users", "userName eq \"test.user@okta.local\"") + "&startIndex=1&count=100")))
                .isEmpty();
        var added = scim.send("POST", "/Users", """
                { "schemas": [ "urn:ietf:params:scim:schemas:core:2.0:User" ], "userName": "test.user@okta.local",
                  "name": { "givenName": "Test", "familyName": "User" },
                  "emails": [ { "primary": true, "value": "test.user@okta.local", "type": "work" } ],
                  "displayName": "Test User", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [],
                  "password": "1mz050nq", "active": true }""");
        assertThat(added.status()).isEqualTo(201);
        var user = added.text("id");

        // a group is pushed, then its members, then another name
        var group = scim.send("POST", "/Groups", """
                { "schemas": [ "urn:ietf:params:scim:schemas:core:2.0:Group" ], "displayName": "pay-oncall",
                  "members": [] }""").text("id");
        assertThat(scim.get("/Groups/" + group).text("displayName")).isEqualTo("pay-oncall");
        assertThat(scim.patch(
                                "/Groups/" + group,
                                "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + user + "\\\"]\"}",
                                "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + user
                                        + "\",\"display\":\"test.user@okta.local\"}]}")
                        .status())
                .isEqualTo(204);
        var browser = signedIn("00ujl29u0le5T6Aj10h7");

        // the profile changes: it is got, and put
        var got = scim.get("/Users/" + user);
        assertThat(got.status()).isEqualTo(200);
        var put = scim.send("PUT", "/Users/" + user, """
                { "schemas": [ "urn:ietf:params:scim:schemas:core:2.0:User" ], "id": "%s",
                  "userName": "test.user@okta.local", "externalId": "00ujl29u0le5T6Aj10h7",
                  "name": { "givenName": "Another", "middleName": "", "familyName": "User" },
                  "emails": [ { "primary": true, "value": "test.user@okta.local", "type": "work" } ],
                  "active": true, "groups": [], "meta": { "resourceType": "User" } }""".formatted(user));
        assertThat(put.status()).isEqualTo(200);
        assertThat(person("00ujl29u0le5T6Aj10h7").name()).isEqualTo("Another User");
        assertThat(isIn(browser)).isTrue();

        // all members at once
        assertThat(scim.patch(
                                "/Groups/" + group,
                                "{\"op\":\"replace\",\"path\":\"members\",\"value\":[" + list(user) + "]}")
                        .status())
                .isEqualTo(204);
        assertThat(isIn(browser)).isTrue();

        // somebody is unassigned, and comes back
        var off = scim.patch("/Users/" + user, "{\"op\":\"replace\",\"value\":{\"active\":false}}");
        assertThat(off.status()).isEqualTo(200);
        assertThat(isIn(browser)).isFalse();
        assertThat(scim.send("PUT", "/Users/" + user, """
                        { "userName": "test.user@okta.local", "externalId": "00ujl29u0le5T6Aj10h7", "active": true }""").status()).isEqualTo(200);
        assertThat(isIn(signedIn("00ujl29u0le5T6Aj10h7"))).isTrue();
        assertThat(scim.send("DELETE", "/Groups/" + group, "").status()).isEqualTo(204);
        assertThat(come(browser(), "00ujl29u0le5T6Aj10h7").statusCode()).isEqualTo(403);
    }

    @Test
    void who_is_provisioned_is_not_forgotten_or_would_come_back_as_another() {
        var id = scim.user("s1");
        scim.group("pay-oncall", id);
        scim.patch("/Users/" + id, OFF);
        var installation = gate.parts().installation;
        var person = person("s1").id();
        boolean early = installation.store.write(tx -> installation.people.forget(tx, person));
        assertThat(early).isFalse();
        scim.send("DELETE", "/Users/" + id, "");
        boolean late = installation.store.write(tx -> installation.people.forget(tx, person));
        assertThat(late).isTrue();
    }
}
