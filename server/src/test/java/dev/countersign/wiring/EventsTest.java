package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What reviewers' pages and bots are told as it happens: all of it, in order, once.
class EventsTest extends OverTheWire {
    private record Event(long index, String name, String data) {}

    /// One who listens.
    private final class Reader implements AutoCloseable {
        private final HttpClient http = HttpClient.newHttpClient();
        private final BufferedReader in;

        Reader(String lastEventId) throws Exception {
            this(lastEventId, "Authorization", "Bearer " + gate.bearer("ana", "requests:read"));
        }

        Reader(String lastEventId, String credential, String value) throws Exception {
            var request = gate.request("/api/v1/events").header(credential, value);
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            this.in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        List<Event> next(int count) throws IOException {
            var events = new ArrayList<Event>();
            long index = 0;
            var name = "";
            while (events.size() < count) {
                var line = in.readLine();
                if (line.startsWith("id: ")) {
                    index = Long.parseLong(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(index, name, line.substring(6)));
                }
            }
            return events;
        }

        /// Reads to the end of the stream, which must come.
        void end() {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                while (in.readLine() != null) {
                    // there is more
                }
            });
        }

        @Override
        public void close() throws IOException {
            in.close();
            http.shutdownNow();
        }
    }

    @Test
    void twenty_retries_are_one_request_and_one_event() throws Exception {
        try (var reader = new Reader("")) {
            var id = "";
            for (int i = 0; i < 20; i++) {
                id = gate.ask("refund-bot", "scope", WRITE, "reason", "try " + i)
                        .reference();
            }
            gate.says("ana", Word.APPROVE, id);
            gate.ask("refund-bot", "scope", WRITE);

            var events = reader.next(4);
            assertThat(events.stream().map(Event::name))
                    .containsExactly("request.pending", "request.voted", "request.decided", "request.redeemed");
            assertThat(events).allMatch(it -> it.index() > 0);
            assertThat(events.getFirst().data()).contains(id).doesNotContain("try");
        }
    }

    @Test
    void who_comes_back_misses_nothing_and_sees_nothing_twice() throws Exception {
        var first = gate.ask("refund-bot", "scope", WRITE).reference();
        long seen = gate.entries("request.judged").getFirst().index();
        gate.says("ana", Word.DENY, first);

        try (var reader = new Reader(Long.toString(seen))) {
            assertThat(reader.next(2).stream().map(Event::name)).containsExactly("request.voted", "request.decided");
            gate.ask("other-bot", "scope", WRITE);
            assertThat(reader.next(1).getFirst().name()).isEqualTo("request.pending");
        }
        gate.restart(); // nothing is in memory any more
        try (var reader = new Reader(Long.toString(seen))) {
            assertThat(reader.next(3).stream().map(Event::name))
                    .containsExactly("request.voted", "request.decided", "request.pending");
        }
    }

    @Test
    void a_stream_ends_with_its_token() throws Exception {
        var text = gate.bearer("ana", "requests:read");
        var tokens = gate.parts().installation.apiTokens;
        try (var reader = new Reader("", "Authorization", "Bearer " + text)) {
            var id = tokens.find(text).orElseThrow().id();
            gate.parts().installation.store.write(tx -> tokens.revoke(tx, id, new Entry.Actor("operator", "test")));
            reader.end();
        }
        try (var reader = new Reader("")) {
            gate.clock.advance(Duration.ofHours(8));
            reader.end();
        }
    }

    @Test
    void a_stream_ends_when_its_reader_signs_out() throws Exception {
        var cookie = gate.signIn().cookie();
        try (var reader = new Reader("", "Cookie", "countersign=" + cookie);
                var other = new Reader("")) {
            var sessions = gate.parts().installation.sessions;
            gate.parts().installation.store.write(tx -> {
                sessions.end(tx, cookie);
                return true;
            });
            reader.end();
            gate.ask("refund-bot", "scope", WRITE); // nobody else is cut off
            assertThat(other.next(1).getFirst().name()).isEqualTo("request.pending");
        }
    }

    @Test
    void a_stream_ends_when_its_reader_leaves() throws Exception {
        var cookie = gate.signIn().cookie();
        try (var reader = new Reader("", "Cookie", "countersign=" + cookie)) {
            gate.write("more.yaml", "login: { local: [] }");
            gate.change("members: [ana, bo, dev, eve]", "members: [ana, bo]");
            reader.end();
        }
    }

    @Test
    void one_person_takes_so_many_streams_and_no_more() throws Exception {
        var readers = new ArrayList<Reader>();
        try {
            for (int i = 0; i < 100; i++) {
                readers.add(new Reader("0"));
                readers.getLast().next(1); // it is counted
            }
            assertThatThrownBy(() -> new Reader("0")).hasMessageContaining("application/problem+json");
            try (var other = new Reader("0", "Authorization", "Bearer " + gate.bearer("bo", "requests:read"))) {
                assertThat(other.next(1)).hasSize(1);
            }
        } finally {
            for (var reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void many_readers_are_told_the_same() throws Exception {
        var readers = new ArrayList<Reader>();
        try {
            for (int i = 0; i < 20; i++) {
                readers.add(new Reader("0"));
            }
            for (int i = 1; i <= 10; i++) {
                gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "" + i);
            }
            var all = new ArrayList<List<Event>>();
            for (var reader : readers) {
                all.add(reader.next(11).stream()
                        .filter(it -> it.name().equals("request.pending"))
                        .toList());
            }
            assertThat(all).allSatisfy(it -> assertThat(it).isEqualTo(all.getFirst()));
            assertThat(all.getFirst()).hasSize(10);
        } finally {
            for (var reader : readers) {
                reader.close();
            }
        }
    }
}
