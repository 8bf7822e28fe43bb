package dev.countersign.wiring;

import static dev.countersign.TestBrowser.location;
import static dev.countersign.TestBrowser.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import dev.countersign.TestBrowser;
import dev.countersign.TestPeer;
import dev.countersign.TestProvider;
import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.people.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signing in with OpenID providers, over the wire with real ones, that lie.
final class OpenIdTest {
    private static final String POLICIES = """
            policies:
              - rule: two-look
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: %s, votes: %d } ], within: 4h, lifetime: 2m }
            """;

    @TempDir
    Path folder;

    private TestGate gate;
    private TestProvider corp;
    private TestProvider partner;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, POLICIES.formatted("payments-oncall", 1));
        corp = new TestProvider(gate.clock);
        partner = new TestProvider(gate.clock);
        secret();
        configure("", "");
    }

    @AfterEach
    void stop() {
        gate.close();
        corp.close();
        partner.close();
    }

    private void secret() {
        try {
            Files.createDirectories(folder.resolve("secrets"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gate.write("secrets/corp", TestProvider.SECRET);
    }

    /// @param more keys of the provider corp
    /// @param people the section `people`, with what is known of them
    private void configure(String more, String people) {
        configure(more, people, "{ login: corp, group: pay-oncall }");
    }

    private void configure(String more, String people, String from) {
        gate.configure("oidc.yaml", """
                login:
                  oidc:
                    - { id: corp, name: Acme, issuer: %s, client_id: countersign, client_secret: { file: secrets/corp }%s }
                    - { id: partner, name: Partner, issuer: %s, client_id: countersign, client_secret: { file: secrets/corp } }
                %s
                groups:
                  on-call: { from: %s }
                  owners: { from: { login: corp, group: pay-dev } }
                  auditors: { from: { login: corp, group: audit } }
                """.formatted(corp.issuer(), more, partner.issuer(), people, from));
    }

    private TestBrowser browser() {
        return new TestBrowser(gate.server().port());
    }

    /// To the provider: where it is asked.
    private static URI go(TestBrowser browser, String login) {
        var response = browser.get("/login/" + login);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
        return URI.create(location(response));
    }

    private HttpResponse<String> come(TestBrowser browser, String subject, Object groups) {
        return browser.get(path(corp.signIn(go(browser, "corp"), subject, groups)));
    }

    private TestBrowser signedIn(String subject, Object groups) {
        var browser = browser();
        var response = come(browser, subject, groups);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
        return browser;
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

    private void later(Duration time) {
        gate.clock.advance(time);
    }

    // who comes in

    @Test
    void whom_a_provider_signs_in_is_the_person_of_its_issuer_and_subject() {
        var browser = browser();
        assertThat(browser.get("/login").body()).contains("Continue with Acme", "Continue with Partner", "Password");
        var response = come(browser, "s1", List.of("pay-oncall", "else"));
        assertThat(location(response)).isEqualTo("/");
        assertThat(browser.get("/").body()).contains("Person s1");
        var person = session(browser).person();
        assertThat(gate.parts().installation.people.find(person).orElseThrow().user())
                .isEqualTo("user-s1");

        corp.lies(it -> it.claim("preferred_username", "ana").claim("name", "Ana Lima"));
        later(Duration.ofMinutes(1));
        assertThat(session(signedIn("s1", "pay-oncall")).person()).isEqualTo(person);
        assertThat(session(signedIn("s2", "pay-oncall")).person())
                .isNotEqualTo(person)
                .isNotEqualTo(gate.parts()
                        .installation
                        .people
                        .find("local", "ana")
                        .orElseThrow()
                        .id());
    }

    @Test
    void the_same_subject_of_another_provider_is_another_person() {
        var person = session(signedIn("s1", "pay-oncall")).person();
        configure("", "", "{ login: partner, group: pay-oncall }");
        var browser = browser();
        browser.get(path(partner.signIn(go(browser, "partner"), "s1", "pay-oncall")));
        assertThat(session(browser).person()).isNotEqualTo(person);
    }

    @Test
    void the_request_is_one_of_the_standard_and_nothing_in_it_stands_twice() throws ParseException {
        configure(", max_age: 8h, scopes: [groups]", "");
        var one = AuthenticationRequest.parse(go(browser(), "corp"));
        var other = AuthenticationRequest.parse(go(browser(), "corp"));
        assertThat(one.getRedirectionURI()).hasToString(TestGate.ISSUER + "/login/corp/callback");
        assertThat(one.getScope().toStringList()).containsExactlyInAnyOrder("openid", "profile", "email", "groups");
        assertThat(one.getMaxAge()).isEqualTo(8 * 3600);
        assertThat(one.getResponseType().toString()).isEqualTo("code");
        assertThat(one.getCustomParameter("tenant")).containsExactly("1");
        assertThat(one.getNonce()).isNotEqualTo(other.getNonce());
        assertThat(one.getState()).isNotEqualTo(other.getState());
        assertThat(one.getCodeChallenge()).isNotEqualTo(other.getCodeChallenge());
    }

    @Test
    void a_sign_in_is_in_the_ledger_with_its_memberships_and_nothing_personal() {
        var person = session(signedIn("the-subject", List.of("pay-oncall"))).person();
        var entry = gate.entries("person.signed_in").getLast();
        assertThat(entry.actor().id()).isEqualTo(person.value());
        assertThat(entry.toString())
                .contains("method=oidc", "login=corp", "joined={on-call=")
                .doesNotContain("the-subject", "Person", "127.0.0.1");
        assertThat(gate.disclosed(entry, "subject")).isEqualTo("the-subject");

        later(Duration.ofMinutes(1));
        signedIn("the-subject", List.of("pay-dev"));
        var second = gate.entries("person.signed_in").getLast();
        assertThat(second.toString()).contains("joined={owners=", "left={on-call=");
    }

    // who does not

    private Map<String, Consumer<JWTClaimsSet.Builder>> lies() {
        var lies = new LinkedHashMap<String, Consumer<JWTClaimsSet.Builder>>();
        lies.put("another nonce", it -> it.claim("nonce", "another"));
        lies.put("no nonce", it -> it.claim("nonce", null));
        lies.put("another issuer", it -> it.issuer(partner.issuer()));
        lies.put("another audience", it -> it.audience("somebody-else"));
        lies.put("more than one audience", it -> it.audience(List.of("countersign", "somebody-else")));
        lies.put("another party", it -> it.claim("azp", "somebody-else"));
        lies.put("no subject", it -> it.subject(null));
        lies.put("a subject that hides", it -> it.subject("s1\u202e"));
        lies.put("no end", it -> it.expirationTime(null));
        lies.put("no beginning", it -> it.issueTime(null));
        lies.put("over", it -> it.expirationTime(at(Duration.ofSeconds(-61))));
        lies.put("made in the future", it -> it.issueTime(at(Duration.ofSeconds(61))));
        lies.put("made long ago", it -> it.issueTime(at(Duration.ofMinutes(-6))));
        lies.put("proved in the future", it -> it.claim("auth_time", seconds(Duration.ofSeconds(90))));
        return lies;
    }

    private long seconds(Duration from) {
        return gate.clock.instant().plus(from).getEpochSecond();
    }

    private Date at(Duration from) {
        return Date.from(gate.clock.instant().plus(from));
    }

    @Test
    void what_a_provider_says_falsely_is_not_believed() {
        var believed = new TreeSet<String>();
        lies().forEach((what, lie) -> {
            corp.lies(lie);
            var browser = browser();
            var response = come(browser, "the-subject", "pay-oncall");
            if (response.statusCode() != 502 || browser.session().isPresent()) {
                believed.add(what);
            }
            assertThat(response.body()).as(what).doesNotContain("nonce");
        });
        assertThat(believed).isEmpty();
        corp.honest();
        signedIn("the-subject", "pay-oncall");
        assertThat(gate.entries("person.sign_in_failed"))
                .isNotEmpty()
                .allSatisfy(
                        it -> assertThat(it.toString()).contains("login=corp").doesNotContain("the-subject"));
    }

    private Map<String, Function<JWTClaimsSet, String>> signatures() {
        var stranger = TestProvider.key("k1");
        var signatures = new LinkedHashMap<String, Function<JWTClaimsSet, String>>();
        signatures.put("none", it -> new PlainJWT(it).serialize());
        signatures.put(
                "a secret that is our own",
                it -> mac(it, TestProvider.SECRET.repeat(2).getBytes(UTF_8)));
        signatures.put(
                "a secret that is the public key",
                it -> mac(it, corp.key().toPublicJWK().toJSONString().getBytes(UTF_8)));
        signatures.put(
                "a key of somebody else's by its name",
                it -> TestProvider.signed(it, new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1"), stranger));
        signatures.put(
                "a key that it brings along",
                it -> TestProvider.signed(
                        it, new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(stranger.toPublicJWK()), stranger));
        signatures.put("a token of another kind", it -> corp.signed(it, "logout+jwt"));
        signatures.put("cut off", it -> {
            var signed = corp.signed(it);
            return signed.substring(0, signed.lastIndexOf('.') + 1);
        });
        signatures.put("no token", _ -> "nonsense");
        return signatures;
    }

    private static String mac(JWTClaimsSet claims, byte[] secret) {
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims);
            jwt.sign(new MACSigner(secret));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void only_what_the_provider_signed_is_believed() {
        var believed = new TreeSet<String>();
        signatures().forEach((what, sign) -> {
            corp.signs(sign);
            var browser = browser();
            if (come(browser, "s1", "pay-oncall").statusCode() != 502
                    || browser.session().isPresent()) {
                believed.add(what);
            }
        });
        assertThat(believed).isEmpty();
        corp.honest();
        signedIn("s1", "pay-oncall");
    }

    @Test
    void a_key_that_is_new_is_asked_for_and_strangers_cannot_make_us_ask_again_and_again() {
        signedIn("s1", "pay-oncall");
        assertThat(corp.keysAsked()).isEqualTo(1);
        later(Duration.ofMinutes(1));
        corp.rotate(true);
        signedIn("s1", "pay-oncall");
        assertThat(corp.keysAsked()).isEqualTo(2);
        corp.rotate(false);
        for (int i = 0; i < 5; i++) {
            assertThat(come(browser(), "s1", "pay-oncall").statusCode()).isEqualTo(502);
        }
        assertThat(corp.keysAsked()).isEqualTo(2);
    }

    @Test
    void a_way_back_is_taken_once_by_the_browser_that_went_and_soon() {
        var browser = browser();
        var back = path(corp.signIn(go(browser, "corp"), "s1", "pay-oncall"));
        var flow = Map.copyOf(browser.cookies);
        assertThat(browser().get(back).statusCode()).as("no cookie").isEqualTo(400);

        var other = browser();
        go(other, "corp");
        assertThat(other.get(back).statusCode())
                .as("the state of another browser")
                .isEqualTo(400);
        assertThat(other.session()).isEmpty();

        assertThat(browser.get(back).statusCode()).isEqualTo(303);
        int asked = corp.peer.connections();
        browser.cookies.putAll(flow);
        var again = browser.get(back);
        assertThat(again.statusCode()).as("once more").isEqualTo(400);
        assertThat(again.body()).contains("This sign-in is over");
        assertThat(corp.peer.connections()).as("the provider is not asked").isEqualTo(asked);

        var slow = browser();
        var late = path(corp.signIn(go(slow, "corp"), "s1", "pay-oncall"));
        later(Duration.ofMinutes(10));
        assertThat(slow.get(late).statusCode()).as("late").isEqualTo(400);
    }

    @Test
    void the_cookie_of_a_way_there_cannot_be_made_or_changed() {
        var browser = browser();
        var back = path(corp.signIn(go(browser, "corp"), "s1", "pay-oncall"));
        var flow = Objects.requireNonNull(browser.cookies.get("flow"));
        for (var forged : List.of(flow.substring(1), flow.substring(0, flow.length() - 2), "a.b", "", flow + "x")) {
            browser.cookies.put("flow", forged);
            assertThat(browser.get(back).statusCode()).as(forged).isEqualTo(400);
        }
    }

    @Test
    void no_provider_can_answer_for_another() {
        var browser = browser();
        var asked = go(browser, "partner");
        // A code that corp gave, brought to where partner sends people, and the other way round.
        var answer = partner.signIn(asked, "s1", "pay-oncall");
        assertThat(browser.get(path(answer).replace("/partner/", "/corp/")).statusCode())
                .isEqualTo(400);
        var said = path(answer).replace(encoded(partner.issuer()), encoded(corp.issuer()));
        assertThat(browser.get(said).statusCode()).as("RFC 9207").isEqualTo(502);

        go(browser, "partner");
        var silent = path(partner.signIn(go(browser, "partner"), "s1", "")).replaceAll("&iss=.*", "");
        assertThat(browser.get(silent).statusCode())
                .as("it always says whose it is")
                .isEqualTo(502);
        assertThat(browser.session()).isEmpty();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @Test
    void another_issuers_configuration_is_not_taken() {
        corp.peer.says(TestPeer.json("{\"issuer\":\"https://idp.example.com\"}"));
        assertThat(browser().get("/login/corp").statusCode()).isEqualTo(502);
    }

    @Test
    void a_provider_cannot_send_us_into_a_network_of_ours() {
        corp.peer.says(TestPeer.json("""
                {"issuer":"%s","authorization_endpoint":"https://idp.example.com/a",
                 "token_endpoint":"https://10.0.0.1/t","jwks_uri":"https://169.254.169.254/latest"}""".formatted(corp.issuer())));
        var browser = browser();
        var asked = go(browser, "corp");
        var state = asked.getQuery().replaceAll(".*state=([^&]+).*", "$1");
        assertThat(browser.get("/login/corp/callback?code=c&state=" + state).statusCode())
                .isEqualTo(503);
        assertThat(corp.peer.connections()).isEqualTo(1);
    }

    @Test
    void who_is_refused_there_is_told_so() {
        var browser = browser();
        var response = browser.get(path(corp.refuse(go(browser, "corp"))));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("Acme did not sign you in");
        assertThat(browser.get("/login/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void a_wrong_secret_is_told_to_whoever_runs_it_and_not_to_whoever_signs_in() {
        gate.write("secrets/corp", "another");
        var response = come(browser(), "s1", "pay-oncall");
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).contains("are not set up for one another").doesNotContain("invalid_client");
    }

    @Test
    void a_provider_that_is_away_delays_nobody_else() {
        var away = partner.peer;
        away.says(away.silence());
        var waiting = CompletableFuture.supplyAsync(() -> browser().get("/login/partner"));
        signedIn("s1", "pay-oncall");
        assertThat(browser().get("/login").statusCode()).isEqualTo(200);
        var response = waiting.join();
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("Partner did not answer");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void what_was_proved_too_long_ago_is_asked_for_again() {
        configure(", max_age: 10m", "");
        assertThat(come(browser(), "s1", "pay-oncall").statusCode())
                .as("not said")
                .isEqualTo(403);
        corp.lies(it -> it.claim("auth_time", seconds(Duration.ofMinutes(-12))));
        assertThat(come(browser(), "s1", "pay-oncall").body()).contains("too long ago");
        corp.lies(it -> it.claim("auth_time", seconds(Duration.ofMinutes(-9))));
        assertThat(session(signedIn("s1", "pay-oncall")).authenticated())
                .isEqualTo(gate.clock.instant().minus(Duration.ofMinutes(9)));
    }

    @Test
    void a_session_is_a_new_one_and_never_the_browsers_choice() {
        var planted = "planted-by-another-site-0123456789abcdef";
        var browser = browser();
        browser.cookies.put("countersign", planted);
        come(browser, "s1", "pay-oncall");
        var first = browser.session().orElseThrow();
        assertThat(first).isNotEqualTo(planted);
        come(browser, "s1", "pay-oncall");
        var sessions = gate.parts().installation.sessions;
        assertThat(browser.session().orElseThrow()).isNotEqualTo(first);
        assertThat(sessions.find(first)).isEmpty();
        assertThat(sessions.find(planted)).isEmpty();
    }

    @Test
    void after_it_one_goes_where_one_was_and_nowhere_else() {
        for (var next :
                List.of("//evil.example", "/\\evil.example", "https://evil.example", "/login", "javascript:x")) {
            var browser = browser();
            var asked = URI.create(location(browser.get("/login/corp?next=" + encoded(next))));
            assertThat(location(browser.get(path(corp.signIn(asked, "s1", "pay-oncall")))))
                    .as(next)
                    .isEqualTo("/");
        }
        var browser = browser();
        assertThat(browser.get("/login?next=%2Frequests%2F1").body()).contains("/login/corp?next=%2Frequests%2F1");
        var asked = URI.create(location(browser.get("/login/corp?next=%2Frequests%2F1")));
        assertThat(location(browser.get(path(corp.signIn(asked, "s1", "pay-oncall")))))
                .isEqualTo("/requests/1");
    }

    @Test
    void another_node_finishes_what_one_began() {
        assumeTrue(TestStores.onPostgres(), "a SQLite store has one node");
        try (var other = gate.anotherNode()) {
            var browser = browser();
            var back = path(corp.signIn(go(browser, "corp"), "s1", "pay-oncall"));
            var there = new TestBrowser(other.server().port());
            there.cookies.putAll(browser.cookies);
            assertThat(there.get(back).statusCode()).isEqualTo(303);
            assertThat(browser.get(back).statusCode()).isEqualTo(400);
        }
    }

    // groups

    @Test
    void groups_are_a_list_or_one_text_and_whoever_has_none_of_ours_is_nobody() {
        signedIn("s1", "pay-oncall");
        signedIn("s2", List.of("else", "pay-oncall"));
        for (var groups : List.<Object>of("", List.of(), List.of("else"), "PAY-ONCALL", Map.of("pay-oncall", true))) {
            var browser = browser();
            var response = come(browser, "s3", groups);
            assertThat(response.statusCode()).as(groups.toString()).isEqualTo(403);
            assertThat(response.body()).contains("In no group here", "Ask an administrator");
            assertThat(browser.session()).isEmpty();
        }
        assertThat(gate.parts().installation.people.present())
                .noneMatch(it -> it.name().equals("Person s3"));
    }

    @Test
    void whoever_is_in_no_group_any_more_is_out_everywhere_once_the_provider_says_so() {
        var first = signedIn("s1", "pay-oncall");
        assertThat(first.get("/").statusCode()).isEqualTo(200);
        later(Duration.ofMinutes(1));
        come(browser(), "s1", "else");
        assertThat(first.get("/").statusCode()).as("to the sign-in page").isEqualTo(303);
        later(Duration.ofMinutes(1));
        signedIn("s1", "pay-oncall");
        assertThat(first.get("/").statusCode()).isEqualTo(303);
    }

    private void reviewedBy(String group, int votes) {
        gate.configure("policies.yaml", POLICIES.formatted(group, votes));
    }

    @Test
    void a_vote_counts_for_whoever_was_a_member_before_and_whose_provider_said_so_lately() {
        configure(", good_for: 30m", "");
        reviewedBy("on-call", 1);
        signedIn("s2", "pay-oncall");
        later(Duration.ofMinutes(1));
        var early = ask();
        later(Duration.ofMinutes(1));
        var newcomer = signedIn("s1", "pay-oncall");
        assertThat(vote(newcomer, early).statusCode())
                .as("no member when it was asked")
                .isEqualTo(403);

        later(Duration.ofMinutes(29));
        var lapsed = gate.defer("other-bot", "scope", "refunds:write").reference();
        later(Duration.ofMinutes(2));
        assertThat(newcomer.get("/").statusCode()).as("no right is left").isEqualTo(403);
        var again = signedIn("s1", "pay-oncall");
        assertThat(vote(again, lapsed).statusCode()).as("it was said again").isEqualTo(200);
    }

    @Test
    void what_lapsed_gives_no_vote_though_the_session_goes_on() {
        configure(", good_for: 30m", "  people: [ { user: ana, is: [ { login: corp, subject: s1 } ] } ]");
        reviewedBy("on-call", 1);
        var browser = signedIn("s1", "pay-oncall");
        later(Duration.ofMinutes(1));
        var id = ask();
        later(Duration.ofMinutes(31));
        assertThat(vote(browser, id).statusCode()).isEqualTo(403);
        later(Duration.ofMinutes(1));
        assertThat(vote(signedIn("s1", "pay-oncall"), id).statusCode()).isEqualTo(200);
    }

    @Test
    void whoever_owns_the_client_is_held_back_also_when_that_has_lapsed() {
        configure(", good_for: 30m", "  people: [ { user: ana, is: [ { login: corp, subject: s1 } ] } ]");
        gate.change("owner: payments-dev\n    auth", "owner: owners\n    auth");
        signedIn("s1", "pay-dev");
        later(Duration.ofMinutes(31));
        var id = ask();
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        var vote = gate.tell(ana, "/requests/" + id + "/votes", "{\"vote\":\"approve\"}");
        assertThat(vote.status()).isEqualTo(403);
        assertThat(vote.text("detail")).contains("nobody approves their own request");
    }

    // who is whom

    @Test
    void an_alias_counts_once() {
        configure(
                "",
                "  people: [ { user: ana, is: [ { login: corp, subject: s1 }, { login: partner, subject: p1 } ] } ]");
        reviewedBy("payments-oncall", 2);
        var id = ask();
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        assertThat(gate.tell(ana, "/requests/" + id + "/votes", "{\"vote\":\"approve\"}")
                        .status())
                .isEqualTo(200);
        var browser = signedIn("s1", "");
        assertThat(browser.get("/").body()).contains("Ana Lima");
        assertThat(vote(browser, id).statusCode()).isEqualTo(409);
        var other = browser();
        other.get(path(partner.signIn(go(other, "partner"), "p1", "")));
        assertThat(vote(other, id).statusCode()).isEqualTo(409);
        assertThat(gate.approval(id).state()).isEqualTo("pending");
    }

    @Test
    void two_who_turn_out_to_be_one_count_once() {
        gate.change(
                "payments-oncall: { members: [ana, bo, dev] }",
                "payments-oncall: { members: [ana, bo, dev], from: { login: corp, group: pay-oncall } }");
        reviewedBy("payments-oncall", 2);
        var stranger = signedIn("s1", "pay-oncall");
        later(Duration.ofMinutes(1));
        var id = ask();
        assertThat(vote(stranger, id).statusCode()).isEqualTo(200);
        later(Duration.ofSeconds(1));
        configure("", "  people: [ { user: ana, is: [ { login: corp, subject: s1 } ] } ]");
        assertThat(stranger.get("/").statusCode()).as("signed out").isEqualTo(303);
        later(Duration.ofMinutes(1));
        var browser = signedIn("s1", "pay-oncall");
        assertThat(vote(browser, id).statusCode()).isEqualTo(200);
        assertThat(gate.approval(id).state()).as("one person, one place").isEqualTo("pending");
        gate.says("bo", Word.APPROVE, id);
        assertThat(gate.approval(id).state()).isEqualTo("approved");
    }

    @Test
    void whoever_is_no_longer_named_is_signed_out_and_somebody_of_their_own() {
        configure("", "  people: [ { user: ana, is: [ { login: corp, subject: s1 } ] } ]");
        var browser = signedIn("s1", "pay-oncall");
        var ana = session(browser).person();
        configure("", "  people: [ { user: ana } ]");
        assertThat(browser.get("/").statusCode()).isEqualTo(303);
        later(Duration.ofMinutes(1));
        assertThat(session(signedIn("s1", "pay-oncall")).person()).isNotEqualTo(ana);
        assertThat(gate.parts().installation.memberships.groupsOf(ana, gate.clock.instant()))
                .doesNotContain("on-call");
    }

    @Test
    void a_group_that_takes_nobody_from_there_any_more_has_lost_them() {
        var browser = signedIn("s1", List.of("pay-oncall", "pay-dev"));
        var person = session(browser).person();
        var memberships = gate.parts().installation.memberships;
        assertThat(memberships.groupsOf(person, gate.clock.instant())).containsExactly("on-call", "owners");
        configure("", "", "{ login: corp, group: another }");
        assertThat(memberships.groupsOf(person, gate.clock.instant())).containsExactly("owners");
        assertThat(gate.entries("configuration.published").getLast().toString())
                .contains("left={on-call=[" + person.value());
    }

    @Test
    void a_provider_that_is_gone_takes_its_people_along() {
        var browser = signedIn("s1", "pay-oncall");
        gate.configure("oidc.yaml", "groups:\n  on-call: { members: [bo] }\n");
        assertThat(browser.get("/").statusCode()).isEqualTo(303);
        assertThat(browser.get("/login/corp").statusCode()).isEqualTo(404);
        assertThat(gate.parts().installation.people.present())
                .noneMatch(it -> it.name().equals("Person s1"));
    }

    @Test
    void an_auditor_of_a_provider_reads_the_ledger_and_no_longer_than_it_says() {
        configure(", good_for: 30m", "");
        var browser = signedIn("s1", "audit");
        assertThat(browser.get("/api/v1/ledger").statusCode()).isEqualTo(200);
        later(Duration.ofMinutes(31));
        assertThat(browser.get("/api/v1/ledger").statusCode()).isEqualTo(403);
    }
}
