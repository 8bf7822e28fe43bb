package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Vote.Word;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
            var request = gate.request("/api/v1/events")
                    .header("Authorization", "Bearer " + gate.bearer("ana", "requests:read"));
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
