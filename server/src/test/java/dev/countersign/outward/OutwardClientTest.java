package dev.countersign.outward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.TestPeer;
import dev.countersign.TestTls;
import dev.countersign.outward.Answer.Said;
import dev.countersign.outward.Answer.Silence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutwardClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestPeer peer = new TestPeer(TestPeer.json("{\"open\":true}"));
    private final List<AutoCloseable> open = new ArrayList<>(List.of(peer));
    private final OutwardClient client = client(Resolver.SYSTEM);

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        for (var it : open.reversed()) {
            it.close();
        }
    }

    private OutwardClient client(Resolver resolver) {
        return client(resolver, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    private OutwardClient client(Resolver resolver, Supplier<SSLSocketFactory> tls) {
        var made = new OutwardClient(resolver, tls);
        open.add(made);
        return made;
    }

    private Answer ask(OutwardClient by, String url, Duration timeout) {
        return by.send(new Call("GET", URI.create(url), Map.of(), "", timeout, Reach.OPERATOR))
                .join();
    }

    private Answer ask(Duration timeout) {
        return ask(client, peer.url("/api/T-1?full=1"), timeout);
    }

    private static Answer nothing(Silence silence) {
        return new Answer.Nothing(silence);
    }

    @Test
    void what_is_asked_stands_on_the_wire_and_nothing_else_does() {
        assertThat(ask(LONG)).isEqualTo(new Said(200, "{\"open\":true}"));
        assertThat(peer.heard())
                .containsExactly("GET /api/T-1?full=1 HTTP/1.1\r\nHost: 127.0.0.1:" + peer.port()
                        + "\r\nConnection: close\r\nUser-Agent: countersign\r\nAccept: application/json\r\n\r\n");
    }

    @Test
    void a_body_is_posted_with_its_length_in_bytes() {
        var call = new Call(
                "POST",
                URI.create(peer.url("")),
                Map.of("Authorization", "Bearer s3cret", "Content-Type", "application/json"),
                "{\"é\":1}",
                LONG,
                Reach.OPERATOR);
        assertThat(client.send(call).join()).isInstanceOf(Said.class);
        assertThat(peer.heard().getFirst())
                .startsWith("POST / HTTP/1.1\r\n")
                .contains("Authorization: Bearer s3cret\r\n")
                .endsWith("Content-Length: 8\r\n\r\n{\"é\":1}");
        assertThat(call.toString()).doesNotContain("s3cret");
    }

    @Test
    void an_answer_may_come_in_chunks_or_end_with_the_connection() {
        peer.says(
                TestPeer.raw(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nX: y\r\n\r\n"));
        assertThat(ask(LONG)).isEqualTo(new Said(200, "{\"a\":1}"));
        peer.says(TestPeer.raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n{\"b\":1}"));
        assertThat(ask(LONG)).isEqualTo(new Said(200, "{\"b\":1}"));
        peer.says(TestPeer.raw("HTTP/1.1 204 No Content\r\n\r\n"));
        assertThat(ask(LONG)).isEqualTo(new Said(204, ""));
    }

    @Test
    void whoever_says_nothing_is_given_up_when_time_is_up() {
        peer.says(peer.silence());
        assertThat(ask(SHORT)).isEqualTo(nothing(Silence.LATE));
    }

    /// Each byte comes in time, and all of them do not.
    @Test
    void whoever_is_slow_all_along_is_given_up_and_hung_up_on() throws InterruptedException {
        var gone = new CountDownLatch(1);
        peer.says((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            try {
                while (true) {
                    out.write(' ');
                    out.flush();
                    LockSupport.parkNanos(5_000_000);
                }
            } finally {
                gone.countDown();
            }
        });
        assertThat(ask(SHORT)).isEqualTo(nothing(Silence.LATE));
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_host_that_is_looked_for_too_long_is_given_up() {
        var found = new CountDownLatch(1);
        var slow = client(_ -> {
            try {
                var _ = found.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            return List.of(InetAddress.getLoopbackAddress());
        });
        assertThat(ask(slow, "https://slow.example/", SHORT)).isEqualTo(nothing(Silence.LATE));
        found.countDown();
    }

    @Test
    void sixty_four_kibibytes_are_read_and_not_one_byte_more() {
        var whole = "x".repeat(OutwardClient.MOST);
        peer.says(TestPeer.json(whole));
        assertThat(ask(LONG)).isEqualTo(new Said(200, whole));
        peer.says(TestPeer.json(whole + "x"));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.TOO_LARGE));
        peer.says(TestPeer.raw("HTTP/1.1 200 OK\r\n\r\n" + whole + "x"));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.TOO_LARGE));
        peer.says(TestPeer.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("8000\r\n" + "x".repeat(0x8000) + "\r\n").repeat(3) + "0\r\n\r\n"));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.TOO_LARGE));
        peer.says(TestPeer.raw("HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.TOO_LARGE));
    }

    @Test
    void nobody_follows_a_redirect() {
        peer.says(TestPeer.raw(
                "HTTP/1.1 302 Found\r\nLocation: " + peer.url("/elsewhere") + "\r\nContent-Length: 0\r\n\r\n"));
        assertThat(ask(LONG)).isEqualTo(new Said(302, ""));
        assertThat(peer.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}..0\r\n\r\n"
            })
    void what_could_be_read_in_two_ways_is_not_read(String answer) {
        peer.says(TestPeer.raw(answer));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.NOT_HTTP));
    }

    @Test
    void what_is_no_text_is_not_read() {
        peer.says((_, out) -> out.write(new byte[] {
            'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '2', '0', '0', '\r', '\n', '\r', '\n', '"', (byte) 0xff, '"'
        }));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.NOT_HTTP));
    }

    @Test
    void whoever_hangs_up_has_said_nothing() {
        peer.says(TestPeer.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\""));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.UNREACHABLE));
        peer.says(TestPeer.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.UNREACHABLE));
        peer.says(TestPeer.raw(""));
        assertThat(ask(LONG)).isEqualTo(nothing(Silence.UNREACHABLE));
    }

    @Test
    void where_nobody_listens_nobody_answers() throws IOException {
        int dead;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = taken.getLocalPort();
        }
        assertThat(ask(client, "http://127.0.0.1:" + dead + "/", LONG)).isEqualTo(nothing(Silence.UNREACHABLE));
        var nowhere = client(host -> {
            throw new java.net.UnknownHostException(host);
        });
        assertThat(ask(nowhere, "https://nowhere.example/", LONG)).isEqualTo(nothing(Silence.UNREACHABLE));
    }

    /// The name leads elsewhere when it is looked up again: it is looked up once, and that address is connected
    /// to.
    @Test
    void a_name_that_is_bound_anew_leads_where_it_was_looked_at() {
        var asked = new AtomicInteger();
        var rebinding = client(_ -> List.of(InetAddress.getByAddress(
                asked.getAndIncrement() == 0 ? new byte[] {127, 0, 0, 1} : new byte[] {(byte) 169, (byte) 254, 1, 1})));
        assertThat(ask(rebinding, "http://rebound.example:" + peer.port() + "/", LONG))
                .isInstanceOf(Said.class);
        assertThat(asked).hasValue(1);
        assertThat(peer.heard().getFirst()).contains("Host: rebound.example:" + peer.port());
        assertThat(ask(rebinding, "http://rebound.example:" + peer.port() + "/", LONG))
                .isEqualTo(nothing(Silence.FORBIDDEN));
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void of_several_addresses_those_that_may_be_reached_are_tried() throws IOException {
        var forbidden = InetAddress.getByAddress(new byte[] {(byte) 169, (byte) 254, (byte) 169, (byte) 254});
        var dead = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        var some = client(_ -> List.of(forbidden, dead, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        assertThat(ask(some, "http://some.example:" + peer.port() + "/", LONG)).isInstanceOf(Said.class);
    }

    /// Whatever its name is, what is not encrypted stays on this machine.
    @Test
    void plain_http_does_not_leave_the_machine() throws IOException {
        var elsewhere = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        assertThat(ask(client(_ -> List.of(elsewhere)), "http://localhost:" + peer.port() + "/", LONG))
                .isEqualTo(nothing(Silence.FORBIDDEN));
    }

    @Test
    void a_stricter_reach_keeps_what_strangers_name_off_this_machine() {
        var call = new Call("GET", URI.create(peer.url("/")), Map.of(), "", LONG, Reach.PUBLIC);
        assertThat(client.send(call).join()).isEqualTo(nothing(Silence.FORBIDDEN));
        assertThat(peer.connections()).isZero();
    }

    @Test
    void no_more_than_sixty_four_are_asked_at_once() {
        var most = new AtomicInteger();
        var now = new AtomicInteger();
        var go = new CountDownLatch(1);
        peer.says((request, out) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            var _ = go.await(60, TimeUnit.SECONDS);
            now.decrementAndGet();
            TestPeer.json("{}").to(request, out);
        });
        var answers = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < 80; i++) {
            answers.add(
                    client.send(new Call("GET", URI.create(peer.url("/" + i)), Map.of(), "", LONG, Reach.OPERATOR)));
        }
        while (now.get() < OutwardClient.AT_ONCE) {
            LockSupport.parkNanos(100_000);
        }
        assertThat(client.asking()).isEqualTo(OutwardClient.AT_ONCE);
        go.countDown();
        assertThat(answers).allSatisfy(it -> assertThat(it.join()).isInstanceOf(Said.class));
        assertThat(most).hasValue(OutwardClient.AT_ONCE);
    }

    @Test
    void when_there_is_too_much_to_ask_more_is_told_so_at_once() {
        peer.says(peer.silence());
        var answers = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < 1_200; i++) {
            answers.add(
                    client.send(new Call("GET", URI.create(peer.url("/" + i)), Map.of(), "", SHORT, Reach.OPERATOR)));
        }
        var all = answers.stream().map(CompletableFuture::join).toList();
        assertThat(all).contains(nothing(Silence.BUSY), nothing(Silence.LATE));
    }

    @Test
    void a_host_proves_the_name_it_was_asked_for() throws Exception {
        var tls = TestTls.of(folder, "right.example");
        var names = new ArrayList<String>();
        var secure = new TestPeer(tls.getServerSocketFactory(), (request, out) -> {
            names.add(request.substring(request.indexOf("Host: ")));
            TestPeer.json("{}").to(request, out);
        });
        open.add(secure);
        var by = client(_ -> List.of(InetAddress.getLoopbackAddress()), tls::getSocketFactory);
        assertThat(ask(by, "https://right.example:" + secure.port() + "/", LONG))
                .isEqualTo(new Said(200, "{}"));
        assertThat(names.getFirst()).startsWith("Host: right.example:");
        assertThat(ask(by, "https://wrong.example:" + secure.port() + "/", LONG))
                .isEqualTo(nothing(Silence.UNTRUSTED));
        assertThat(ask(
                        client(_ -> List.of(InetAddress.getLoopbackAddress())),
                        "https://right.example:" + secure.port() + "/",
                        LONG))
                .as("of an authority that nobody trusts")
                .isEqualTo(nothing(Silence.UNTRUSTED));
        assertThat(names).hasSize(1);
    }

    @Test
    void a_call_is_one_request_on_the_wire() {
        var url = URI.create("https://a.example/");
        assertThatThrownBy(() -> new Call("GET", url, Map.of("Authorization", "x\r\nY: z"), "", LONG, Reach.OPERATOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("Y: z");
        assertThatThrownBy(() -> new Call("GET", url, Map.of("A\r\nB", "x"), "", LONG, Reach.OPERATOR))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Call("PUT", url, Map.of(), "", LONG, Reach.OPERATOR))
                .isInstanceOf(IllegalArgumentException.class);
        for (var odd : List.of("ftp://a.example/", "file:///etc/passwd", "https://me@a.example/", "https:/a")) {
            assertThatThrownBy(() -> new Call("GET", URI.create(odd), Map.of(), "", LONG, Reach.OPERATOR))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
