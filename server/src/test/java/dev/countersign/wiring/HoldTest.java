package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that know nothing of waiting are held on their connection. A hold that ends by itself here ends after a
/// second, or a minute later than any test waits.
class HoldTest extends OverTheWire {
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void letGo() {
        gate.parts().stopWaiting();
        clients.close();
    }

    @Test
    void a_held_request_gets_its_token_with_the_vote() throws Exception {
        var held = hold("wait=600");
        gate.untilHeld(1);
        gate.says("ana", Word.APPROVE, pending());

        assertThat(held.get().status()).isEqualTo(200);
        assertThat(gate.parts().waiting()).isZero();
    }

    @Test
    void a_held_request_is_told_of_the_denial_with_its_reference() throws Exception {
        var held = hold("wait=600");
        gate.untilHeld(1);
        var id = pending();
        gate.says("ana", Word.DENY, id);

        assertThat(held.get().error()).isEqualTo("access_denied");
        assertThat(held.get().reference()).isEqualTo(id);
    }

    @Test
    void when_the_wait_is_over_the_request_stays_and_the_answer_names_it() throws Exception {
        var answer = hold("wait=1").get();

        assertThat(answer.error()).isEqualTo("access_denied");
        assertThat(answer.text("error_description"))
                .contains("approval is pending")
                .contains("will join it");
        assertThat(gate.approval(answer.reference())).isInstanceOf(Approval.Pending.class);
        assertThat(hold("wait=0").get().reference()).isEqualTo(answer.reference());
    }

    @Test
    void the_registration_says_how_long_and_the_client_may_ask_for_less() throws Exception {
        gate.change(
                "details: { %s: [refund] }\n    sync_wait: 0s".formatted(TestGate.PAYMENTS),
                "details: { %s: [refund] }\n    sync_wait: 5m".formatted(TestGate.PAYMENTS));
        var held = clients.submit(() -> gate.ask("refund-bot", "scope", WRITE));
        gate.untilHeld(1);
        assertThat(hold("respond-async, wait=0").get().error()).isEqualTo("access_denied");

        gate.says("ana", Word.APPROVE, pending());
        assertThat(held.get().status()).isEqualTo(200);
    }

    @Test
    void those_that_wait_together_get_the_one_token() throws Exception {
        List<Future<TestGate.Answer>> held = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            held.add(hold("wait=600"));
        }
        gate.untilHeld(8);
        gate.says("ana", Word.APPROVE, pending());

        var ids = new ArrayList<Object>();
        for (var each : held) {
            assertThat(each.get().status()).as(each.get().raw().body()).isEqualTo(200);
            ids.add(each.get().claims().get("jti"));
        }
        assertThat(ids.stream().collect(Collectors.toSet())).hasSize(1);
        assertThat(gate.entries("token.minted")).hasSize(1);
        assertThat(gate.entries("token.redelivered")).hasSize(7);
    }

    @Test
    void a_client_that_went_away_leaves_the_approval_for_its_retry() throws Exception {
        var socket = new Socket(InetAddress.getLoopbackAddress(), gate.server().port());
        send(socket);
        gate.untilHeld(1);
        var id = pending();
        socket.close();
        gate.says("ana", Word.APPROVE, id);
        gate.restart(); // what was being answered is answered

        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        assertThat(gate.entries("token.minted")).hasSize(1);
    }

    private static void send(Socket socket) throws IOException {
        var form = "grant_type=client_credentials&scope=refunds%3Awrite";
        var request = """
                POST /token HTTP/1.1
                Host: localhost
                Authorization: %s
                User-Agent: raw
                Prefer: wait=600
                Content-Type: application/x-www-form-urlencoded
                Content-Length: %d

                %s""".formatted(TestGate.basic("refund-bot"), form.length(), form);
        socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    }

    @Test
    void a_secret_that_is_taken_out_while_its_connection_is_held_is_worth_no_token_any_more() throws Exception {
        var held = hold("wait=600");
        gate.untilHeld(1);
        var id = pending();
        gate.change(TestGate.sha256("refund-bot"), "0".repeat(64));
        gate.says("ana", Word.APPROVE, id);

        assertThat(held.get().status()).isEqualTo(401);
        assertThat(held.get().error()).isEqualTo("invalid_client");
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
        assertThat(gate.entries("token.minted")).isEmpty();
    }

    @Test
    void a_second_secret_that_comes_while_a_connection_is_held_changes_nothing() throws Exception {
        var held = hold("wait=600");
        gate.untilHeld(1);
        gate.change(
                "{ hash: \"sha256:%s\" }".formatted(TestGate.sha256("refund-bot")),
                "{ hash: \"sha256:%s\" }, { hash: \"sha256:%s\" }"
                        .formatted("0".repeat(64), TestGate.sha256("refund-bot")));
        gate.says("ana", Word.APPROVE, pending());

        assertThat(held.get().status()).isEqualTo(200);
    }

    @Test
    void a_server_that_stops_answers_those_it_holds() throws Exception {
        var held = hold("wait=600");
        gate.untilHeld(1);
        var id = pending();
        gate.restart();

        assertThat(held.get().error()).isEqualTo("access_denied");
        assertThat(held.get().reference()).isEqualTo(id);
        gate.says("ana", Word.APPROVE, id);
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
    }

    @Test
    void a_held_request_is_answered_when_its_time_to_be_decided_is_over() throws Exception {
        var held = hold("wait=600");
        gate.untilHeld(1);
        gate.clock.advance(java.time.Duration.ofMinutes(15));

        assertThat(held.get().error()).isEqualTo("access_denied");
        TestGate.until(() -> gate.codes().getLast().equals("request.decided"));
    }

    @Test
    void one_client_has_so_many_connections_held_and_no_more() throws Exception {
        for (int request = 1; request <= 5; request++) {
            for (int i = 0; i < 100; i++) {
                var _ = hold("refund-bot", request);
            }
            // One hundred after the other: more at once, and a slow machine may refuse some.
            gate.untilHeld(request * 100);
        }
        var more = hold("refund-bot", 6).get(20, TimeUnit.SECONDS);
        assertThat(more.error()).isEqualTo("access_denied");
        assertThat(more.text("error_description")).contains("approval is pending");
        assertThat(gate.approval(more.reference())).isInstanceOf(Approval.Pending.class);

        var _ = hold("other-bot", 1);
        gate.untilHeld(501);
        gate.says("ana", Word.DENY, pending());
        gate.untilHeld(500);
        gate.says(
                "ana",
                Word.DENY,
                gate.entries("request.judged").getFirst().request().orElseThrow());
        gate.untilHeld(400);
        var _ = hold("refund-bot", 6);
        gate.untilHeld(401);
    }

    private Future<TestGate.Answer> hold(String client, int lifetime) {
        return clients.submit(() -> gate.post(
                "/token",
                client,
                Map.of("Prefer", "wait=600"),
                "grant_type",
                "client_credentials",
                "scope",
                WRITE,
                "requested_lifetime",
                "" + lifetime));
    }

    private Future<TestGate.Answer> hold(String prefer) {
        return clients.submit(() -> gate.post(
                "/token", "refund-bot", Map.of("Prefer", prefer), "grant_type", "client_credentials", "scope", WRITE));
    }

    /// The request that waits.
    private String pending() {
        return gate.entries("request.judged").getLast().request().orElseThrow();
    }
}
