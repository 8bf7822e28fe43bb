package dev.countersign.wiring;

import static dev.countersign.TestBrowser.location;
import static dev.countersign.TestBrowser.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.countersign.TestBrowser;
import dev.countersign.TestProvider;
import dev.countersign.people.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions over the wire: listed, ended by their person, by an administrator and by their provider, and proved
/// once more before something of high risk is approved.
final class SessionsWireTest {
    private static final String POLICIES = """
            policies:
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 4h, lifetime: 2m }
            """;
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    @TempDir
    Path folder;

    private TestGate gate;
    private TestProvider corp;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, POLICIES);
        corp = new TestProvider(gate.clock);
        try {
            Files.createDirectories(folder.resolve("secrets"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gate.write("secrets/corp", TestProvider.SECRET);
        gate.configure("oidc.yaml", """
                login:
                  oidc:
                    - { id: corp, name: Acme, issuer: %s, client_id: countersign, client_secret: { file: secrets/corp } }
                  step_up: { from: high, within: 5m }
                """.formatted(corp.issuer()));
        gate.change(
                "payments-oncall: { members: [ana, bo, dev] }",
                "payments-oncall: { members: [ana, bo, dev], from: { login: corp, group: pay } }");
    }

    @AfterEach
    void stop() {
        gate.close();
        corp.close();
    }

    private TestBrowser browser() {
        return new TestBrowser(gate.server().port());
    }

    private TestBrowser signedIn(String subject, String sid) {
        var browser = browser();
        var asked = URI.create(location(browser.get("/login/corp")));
        var person = Map.<String, Object>of("sub", subject, "name", "Person " + subject, "groups", "pay", "sid", sid);
        assertThat(browser.get(path(corp.signIn(asked, person))).statusCode()).isEqualTo(303);
        return browser;
    }

    private TestBrowser eve() {
        var browser = browser();
        browser.cookies.put("countersign", gate.signIn().cookie());
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

    private JWTClaimsSet.Builder logout() {
        return new JWTClaimsSet.Builder()
                .issuer(corp.issuer())
                .audience("countersign")
                .issueTime(Date.from(gate.clock.instant()))
                .expirationTime(Date.from(gate.clock.instant().plusSeconds(120)))
                .jwtID(UUID.randomUUID().toString())
                .claim("events", Map.of(EVENT, Map.of()));
    }

    private HttpResponse<String> say(String token) {
        return browser().post("/login/corp/logout", "logout_token", token);
    }

    private HttpResponse<String> say(JWTClaimsSet.Builder claims) {
        return say(corp.signed(claims.build(), "logout+jwt"));
    }

    @Test
    void a_provider_ends_the_sessions_it_names_and_no_others() {
        var one = signedIn("s1", "a");
        var two = signedIn("s1", "b");
        var other = signedIn("s2", "a2");
        var local = eve();
        var said = say(logout().claim("sid", "a"));
        assertThat(said.statusCode()).isEqualTo(200);
        assertThat(said.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(isIn(one)).isFalse();
        assertThat(isIn(two)).isTrue();
        assertThat(say(logout().subject("s2").claim("sid", "b")).statusCode()).isEqualTo(200);
        assertThat(isIn(two)).as("both have to be right").isTrue();
        assertThat(say(logout().subject("s1")).statusCode()).isEqualTo(200);
        assertThat(isIn(two)).isFalse();
        assertThat(isIn(other)).isTrue();
        assertThat(isIn(local)).isTrue();
        var ended = gate.entries("session.ended");
        assertThat(ended).hasSize(2);
        assertThat(ended.getFirst().actor().id()).isEqualTo("provider corp");
    }

    @Test
    void a_logout_is_said_once() {
        signedIn("s1", "a");
        var token = corp.signed(logout().subject("s1").build(), "logout+jwt");
        assertThat(say(token).statusCode()).isEqualTo(200);
        gate.clock.advance(Duration.ofSeconds(1));
        var again = signedIn("s1", "b");
        assertThat(say(token).statusCode()).isEqualTo(400);
        assertThat(isIn(again)).isTrue();
    }

    private Map<String, Consumer<JWTClaimsSet.Builder>> lies() {
        var lies = new LinkedHashMap<String, Consumer<JWTClaimsSet.Builder>>();
        lies.put("another issuer", it -> it.issuer("https://idp.example.com"));
        lies.put("another audience", it -> it.audience("somebody-else"));
        lies.put("no event", it -> it.claim("events", null));
        lies.put("another event", it -> it.claim("events", Map.of("https://idp.example.com/x", Map.of())));
        lies.put("a nonce", it -> it.claim("nonce", "n"));
        lies.put("no id", it -> it.jwtID(null));
        lies.put("nobody", it -> it.subject(null));
        lies.put("no time", it -> it.issueTime(null));
        lies.put("old", it -> it.issueTime(at(Duration.ofMinutes(-6))));
        lies.put("of tomorrow", it -> it.issueTime(at(Duration.ofHours(24))));
        lies.put("over", it -> it.expirationTime(at(Duration.ofSeconds(-61))));
        return lies;
    }

    private Date at(Duration from) {
        return Date.from(gate.clock.instant().plus(from));
    }

    @Test
    void what_is_no_logout_of_this_provider_ends_nothing() {
        var browser = signedIn("s1", "a");
        var believed = new TreeSet<String>();
        lies().forEach((what, lie) -> {
            var claims = logout().subject("s1");
            lie.accept(claims);
            if (say(claims).statusCode() != 400) {
                believed.add(what);
            }
        });
        assertThat(believed).isEmpty();
        var good = logout().subject("s1").build();
        assertThat(say(corp.signed(good, "at+jwt")).statusCode())
                .as("of another kind")
                .isEqualTo(400);
        assertThat(say(corp.signed(good) + "x").statusCode()).as("not signed").isEqualTo(400);
        assertThat(say("nonsense").statusCode()).isEqualTo(400);
        assertThat(browser().post("/login/corp/logout").statusCode()).isEqualTo(400);
        var token = corp.signed(good, "logout+jwt");
        assertThat(browser()
                        .post("/login/corp/logout", "logout_token", token, "logout_token", token)
                        .statusCode())
                .isEqualTo(400);
        assertThat(isIn(browser)).isTrue();
        assertThat(say(token).statusCode()).isEqualTo(200);
        assertThat(isIn(browser)).isFalse();
    }

    @Test
    void people_see_their_sessions_and_end_them_and_nobody_elses() {
        var one = signedIn("s1", "a");
        var two = signedIn("s1", "b");
        var other = signedIn("s2", "c");
        var page = one.get("/account").body();
        assertThat(page)
                .contains("this one", "Acme", "End all others")
                .contains(session(two).id());
        assertThat(page).doesNotContain(session(other).id());

        assertThat(end(one, "session", session(other).id()).body()).contains("Nothing was done");
        assertThat(isIn(other)).isTrue();
        assertThat(one.post("/account", "end", "others").statusCode())
                .as("no CSRF token")
                .isEqualTo(403);
        assertThat(end(one, "session", session(two).id()).body()).contains("That session is over");
        assertThat(isIn(two)).isFalse();
        var three = signedIn("s1", "d");
        assertThat(end(one, "others", "").body()).contains("The other session is over");
        assertThat(isIn(three)).isFalse();
        assertThat(isIn(one)).isTrue();
        assertThat(one.get("/account?all=1").body()).doesNotContain("Person s2");
    }

    private HttpResponse<String> end(TestBrowser browser, String what, String id) {
        return browser.post("/account", "csrf", session(browser).csrf(), "end", what, "id", id);
    }

    @Test
    void administrators_end_anybodys_session_and_token() {
        var one = signedIn("s1", "a");
        var cy = gate.bearer("cy", "admin", "requests:read", "requests:review");
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        var all = gate.get(cy, "/sessions?all=true").body().path("items");
        assertThat(all.get(0).path("user").stringValue("")).isEqualTo("s1");
        assertThat(all.get(0).path("by").stringValue("")).isEqualTo(corp.issuer());
        assertThat(gate.get(ana, "/sessions?all=true").status()).isEqualTo(403);
        assertThat(delete(ana, "/sessions/" + session(one).id())).isEqualTo(404);
        assertThat(delete(cy, "/sessions/" + session(one).id())).isEqualTo(200);
        assertThat(isIn(one)).isFalse();

        var tokens = gate.get(ana, "/api-tokens").body().path("items");
        assertThat(tokens).hasSize(1);
        var id = tokens.get(0).path("id").stringValue("");
        var bo = gate.bearer("bo", "requests:read", "requests:review");
        assertThat(delete(bo, "/api-tokens/" + id)).isEqualTo(404);
        assertThat(delete(cy, "/api-tokens/" + id)).isEqualTo(200);
        assertThat(gate.get(ana, "/api-tokens").status()).isEqualTo(401);
    }

    private int delete(String bearer, String path) {
        return browser()
                .send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + gate.server().port() + "/api/v1" + path))
                        .header("Authorization", "Bearer " + bearer)
                        .DELETE()
                        .build())
                .statusCode();
    }

    private String ask() {
        return gate.defer("refund-bot", "scope", "refunds:write").reference();
    }

    private HttpResponse<String> vote(TestBrowser browser, String id, String word) {
        return browser.post(
                "/requests/" + id + "/votes",
                "csrf",
                session(browser).csrf(),
                "vote",
                word,
                "seen",
                "0",
                "sure",
                "yes",
                "scope",
                "refunds:write",
                "lifetime",
                "60");
    }

    @Test
    void whoever_approves_much_has_just_given_their_password() {
        var browser = eve();
        gate.clock.advance(Duration.ofMinutes(6));
        var id = ask();
        var first = vote(browser, id, "approve");
        assertThat(location(first)).isEqualTo("/confirm?next=%2Frequests%2F" + id);
        assertThat(gate.approval(id).state()).isEqualTo("pending");
        assertThat(browser.get(location(first)).body()).contains("Is it you, Eve Ek?", "Password");
        var wrong = browser.post(
                "/confirm", "csrf", session(browser).csrf(), "next", "/requests/" + id, "password", "wrong");
        assertThat(wrong.statusCode()).isEqualTo(401);
        var before = browser.session();
        var right = browser.post(
                "/confirm", "csrf", session(browser).csrf(), "next", "/requests/" + id, "password", "correct horse");
        assertThat(location(right)).isEqualTo("/requests/" + id);
        assertThat(browser.session()).isNotEqualTo(before);
        vote(browser, id, "approve");
        assertThat(gate.approval(id).state()).isEqualTo("approved");
    }

    @Test
    void to_say_no_takes_no_proof() {
        var browser = eve();
        gate.clock.advance(Duration.ofMinutes(6));
        var id = ask();
        vote(browser, id, "deny");
        assertThat(gate.approval(id).state()).isEqualTo("denied");
    }

    @Test
    void no_token_approves_much_and_it_says_where_to_go() {
        var id = ask();
        var bo = gate.bearer("bo", "requests:read", "requests:review");
        var vote = gate.tell(bo, "/requests/" + id + "/votes", "{\"vote\":\"approve\"}");
        assertThat(vote.status()).isEqualTo(403);
        assertThat(vote.text("detail")).contains("sign in at " + TestGate.ISSUER + "/requests/" + id);
        assertThat(gate.approval(id).state()).isEqualTo("pending");
    }

    @Test
    void whom_a_provider_signed_in_proves_it_there_once_more() {
        var browser = signedIn("s1", "a");
        gate.clock.advance(Duration.ofMinutes(6));
        var id = ask();
        var confirm = browser.get(location(vote(browser, id, "approve"))).body();
        assertThat(confirm).contains("Continue with Acme").doesNotContain("type=\"password\"");
        assertThat(confirm).contains("/login/corp?fresh=1&amp;next=%2Frequests%2F" + id);
        var asked = URI.create(location(browser.get("/login/corp?fresh=1&next=%2Frequests%2F" + id)));
        assertThat(asked.getQuery()).contains("prompt=login", "max_age=0");
        var person = new LinkedHashMap<String, Object>(Map.of("sub", "s1", "name", "Person s1", "groups", "pay"));
        assertThat(browser.get(path(corp.signIn(asked, person))).statusCode())
                .as("it does not say when")
                .isEqualTo(403);

        asked = URI.create(location(browser.get("/login/corp?fresh=1&next=%2Frequests%2F" + id)));
        gate.clock.advance(Duration.ofSeconds(90));
        person.put(
                "auth_time", gate.clock.instant().minus(Duration.ofSeconds(200)).getEpochSecond());
        assertThat(browser.get(path(corp.signIn(asked, person))).statusCode())
                .as("it was before they went there")
                .isEqualTo(403);

        asked = URI.create(location(browser.get("/login/corp?fresh=1&next=%2Frequests%2F" + id)));
        person.put("auth_time", gate.clock.instant().getEpochSecond());
        assertThat(location(browser.get(path(corp.signIn(asked, person))))).isEqualTo("/requests/" + id);
        vote(browser, id, "approve");
        assertThat(gate.approval(id).state()).isEqualTo("approved");
    }

    @Test
    void what_lists_show_of_a_session_opens_nothing() {
        var one = signedIn("s1", "a");
        var thief = browser();
        thief.cookies.put("countersign", session(one).id());
        assertThat(isIn(thief)).isFalse();
        assertThat(one.get("/account").body()).doesNotContain(one.session().orElseThrow());
    }
}
