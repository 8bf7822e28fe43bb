package dev.countersign.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.countersign.http.Handler;
import dev.countersign.http.HttpServer;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Routes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class EdgeTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Logger logger = (Logger) LoggerFactory.getLogger(Edge.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void a_refusal_is_json_that_no_cache_keeps_and_its_reason_stays_here() throws Exception {
        var answer = post(_ -> {
            throw Refusal.of(ErrorCode.INVALID_GRANT, "not good").because("bot\nforged line \u202e");
        });
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(Json.read(answer.body()))
                .isEqualTo(Json.read("{\"error\":\"invalid_grant\",\"error_description\":\"not good\"}"));
        assertThat(logged()).hasSize(1).first().asString().contains("invalid_grant: bot↵forged line ⟨U+202E⟩");
    }

    @Test
    void a_client_that_tried_the_authorization_header_learns_the_scheme() throws Exception {
        Handler refuse = _ -> {
            throw Refusal.of(ErrorCode.INVALID_CLIENT, "no");
        };
        assertThat(post(refuse, "Authorization", "Basic eDp5").headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"countersign\"");
        assertThat(post(refuse).headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(post(refuse).statusCode()).isEqualTo(401);
    }

    @Test
    void a_fault_that_stands_for_a_refusal_is_answered_as_one() throws Exception {
        var answer = post(_ -> {
            throw new Full();
        });
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(answer.body()).contains("\"temporarily_unavailable\"");
        assertThat(log.list)
                .singleElement()
                .satisfies(it -> assertThat(it.getThrowableProxy()).isNotNull());
    }

    @Test
    void what_http_refuses_keeps_its_status() throws Exception {
        var answer = post(request -> Reply.text(200, Params.of(request).one("x")), "Content-Type", "application/json");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("\"invalid_request\"");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void parameters_in_the_url_are_refused() throws Exception {
        var answer = postTo(
                "/token?x=1", request -> Reply.text(200, Params.of(request).one("x")), "Content-Type", FORM);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("parameters belong in the body, not in the URL");
    }

    @Test
    void anything_else_is_our_fault_and_says_nothing_of_it() throws Exception {
        for (var fault : List.of(new IllegalStateException("secret"), new StackOverflowError("secret"))) {
            log.list.clear();
            var answer = post(_ -> {
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            });
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            var id = log.list.getFirst().getArgumentArray()[0].toString();
            assertThat(Json.read(answer.body()).path("error_description").asString())
                    .isEqualTo("our fault, logged as request " + id);
            assertThat(answer.body()).doesNotContain("secret");
            assertThat(log.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("secret");
        }
    }

    @Test
    void a_reply_goes_through_as_it_is() throws Exception {
        assertThat(post(_ -> Reply.text(201, "fine")).body()).isEqualTo("fine");
    }

    private static final class Full extends RuntimeException {}

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static HttpResponse<String> post(Handler endpoint, String... headers) throws Exception {
        return postTo("/token", endpoint, headers);
    }

    private static HttpResponse<String> postTo(String target, Handler endpoint, String... headers) throws Exception {
        var edge = new Edge(fault -> fault instanceof Full
                ? Optional.of(
                        Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "later").because(fault))
                : Optional.empty());
        var settings = new HttpServer.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), "https://auth.example.com");
        var routes = new Routes().post("/token", request -> edge.answer(request, () -> endpoint.handle(request)));
        try (var server = HttpServer.start(settings, routes, (_, fault) -> Reply.text(fault.status, fault.said));
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + target))
                    .POST(BodyPublishers.ofString(""));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
