package dev.countersign.source;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.countersign.TestClock;
import dev.countersign.TestPeer;
import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.outward.OutwardClient;
import dev.countersign.policy.Fact;
import dev.countersign.policy.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonPointer;

/// Sources on a real server, and a clock that is moved.
final class SourcesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final TestPeer peer = new TestPeer(TestPeer.json("{\"status\":{\"open\":true}}"));
    private final OutwardClient client = new OutwardClient();

    private Sources sources() {
        return new Sources(client, new Secrets(folder), clock);
    }

    @AfterEach
    void stop() {
        client.close();
        peer.close();
    }

    private FactSource tickets(Duration timeout, Duration cache) {
        return page(
                "tickets", timeout, cache, new Reading("open", Fact.Type.TRUTH, JsonPointer.compile("/status/open")));
    }

    private FactSource page(String name, Duration timeout, Duration cache, Reading... readings) {
        return new FactSource(
                name,
                new FactSource.Asked.Page(new Template(peer.url("/api/{ticket}")), List.of(readings)),
                timeout,
                cache,
                Optional.empty());
    }

    private static Inquiry about(String ticket) {
        return new Inquiry(
                "refund-bot",
                "refund-bot",
                "https://payments.example.com",
                List.of("refunds:write"),
                new AuthorizationDetails("[{\"amount\":12,\"type\":\"refund\"}]"),
                60,
                "high",
                ticket);
    }

    private static Heard silent(String why) {
        return Heard.silent("tickets", why);
    }

    @Test
    void values_are_read_where_they_stand_and_of_the_type_they_have() {
        peer.says(
                TestPeer.json("{\"a\":{\"b/c\":false},\"n\":-7,\"t\":\"in progress\",\"l\":[\"bo\",\"ana\",\"bo\"]}"));
        var rota = page(
                "rota",
                LONG,
                Duration.ZERO,
                new Reading("flag", Fact.Type.TRUTH, JsonPointer.compile("/a/b~1c")),
                new Reading("number", Fact.Type.NUMBER, JsonPointer.compile("/n")),
                new Reading("state", Fact.Type.TEXT, JsonPointer.compile("/t")),
                new Reading("people", Fact.Type.TEXTS, JsonPointer.compile("/l")));
        var heard = sources().ask(List.of(rota), about("T-1"));
        assertThat(heard.silent()).isEmpty();
        assertThat(heard.facts())
                .containsEntry("source.rota.flag", false)
                .containsEntry("source.rota.number", -7L)
                .containsEntry("source.rota.state", "in progress")
                .containsEntry("source.rota.people", List.of("ana", "bo"))
                .hasSize(4);
        assertThat(peer.heard().getFirst()).startsWith("GET /api/T-1 HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":{\"open\":\"true\"}}",
                "{\"status\":{\"open\":1}}",
                "{\"status\":{\"open\":null}}",
                "{\"status\":{}}",
                "{\"status\":[true]}",
                "[]",
                "true"
            })
    void a_value_of_another_type_is_unknown(String said) {
        peer.says(TestPeer.json(said));
        assertThat(sources().ask(List.of(tickets(LONG, SECOND)), about("T-1")))
                .isEqualTo(silent("gave no open (bool)"));
    }

    @Test
    void what_is_too_long_for_a_fact_or_no_whole_number_is_unknown_and_the_rest_is_not() {
        peer.says(TestPeer.json("{\"n\":1.5,\"big\":9223372036854775808,\"t\":\"" + "x".repeat(201) + "\",\"l\":["
                + "\"y\",".repeat(50) + "\"y\"],\"m\":[\"a\",1],\"ok\":3}"));
        var heard = sources()
                .ask(
                        List.of(page(
                                "tickets",
                                LONG,
                                Duration.ZERO,
                                new Reading("n", Fact.Type.NUMBER, JsonPointer.compile("/n")),
                                new Reading("big", Fact.Type.NUMBER, JsonPointer.compile("/big")),
                                new Reading("t", Fact.Type.TEXT, JsonPointer.compile("/t")),
                                new Reading("l", Fact.Type.TEXTS, JsonPointer.compile("/l")),
                                new Reading("m", Fact.Type.TEXTS, JsonPointer.compile("/m")),
                                new Reading("ok", Fact.Type.NUMBER, JsonPointer.compile("/ok")))),
                        about("T-1"));
        assertThat(heard.facts()).containsOnlyKeys("source.tickets.ok");
        assertThat(heard.silent().get("tickets")).contains("n (int)", "big (int)", "t (string)", "l (list", "m (list");
    }

    @Test
    void an_answer_that_is_none_is_silence_and_says_why() {
        var sources = sources();
        peer.says(TestPeer.json("{\"status\":"));
        assertThat(sources.ask(List.of(tickets(LONG, SECOND)), about("1")))
                .isEqualTo(silent("answered what is not JSON"));
        peer.says(TestPeer.json("{\"status\":{\"open\":true,\"open\":false}}"));
        assertThat(sources.ask(List.of(tickets(LONG, SECOND)), about("2")))
                .isEqualTo(silent("answered what is not JSON"));
        peer.says(TestPeer.status(500, "{\"status\":{\"open\":true}}"));
        assertThat(sources.ask(List.of(tickets(LONG, SECOND)), about("3")))
                .isEqualTo(silent("answered with status 500"));
        peer.says(
                TestPeer.raw("HTTP/1.1 302 Found\r\nLocation: " + peer.url("/open") + "\r\nContent-Length: 0\r\n\r\n"));
        assertThat(sources.ask(List.of(tickets(LONG, SECOND)), about("4")))
                .isEqualTo(silent("answered with status 302"));
        peer.says(TestPeer.json(" ".repeat(OutwardClient.MOST) + "{}"));
        assertThat(sources.ask(List.of(tickets(LONG, SECOND)), about("5")))
                .isEqualTo(silent("answered more than 64 KiB"));
        peer.says(peer.silence());
        assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about("6")))
                .isEqualTo(silent("did not answer within 0.2 s"));
        assertThat(peer.connections()).isEqualTo(6);
    }

    @Test
    void where_nothing_is_to_be_filled_in_nobody_is_asked() {
        assertThat(sources().ask(List.of(tickets(LONG, SECOND)), about("")).silent())
                .containsEntry("tickets", "was not asked, since the request has no ticket");
        assertThat(sources()
                        .ask(List.of(tickets(LONG, SECOND)), about("../admin"))
                        .silent()
                        .get("tickets"))
                .contains("elsewhere");
        assertThat(peer.connections()).isZero();
    }

    @Test
    void what_was_said_is_good_as_long_as_the_configuration_says() {
        var sources = sources();
        var source = tickets(LONG, Duration.ofSeconds(30));
        sources.ask(List.of(source), about("T-1"));
        peer.says(TestPeer.json("{\"status\":{\"open\":false}}"));
        clock.advance(Duration.ofSeconds(29));
        assertThat(sources.ask(List.of(source), about("T-1")).facts()).containsEntry("source.tickets.open", true);
        assertThat(sources.ask(List.of(source), about("T-2")).facts()).containsEntry("source.tickets.open", false);
        clock.advance(Duration.ofSeconds(1));
        assertThat(sources.ask(List.of(source), about("T-1")).facts()).containsEntry("source.tickets.open", false);
        assertThat(peer.connections()).isEqualTo(3);
    }

    @Test
    void without_a_cache_it_is_asked_each_time() {
        var sources = sources();
        sources.ask(List.of(tickets(LONG, Duration.ZERO)), about("T-1"));
        sources.ask(List.of(tickets(LONG, Duration.ZERO)), about("T-1"));
        assertThat(peer.connections()).isEqualTo(2);
    }

    @Test
    void a_clock_that_is_put_back_makes_nothing_live_longer() {
        var sources = sources();
        var source = tickets(LONG, Duration.ofSeconds(30));
        sources.ask(List.of(source), about("T-1"));
        clock.advance(Duration.ofHours(-1));
        sources.ask(List.of(source), about("T-1"));
        assertThat(peer.connections()).isEqualTo(2);
    }

    /// What a source was asked before it was changed is not what it says now.
    @Test
    void another_configuration_of_the_source_asks_anew() {
        var sources = sources();
        sources.ask(List.of(tickets(LONG, Duration.ofSeconds(30))), about("T-1"));
        var other = page(
                "tickets",
                LONG,
                Duration.ofSeconds(30),
                new Reading("open", Fact.Type.TRUTH, JsonPointer.compile("/other")));
        peer.says(TestPeer.json("{\"status\":{\"open\":true},\"other\":false}"));
        assertThat(sources.ask(List.of(other), about("T-1")).facts()).containsEntry("source.tickets.open", false);
    }

    @Test
    void a_failure_is_remembered_for_a_second_and_no_longer() {
        var sources = sources();
        var source = tickets(LONG, Duration.ZERO);
        peer.says(TestPeer.status(503, ""));
        sources.ask(List.of(source), about("T-1"));
        clock.advance(Duration.ofMillis(999));
        assertThat(sources.ask(List.of(source), about("T-1"))).isEqualTo(silent("answered with status 503"));
        assertThat(peer.connections()).isEqualTo(1);
        peer.says(TestPeer.json("{\"status\":{\"open\":true}}"));
        clock.advance(Duration.ofMillis(1));
        assertThat(sources.ask(List.of(source), about("T-1")).facts()).containsEntry("source.tickets.open", true);
    }

    /// After three that nobody answered, others are spared their time-outs; once a second one finds out.
    @Test
    void a_source_that_has_fallen_silent_is_left_alone() {
        var sources = sources();
        peer.says(peer.silence());
        for (var ticket : List.of("1", "2", "3")) {
            assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about(ticket))
                            .silent()
                            .get("tickets"))
                    .startsWith("did not answer");
        }
        assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about("4")))
                .isEqualTo(silent("was not asked, since it did not answer a moment ago"));
        assertThat(peer.connections()).isEqualTo(3);

        clock.advance(SECOND);
        assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about("5"))
                        .silent()
                        .get("tickets"))
                .startsWith("did not answer");
        assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about("6"))
                        .silent()
                        .get("tickets"))
                .startsWith("was not asked");
        assertThat(peer.connections()).isEqualTo(4);

        peer.says(TestPeer.json("{\"status\":{\"open\":true}}"));
        clock.advance(SECOND);
        assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about("7")).facts())
                .isNotEmpty();
        assertThat(sources.ask(List.of(tickets(SHORT, SECOND)), about("8")).facts())
                .isNotEmpty();
        assertThat(sources.count(Sources.Result.SPARED)).isEqualTo(2);
        assertThat(sources.count(Sources.Result.SILENT)).isEqualTo(4);
    }

    /// Whoever asks about tickets that are not there must not shut up the source for others.
    @Test
    void answers_of_whatever_kind_leave_a_source_open() {
        var sources = sources();
        peer.says(TestPeer.status(404, ""));
        for (int i = 0; i < 10; i++) {
            assertThat(sources.ask(List.of(tickets(LONG, SECOND)), about("no-" + i)))
                    .isEqualTo(silent("answered with status 404"));
        }
        assertThat(peer.connections()).isEqualTo(10);
    }

    @Test
    void where_nobody_listens_it_is_told_at_once() throws IOException {
        int dead;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = taken.getLocalPort();
        }
        var gone = new FactSource(
                "tickets",
                new FactSource.Asked.Decision(URI.create("http://127.0.0.1:" + dead + "/")),
                LONG,
                SECOND,
                Optional.empty());
        assertThat(sources().ask(List.of(gone), about("T-1"))).isEqualTo(silent("could not be reached"));
    }

    @Test
    void those_who_ask_the_same_at_the_same_time_share_one_answer() throws Exception {
        var sources = sources();
        var go = new CountDownLatch(1);
        peer.says((request, out) -> {
            var _ = go.await(60, TimeUnit.SECONDS);
            TestPeer.json("{\"status\":{\"open\":true}}").to(request, out);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<CompletableFuture<Heard>>();
            for (int i = 0; i < 50; i++) {
                all.add(CompletableFuture.supplyAsync(
                        () -> sources.ask(List.of(tickets(LONG, Duration.ZERO)), about("T-1")), threads));
            }
            while (sources.count(Sources.Result.SHARED) < 49) {
                LockSupport.parkNanos(100_000);
            }
            go.countDown();
            for (var one : all) {
                assertThat(one.get(60, TimeUnit.SECONDS).facts()).containsEntry("source.tickets.open", true);
            }
        }
        assertThat(peer.connections()).isEqualTo(1);
    }

    /// Each answers only when all were asked.
    @Test
    void several_sources_are_asked_side_by_side() {
        var all = new CountDownLatch(3);
        peer.says((request, out) -> {
            all.countDown();
            var _ = all.await(60, TimeUnit.SECONDS);
            TestPeer.json("{\"v\":1}").to(request, out);
        });
        var reading = new Reading("v", Fact.Type.NUMBER, JsonPointer.compile("/v"));
        var heard = sources()
                .ask(
                        List.of(
                                page("a", LONG, SECOND, reading),
                                page("b", LONG, SECOND, reading),
                                page("c", LONG, SECOND, reading)),
                        about("T-1"));
        assertThat(heard.facts()).containsOnlyKeys("source.a.v", "source.b.v", "source.c.v");
    }

    @Test
    void a_decision_point_is_asked_as_authzen_has_it() {
        peer.says(TestPeer.json("{\"decision\":true,\"context\":{\"id\":\"x\"}}"));
        var pdp = new FactSource(
                "pdp",
                new FactSource.Asked.Decision(URI.create(peer.url("/access/v1/evaluation"))),
                LONG,
                SECOND,
                Optional.empty());
        assertThat(sources().ask(List.of(pdp), about("T-1")).facts())
                .containsExactly(java.util.Map.entry("source.pdp.decision", true));
        var asked = peer.heard().getFirst();
        assertThat(asked)
                .startsWith("POST /access/v1/evaluation HTTP/1.1\r\n")
                .contains("Content-Type: application/json\r\n");
        assertThat(Json.read(asked.substring(asked.indexOf("\r\n\r\n") + 4))).isEqualTo(Json.read("""
                {"subject":{"type":"client","id":"refund-bot"},
                 "action":{"name":"request_token","properties":{"scopes":["refunds:write"],
                   "authorization_details":[{"amount":12,"type":"refund"}]}},
                 "resource":{"type":"api","id":"https://payments.example.com"},
                 "context":{"client":"refund-bot","risk":"high","lifetime":60,"ticket":"T-1"}}
                """));
        peer.says(TestPeer.json("{\"decision\":\"true\"}"));
        assertThat(sources().ask(List.of(pdp), about("T-2")).silent()).containsKey("pdp");
    }

    @Test
    void the_secret_is_sent_and_never_logged() throws IOException {
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        var root = (Logger) LoggerFactory.getLogger("dev.countersign");
        root.addAppender(logged);
        try {
            Files.createDirectory(folder.resolve("secrets"));
            Files.writeString(folder.resolve("secrets/tickets"), "Bearer s3cret\n");
            var source = new FactSource(
                    "tickets", tickets(LONG, SECOND).asked(), LONG, Duration.ZERO, Optional.of("secrets/tickets"));
            var sources = sources();
            sources.ask(List.of(source), about("1"));
            assertThat(peer.heard().getFirst()).contains("Authorization: Bearer s3cret\r\n");
            peer.says(TestPeer.raw("Authorization: Bearer s3cret\r\n\r\n"));
            sources.ask(List.of(source), about("2"));
            Files.writeString(folder.resolve("secrets/tickets"), "Bearer s3cret\nX: y");
            assertThat(sources.ask(List.of(source), about("3")).silent().get("tickets"))
                    .contains("secrets/tickets holds nothing to be sent");
            assertThat(peer.connections()).isEqualTo(2);
        } finally {
            root.detachAppender(logged);
        }
        assertThat(logged.list).isNotEmpty();
        assertThat(logged.list).noneMatch(it -> it.getFormattedMessage().contains("s3cret"));
    }
}
