package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reviewers' JSON API: who may call it, the queue, and votes.
class ReviewApiTest extends OverTheWire {
    private static final String APPROVE = "{\"vote\":\"approve\"}";

    private String ana;

    @BeforeEach
    void reviewer() {
        ana = gate.bearer("ana", "requests:read", "requests:review");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/requests",
                "/requests/x",
                "/events",
                "/ledger",
                "/ledger/checkpoint",
                "/ledger/vkey",
                "/ledger/entries/0",
                "/ledger/receipts/0",
                "/ledger/tile/0/000.p/1",
                "/freezes",
                "/clients",
                "/resources",
                "/groups",
                "/configuration",
                "/keys"
            })
    void nothing_is_told_to_who_has_no_token_or_not_the_scope(String path) {
        var nobody = gate.send(gate.request("/api/v1" + path).build());
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(nobody.raw().headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(nobody.raw().headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(gate.get("cs_" + "A".repeat(43), path).status()).isEqualTo(401);

        var only = gate.bearer("cy", "requests:review");
        assertThat(gate.get(only, path).status()).isEqualTo(403);
    }

    @Test
    void reading_does_not_allow_voting() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        var reader = gate.bearer("ana", "requests:read");
        assertThat(gate.tell(reader, "/requests/" + id + "/votes", APPROVE).status())
                .isEqualTo(403);
        assertThat(gate.tell(reader, "/requests/" + id + "/cancel", "{}").status())
                .isEqualTo(403);
        assertThat(gate.codes()).doesNotContain("request.voted");
    }

    @Test
    void a_token_ends_with_its_time_and_with_its_person() {
        assertThat(gate.get(ana, "/requests").status()).isEqualTo(200);
        gate.clock.advance(java.time.Duration.ofHours(8));
        assertThat(gate.get(ana, "/requests").status()).isEqualTo(401);
    }

    @Test
    void the_queue_filters_and_pages() {
        var ids = new ArrayList<String>();
        for (int i = 1; i <= 5; i++) {
            ids.add(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "" + i, "reason", "order " + i)
                    .reference());
        }
        var other = gate.ask("other-bot", "scope", WRITE, "ticket", "INC-7%").reference();
        vote(ids.getFirst(), "{\"vote\":\"deny\",\"comment\":\"no\"}", 200);

        assertThat(ids("?state=pending")).hasSize(5).doesNotContain(ids.getFirst());
        assertThat(ids("?state=denied")).containsExactly(ids.getFirst());
        assertThat(ids("?state=pending,denied")).hasSize(6);
        assertThat(ids("?client=other-bot")).containsExactly(other);
        assertThat(ids("?risk=high")).hasSize(6);
        assertThat(ids("?risk=critical")).isEmpty();
        assertThat(ids("?q=ORDER%203")).containsExactly(ids.get(2));
        assertThat(ids("?q=inc-7%25")).containsExactly(other);
        assertThat(ids("?mine=true")).hasSize(5);

        var paged = new ArrayList<String>();
        var next = "";
        do {
            var page = gate.get(ana, "/requests?limit=2" + (next.isEmpty() ? "" : "&after=" + next));
            page.body()
                    .path("items")
                    .valueStream()
                    .forEach(it -> paged.add(it.path("id").stringValue("")));
            next = page.body().path("next").stringValue("");
        } while (!next.isEmpty());
        assertThat(paged).hasSize(6).doesNotHaveDuplicates().contains(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=asleep", "risk=huge", "limit=x", "limit=1&limit=2", "mine=yes", "sort=up"})
    void a_filter_that_makes_no_sense_is_a_problem(String query) {
        var answer = gate.get(ana, "/requests?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).isNotEmpty();
    }

    private List<String> ids(String query) {
        var answer = gate.get(ana, "/requests" + query);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body()
                .path("items")
                .valueStream()
                .map(it -> it.path("id").stringValue(""))
                .toList();
    }

    @Test
    void a_vote_counts_once_and_is_told_what_it_did() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        var seen = vote(held.reference(), "{\"vote\":\"approve\",\"comment\":\"as agreed\",\"lifetime\":30}", 200);
        assertThat(seen.text("state")).isEqualTo("approved");
        assertThat(seen.body().path("granted").path("lifetime").asInt(0)).isEqualTo(30);
        assertThat(seen.body().path("votes").path(0).path("person").stringValue(""))
                .isEqualTo("ana");

        vote(held.reference(), APPROVE, 409);
        assertThat(gate.poll("refund-bot", held.text("deferral_code"))
                        .body()
                        .path("expires_in")
                        .asInt(0))
                .isEqualTo(30);
        assertThat(gate.entries("request.voted")).hasSize(1);
    }

    @Test
    void who_may_not_vote_is_told_why_and_the_ledger_keeps_it() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        var owner = gate.bearer("dev", "requests:review");
        var refused = gate.tell(owner, "/requests/" + id + "/votes", APPROVE);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("payments-dev");
        assertThat(gate.codes()).endsWith("request.vote_refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"vote\":\"approve\",\"scopes\":[\"refunds:read\",\"refunds:write\"]}",
                "{\"vote\":\"approve\",\"scopes\":[]}",
                "{\"vote\":\"approve\",\"lifetime\":61}",
                "{\"vote\":\"approve\",\"lifetime\":0}",
                "{\"vote\":\"approve\",\"lifetime\":9223372036854775807}",
                "{\"vote\":\"approve\",\"uses\":2}",
                "{\"vote\":\"approve\",\"authorization_details\":[{\"type\":\"refund\",\"amount\":1,\"currency\":\"EUR\"}]}"
            })
    void a_vote_never_widens(String ballot) {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        vote(id, ballot, 422);
        assertThat(gate.get(ana, "/requests/" + id).text("state")).isEqualTo("pending");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"vote\":\"maybe\"}",
                "{\"vote\":true}",
                "{\"vote\":\"approve\",\"vote\":\"deny\"}",
                "{\"vote\":\"approve\",\"force\":true}",
                "{\"vote\":\"approve\",\"lifetime\":1.5}",
                "{\"vote\":\"approve\",\"lifetime\":\"30\"}",
                "{\"vote\":\"approve\",\"scopes\":\"refunds:write\"}",
                "{\"vote\":\"approve\",\"scopes\":[\"a b\"]}",
                "{\"vote\":\"approve\",\"comment\":7}",
                "{\"vote\":\"deny\",\"lifetime\":30}",
                "{\"vote\":\"approve\",\"comment\":\"\\u202E\"}"
            })
    void a_ballot_that_makes_no_sense_is_a_problem_and_no_vote(String ballot) {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        var answer = vote(id, ballot, 400);
        assertThat(answer.raw().headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(gate.codes()).containsExactly("request.made", "request.judged");
    }

    @Test
    void a_ballot_is_small_json_about_a_request_there_is() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        vote("nothing", APPROVE, 404);
        vote(id, "{\"vote\":\"approve\",\"comment\":\"" + "x".repeat(100_000) + "\"}", 413);
        var form = gate.send(gate.request("/api/v1/requests/" + id + "/votes")
                .header("Authorization", "Bearer " + ana)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(APPROVE))
                .build());
        assertThat(form.status()).isEqualTo(415);
        assertThat(gate.get(ana, "/requests/" + id + "/votes").status()).isEqualTo(405);
    }

    @Test
    void reviewers_revoke_and_administrators_cancel() {
        var admin = gate.bearer("cy", "requests:review", "admin");
        var first = gate.ask("refund-bot", "scope", WRITE).reference();
        assertThat(gate.tell(ana, "/requests/" + first + "/revoke", "{}").status())
                .isEqualTo(409);
        vote(first, APPROVE, 200);
        var outsider = gate.bearer("dev", "requests:review");
        assertThat(gate.tell(outsider, "/requests/" + first + "/revoke", "{}").status())
                .isEqualTo(403);
        assertThat(gate.tell(ana, "/requests/" + first + "/revoke", "{\"reason\":\"oops\"}")
                        .text("state"))
                .isEqualTo("revoked");

        var second = gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "9")
                .reference();
        assertThat(gate.tell(admin, "/requests/" + second + "/cancel", "{}").text("state"))
                .isEqualTo("cancelled");
        assertThat(gate.tell(admin, "/requests/" + second + "/cancel", "{}").status())
                .isEqualTo(409);
    }

    @Test
    void a_token_ends_to_be_an_administrators_when_its_person_does() {
        var cy = gate.bearer("cy", "requests:read", "ledger:read", "admin");
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        assertThat(gate.get(cy, "/keys").status()).isEqualTo(200);

        gate.change("administrators: { members: [cy] }", "auditors: { members: [cy] }");
        for (var path : List.of("/freezes", "/freezes/lift", "/requests/" + id + "/cancel")) {
            var refused = gate.tell(cy, path, "{\"kind\":\"all\",\"reason\":\"x\"}");
            assertThat(refused.status()).as(path).isEqualTo(403);
        }
        assertThat(gate.get(cy, "/keys").status()).isEqualTo(403);
        assertThat(gate.get(cy, "/ledger").status()).isEqualTo(200);

        gate.change("auditors: { members: [cy] }", "auditors: { members: [ana] }");
        assertThat(gate.get(cy, "/ledger").status()).isEqualTo(403);
        assertThat(gate.get(cy, "/requests/" + id).text("state")).isEqualTo("pending");
    }

    @Test
    void a_session_needs_its_csrf_token_for_everything_but_reading() throws Exception {
        var done = gate.signIn();
        var id = gate.ask("refund-bot", "scope", WRITE).reference();

        assertThat(gate.send(gate.request("/api/v1/requests/" + id)
                                .header("Cookie", "countersign=" + done.cookie())
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(bySession(id, done.cookie(), "").status()).isEqualTo(403);
        assertThat(bySession(id, done.cookie(), "wrong").status()).isEqualTo(403);
        assertThat(bySession(id, "wrong", done.session().csrf()).status()).isEqualTo(401);
        assertThat(bySession(id, done.cookie(), done.session().csrf()).text("state"))
                .isEqualTo("approved");
    }

    private TestGate.Answer bySession(String id, String cookie, String csrf) {
        var request = gate.request("/api/v1/requests/" + id + "/votes")
                .header("Cookie", "countersign=" + cookie)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(APPROVE));
        if (!csrf.isEmpty()) {
            request.header("X-CSRF-Token", csrf);
        }
        return gate.send(request.build());
    }

    @Test
    void the_ledger_is_read_by_page_entry_request_and_tile() {
        var id = gate.ask("refund-bot", "scope", WRITE, "reason", "order 7").reference();
        gate.ask("refund-bot", "scope", READ);
        var auditor = gate.bearer("cy", "ledger:read");

        gate.parts().installation.ledger.settle();
        var first = gate.get(auditor, "/ledger?limit=2").body();
        assertThat(first.path("items").path(0).path("code").stringValue("")).isEqualTo("ledger.opened");
        var second = gate.get(
                        auditor, "/ledger?limit=2&after=" + first.path("next").stringValue(""))
                .body();
        assertThat(second.path("items").path(0).path("index").asInt(0)).isEqualTo(2);
        assertThat(gate.get(auditor, "/ledger?request=" + id)
                        .body()
                        .path("items")
                        .size())
                .isEqualTo(2);

        var meant = gate.get(auditor, "/ledger/references/" + id).body().path("items");
        assertThat(meant.size()).isEqualTo(2);
        assertThat(meant.path(0).path("disclosures").toString()).contains("order 7");
        assertThat(gate.get(auditor, "/ledger/references/nothing").status()).isEqualTo(404);
        assertThat(gate.get(ana, "/ledger/references/" + id).status()).isEqualTo(403);

        var made = gate.entries("request.made").getFirst();
        var entry = gate.get(auditor, "/ledger/entries/" + made.index());
        assertThat(entry.text("hash")).isEqualTo(made.hash().text());
        assertThat(entry.raw().body()).contains("order 7");
        for (var none : List.of("/ledger/entries/99999", "/ledger/entries/-1", "/ledger/entries/x", "/ledger/tile/x")) {
            assertThat(gate.get(auditor, none).status()).as(none).isEqualTo(404);
        }
        assertThat(gate.get(auditor, "/ledger/checkpoint").raw().body()).startsWith("localhost:8080");
        assertThat(gate.get(auditor, "/ledger?after=x").status()).isEqualTo(400);
    }

    @Test
    void the_catalog_tells_no_secret() {
        var admin = gate.bearer("cy", "requests:read", "admin");
        for (var path : List.of("/clients", "/resources", "/groups", "/configuration", "/keys")) {
            var answer = gate.get(admin, path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.raw().body())
                    .as(path)
                    .doesNotContain(TestGate.sha256("refund-bot"))
                    .doesNotContain("argon2")
                    .doesNotContain("\"d\"");
        }
    }

    private TestGate.Answer vote(String id, String ballot, int status) {
        var answer = gate.tell(ana, "/requests/" + id + "/votes", ballot);
        assertThat(answer.status()).as(ballot + " " + answer.raw().body()).isEqualTo(status);
        return answer;
    }
}
