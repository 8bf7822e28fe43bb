package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestMailServer;
import dev.countersign.TestPeer;
import dev.countersign.TestStores;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Verification;
import dev.countersign.people.OnCallCalendar;
import dev.countersign.people.Shifts;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whoever a calendar says is on call decides, by a feed on loopback.
final class OnCallTest extends OverTheWire {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String GROUP = "payments-oncall: { members: [ana, bo, dev] }";
    private static final String ON_CALL = "payments-oncall: { on_call: { calendar: { file: secrets/oncall }, people:"
            + " { \"Ana Lima\": ana, \"bo@example.com\": bo, Dee: dev } } }";

    private TestPeer peer = new TestPeer(TestPeer.raw(""));
    private Instant start = Instant.MIN;

    @BeforeEach
    void configure() throws IOException {
        start = gate.clock.instant();
        Files.createDirectories(gate.folder.resolve("secrets"));
        gate.write("secrets/oncall", peer.url("/feed-s3cr3t.ics") + "\n");
    }

    @AfterEach
    void hangUp() {
        peer.close();
    }

    private String event(String title, int from, int to) {
        return "BEGIN:VEVENT\r\nUID:" + title.hashCode() + from + "\r\nDTSTART:" + at(from) + "\r\nDTEND:" + at(to)
                + "\r\nSUMMARY:" + title + "\r\nEND:VEVENT\r\n";
    }

    /// So many minutes after the test began.
    private String at(int minutes) {
        return TIME.format(start.plus(Duration.ofMinutes(minutes)));
    }

    private static TestPeer.Says feed(String... events) {
        var body = "BEGIN:VCALENDAR\r\n" + String.join("", events) + "END:VCALENDAR\r\n";
        return TestPeer.raw("HTTP/1.1 200 OK\r\nETag: \"" + body.hashCode() + "\"\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private void oncall(String... events) {
        peer.says(feed(events));
        gate.change(GROUP, ON_CALL);
        gate.clock.advance(Duration.ofSeconds(1));
        catchUp();
    }

    private void catchUp() {
        gate.server().catchUp();
    }

    /// Until a calendar is due again.
    private void later(Duration time) {
        gate.clock.advance(time);
        catchUp();
    }

    private String asks() {
        return gate.defer("refund-bot", "scope", WRITE).reference();
    }

    private String id(String user) {
        return gate.person(user).value();
    }

    private OnCallCalendar calendar() {
        return gate.parts().installation.memberships.calendars().getFirst();
    }

    private String trouble() {
        return calendar().trouble().map(OnCallCalendar.Trouble::fault).orElse("");
    }

    /// How many messages wait to be told.
    private long due() {
        return gate.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM message WHERE due_at IS NOT NULL")
                        .mapTo(Long.class)
                        .one());
    }

    private static void counted(Ballot.Result result) {
        assertThat(result).isInstanceOf(Ballot.Result.Counted.class);
    }

    private static String because(Ballot.Result result) {
        return result instanceof Ballot.Result.NotEligible(var because) ? because : result.toString();
    }

    @Test
    void a_look_at_broken_glass_while_on_call_counts_when_the_shift_is_over() {
        gate.write("glass.yaml", """
                policies:
                  - rule: outage
                    when: '"refunds:write" in scopes'
                    break_glass:
                      times: 2
                      per: 24h
                      review: { stages: [ { group: security, votes: 1 }, { group: payments-oncall, votes: 1 } ], within: 8h }
                """);
        oncall(event("Ana Lima", -60, 60), event("bo@example.com", 60, 120));
        assertThat(gate.ask("refund-bot", "scope", WRITE, "break_glass", "true", "reason", "payments are down")
                        .status())
                .isEqualTo(200);
        var id = gate.entries("break_glass.used").getLast().request().orElseThrow();

        assertThat(gate.looks("bo", "approve", id).status()).isEqualTo(403);
        assertThat(gate.looks("ana", "approve", id).text("state")).isEqualTo("due");
        assertThat(gate.entries("break_glass.reviewed").getLast().body())
                .containsEntry(Member.ON_CALL, List.of("payments-oncall"));
        later(Duration.ofMinutes(61));
        assertThat(gate.looks("cy", "approve", id).text("state")).isEqualTo("approved");
        assertThat(gate.entries("break_glass.reviewed").getLast().body())
                .containsEntry(
                        Member.COUNTED,
                        Map.of(id("ana"), List.of("payments-oncall", "security"), id("cy"), List.of("security")));
    }

    @Test
    void whoever_is_on_call_decides_and_it_says_why() {
        oncall(event("On Call - Ana Lima - Payments", -60, 480));
        var id = asks();
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        var seen = gate.get(ana, "/requests/" + id).body();
        assertThat(seen.path("may_vote").asBoolean(false)).isTrue();
        assertThat(seen.path("on_call").path(0).path("group").stringValue("")).isEqualTo("payments-oncall");
        assertThat(seen.path("on_call").path(0).path("until").stringValue(""))
                .isEqualTo(start.plus(Duration.ofHours(8)).toString());
        assertThat(because(gate.says("bo", Word.APPROVE, id)))
                .isEqualTo("you are not on call for payments-oncall: whoever is on call now decides");
        assertThat(because(gate.says("cy", Word.APPROVE, id))).contains("for members of payments-oncall");
        counted(gate.says("ana", Word.APPROVE, id));

        var entry = gate.entries("group.on_call").getFirst();
        assertThat(entry.body())
                .containsEntry(Member.GROUP, "payments-oncall")
                .containsEntry(Member.JOINED, List.of(id("ana")))
                .containsEntry(
                        Member.ON_CALL,
                        Map.of(id("ana"), start.plus(Duration.ofHours(8)).toEpochMilli()));
        assertThat(entry.text(Member.CALENDAR)).matches("[0-9a-f]{64}");
        assertThat(gate.entries("request.voted").getFirst().body())
                .containsEntry(Member.ON_CALL, List.of("payments-oncall"));
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        assertThat(gate.broken()).isEmpty();
    }

    @Test
    void a_request_that_waits_at_a_change_of_shift_is_for_whoever_comes() {
        oncall(event("Ana Lima", -60, 10), event("Payments: bo@example.com", 10, 60));
        var id = asks();
        later(Duration.ofMinutes(10));
        assertThat(because(gate.says("ana", Word.APPROVE, id)))
                .isEqualTo("your shift for payments-oncall ended at " + start.plus(Duration.ofMinutes(10))
                        + ": whoever is on call now decides");
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.entries("group.on_call").getLast().body())
                .containsEntry(Member.JOINED, List.of(id("bo")))
                .containsEntry(Member.LEFT, List.of(id("ana")));
        assertThat(gate.broken()).isEmpty();
    }

    @Test
    void a_shift_is_over_by_the_clock_also_when_nobody_has_noted_it() {
        oncall(event("Ana Lima", -60, 10));
        var id = asks();
        gate.clock.advance(Duration.ofMinutes(10));
        assertThat(because(gate.says("ana", Word.APPROVE, id))).startsWith("your shift for payments-oncall ended");
    }

    @Test
    void a_vote_that_was_cast_in_a_shift_stands_after_it() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        oncall(event("Ana Lima", -60, 10), event("bo@example.com", -60, 60));
        var held = gate.defer("refund-bot", "scope", WRITE);
        counted(gate.says("ana", Word.APPROVE, held.reference()));
        later(Duration.ofMinutes(11));
        counted(gate.says("bo", Word.APPROVE, held.reference()));
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(gate.broken()).isEmpty();
    }

    @Test
    void but_not_when_who_cast_it_may_be_on_call_no_more() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        oncall(event("Ana Lima", -60, 60), event("bo@example.com", -60, 60));
        var held = gate.defer("refund-bot", "scope", WRITE);
        counted(gate.says("ana", Word.APPROVE, held.reference()));
        gate.clock.advance(Duration.ofSeconds(1));
        gate.change("\"Ana Lima\": ana, ", "");
        later(Duration.ofSeconds(5));
        counted(gate.says("bo", Word.APPROVE, held.reference()));
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).text("error"))
                .isEqualTo("authorization_pending");
        assertThat(gate.entries("group.on_call").getLast().body()).containsEntry(Member.LEFT, List.of(id("ana")));
    }

    @Test
    void nobody_is_on_call_whom_the_configuration_does_not_name() {
        oncall(event("Cy Chen", -60, 60), event("cy", -60, 60), event("cy@example.com", -60, 60));
        assertThat(calendar().strangers()).containsExactly("Cy Chen", "cy", "cy@example.com");
        assertThat(gate.ask("refund-bot", "scope", WRITE).text("error")).isEqualTo("invalid_grant");
        assertThat(gate.entries("group.on_call")).isEmpty();
        assertThat(gate.entries("request.refused").getLast().text(Member.BECAUSE))
                .isEqualTo("no-reviewer");
    }

    @Test
    void nobody_decides_their_own_by_being_on_call() {
        oncall(event("Dee", -60, 60), event("Ana Lima", -60, 60));
        var id = asks();
        assertThat(because(gate.says("dev", Word.APPROVE, id))).contains("nobody approves their own request");
        counted(gate.says("ana", Word.APPROVE, id));
    }

    @Test
    void permanent_members_decide_whatever_the_calendar_says() {
        peer.says(TestPeer.status(500, ""));
        gate.change(GROUP, ON_CALL.replace("{ on_call", "{ members: [bo], on_call"));
        later(Duration.ofSeconds(1));
        var id = asks();
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.entries("request.voted").getFirst().body()).doesNotContainKey(Member.ON_CALL);
        assertThat(trouble()).isEqualTo("it answered with status 500");
    }

    @Test
    void what_a_calendar_said_holds_for_its_time_while_it_is_not_heard() {
        oncall(event("Ana Lima", -60, 3000));
        peer.says(TestPeer.status(503, ""));
        later(Duration.ofHours(11));
        assertThat(trouble()).isEqualTo("it answered with status 503");
        counted(gate.says("ana", Word.DENY, asks()));
        later(Duration.ofHours(1));
        assertThat(gate.ask("refund-bot", "scope", WRITE).text("error")).isEqualTo("invalid_grant");
        assertThat(gate.entries("group.on_call").getLast().text(Member.BECAUSE)).isEqualTo("the calendar is not heard");

        peer.says(feed(event("Ana Lima", -60, 3000)));
        later(Duration.ofMinutes(2));
        assertThat(trouble()).isEmpty();
        counted(gate.says("ana", Word.APPROVE, asks()));
        assertThat(gate.broken()).isEmpty();
    }

    @Test
    void what_is_not_heard_for_long_is_over_by_the_clock_also_when_nobody_has_noted_it() {
        oncall(event("Ana Lima", -60, 3000));
        peer.says(TestPeer.status(503, ""));
        gate.clock.advance(Duration.ofHours(12));
        assertThat(gate.ask("refund-bot", "scope", WRITE).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void one_that_is_heard_goes_on_to_hold_and_is_not_read_again_while_it_says_the_same() {
        oncall(event("Ana Lima", -60, 3000));
        var etag = "\"" + calendar().heard().orElseThrow().etag().replace("\"", "") + "\"";
        peer.says(TestPeer.raw("HTTP/1.1 304 Not Modified\r\n\r\n"));
        later(Duration.ofHours(11));
        later(Duration.ofHours(11));
        assertThat(trouble()).isEmpty();
        assertThat(peer.heard().get(1)).contains("If-None-Match: " + etag, "Accept: text/calendar");
        assertThat(peer.heard().getLast())
                .as("what it has of shifts goes only so far ahead")
                .doesNotContain("If-None-Match");
        counted(gate.says("ana", Word.APPROVE, asks()));
        assertThat(gate.entries("group.on_call")).hasSize(1);
    }

    @Test
    void a_calendar_that_takes_somebody_off_ends_their_shift() {
        oncall(event("Ana Lima", -60, 600));
        var id = asks();
        peer.says(feed(event("bo@example.com", -60, 600)));
        later(Duration.ofMinutes(3));
        assertThat(because(gate.says("ana", Word.APPROVE, id))).startsWith("your shift for payments-oncall ended at");
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.broken()).isEmpty();
    }

    @Test
    void a_feed_that_is_hostile_puts_nobody_on_call_and_says_what_is_wrong() {
        oncall();
        for (var it : Map.of(
                        TestPeer.raw("HTTP/1.1 302 Found\r\nLocation: " + peer.url("/x") + "\r\n\r\n"),
                        "it leads elsewhere (302), and no redirect is followed: write where it leads into secrets/oncall",
                        feed(event("Ana Lima", -60, 60) + "X-PAD:" + "x".repeat(1024 * 1024) + "\r\n"),
                        "it has more than 1024 KiB: have it name the shifts of some weeks",
                        feed(event("Ana Lima\r\nRRULE:FREQ=SECONDLY", -60, 60)),
                        "line 7: no shift begins every minute: an RRULE recurs HOURLY at most",
                        feed(event(
                                "Ana Lima\r\nRRULE:FREQ=YEARLY;BYHOUR=1,2;BYMINUTE=0,1,2,3;BYSECOND=0,1,2,3", -60, 60)),
                        "line 7: a shift begins at one minute of an hour: BYMINUTE and BYSECOND of an RRULE have one"
                                + " value",
                        feed(event("Ana Lima\r\nRRULE:FREQ=DAILY\r\nEXDATE;VALUE=DATE:20260601", -60, 60)),
                        "line 8: `EXDATE` is a day where DTSTART is a time, or the other way round",
                        TestPeer.raw("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nBEGIN:VCALENDAR"),
                        "it does not end with END:VCALENDAR: it was cut off, or is no iCalendar feed")
                .entrySet()) {
            peer.says(it.getKey());
            later(Duration.ofMinutes(3));
            assertThat(trouble()).isEqualTo(it.getValue());
        }
        assertThat(peer.heard()).noneMatch(it -> it.startsWith("GET /x"));
        assertThat(gate.entries("group.on_call")).isEmpty();
    }

    @Test
    void an_address_that_is_not_there_is_said_and_it_is_shown_nowhere() {
        gate.write("secrets/oncall", "ftp://x");
        oncall(event("Ana Lima", -60, 60));
        assertThat(trouble()).isEqualTo("the file secrets/oncall on this node holds no https address");
        gate.write("secrets/oncall", "http://192.0.2.1/feed-s3cr3t.ics");
        later(Duration.ofMinutes(3));
        assertThat(trouble())
                .isEqualTo("it leads to an address that is not asked: plain http is for this machine alone");
        gate.write("secrets/oncall", peer.url("/feed-s3cr3t.ics"));
        later(Duration.ofMinutes(3));
        assertThat(trouble()).isEmpty();
        var groups =
                gate.get(gate.bearer("ana", "requests:read"), "/groups").raw().body();
        assertThat(groups).contains("on_call").doesNotContain("s3cr3t");
    }

    @Test
    void groups_say_who_is_on_call_now_and_next() {
        oncall(event("Ana Lima", -60, 60), event("bo@example.com", 60, 120), event("Zoe", 60, 120));
        var groups =
                gate.get(gate.bearer("ana", "requests:read"), "/groups").body().path("items");
        var group = groups.valueStream()
                .filter(it -> it.path("name").stringValue("").equals("payments-oncall"))
                .findFirst()
                .orElseThrow();
        assertThat(group.path("members").toString()).isEqualTo("[\"ana\"]");
        var said = group.path("on_call");
        assertThat(said.path("now").path(0).path("person").stringValue("")).isEqualTo("ana");
        assertThat(said.path("now").path(0).path("until").stringValue(""))
                .isEqualTo(start.plus(Duration.ofHours(1)).toString());
        assertThat(said.path("next").path(0).path("person").stringValue("")).isEqualTo("bo");
        assertThat(said.path("unknown").toString()).isEqualTo("[\"Zoe\"]");
        assertThat(said.path("fault").isNull()).isTrue();
    }

    @Test
    void whoever_comes_on_call_is_mailed_what_waits_and_who_goes_is_mailed_no_more() {
        try (var mails = new TestMailServer()) {
            gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 1h\n      remind: 20m"));
            gate.configure("notify.yaml", """
                    notify:
                      - id: mail
                        smtp: { host: 127.0.0.1, port: %d, tls: none, sender: countersign@example.com }
                    """.formatted(mails.port()));
            oncall(event("Ana Lima", -60, 10), event("bo@example.com", 10, 60));
            var id = asks();
            TestGate.until(() -> !mails.taken().isEmpty());
            later(Duration.ofMinutes(10));
            TestGate.until(() -> mails.taken().size() == 2);
            assertThat(mails.taken().get(0).to()).containsExactly("ana@example.com");
            assertThat(mails.taken().get(1).to()).containsExactly("bo@example.com");
            assertThat(mails.taken().get(1).data()).contains("/requests/" + id);

            later(Duration.ofMinutes(15));
            TestGate.until(() -> due() == 0);
            assertThat(mails.taken())
                    .as("who is on call no more is not reminded")
                    .hasSize(2);
        }
    }

    @Test
    void of_two_nodes_both_say_the_same_and_one_notes_it() {
        oncall(event("Ana Lima", -60, 10), event("bo@example.com", 10, 60));
        if (!TestStores.onPostgres()) {
            return;
        }
        try (var other = gate.anotherNode()) {
            var id = asks();
            later(Duration.ofMinutes(10));
            other.server().catchUp();
            counted(other.says("bo", Word.APPROVE, id));
            gate.parts().installation.ledger.settle();
            assertThat(gate.entries("group.on_call")).hasSize(2);
        }
    }

    @Test
    void what_cannot_be_kept_of_one_calendar_keeps_no_other_from_being_heard() {
        gate.parts()
                .installation
                .store
                .write(tx -> tx.sql()
                        .execute("CREATE UNIQUE INDEX of_a_test ON on_call_calendar (digest) WHERE digest <> ''"));
        var others =
                ON_CALL.replace("payments-oncall", "second") + "\n  " + ON_CALL.replace("payments-oncall", "third");
        peer.says(feed(event("Ana Lima", -60, 60)));
        gate.change(GROUP, ON_CALL + "\n  " + others);
        later(Duration.ofSeconds(1));
        var faults = gate.parts().installation.memberships.calendars().stream()
                .flatMap(it -> it.trouble().stream())
                .map(OnCallCalendar.Trouble::fault);
        assertThat(faults)
                .hasSize(2)
                .containsOnly("it could not be heard, and the log of the node that tried says why");
        assertThat(gate.entries("group.on_call")).hasSize(1);
    }

    @Test
    void what_came_to_be_is_not_taken_back_by_a_clock_that_is_set_back() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        oncall(event("Ana Lima", -60, 60), event("bo@example.com", -60, 5), event("bo@example.com", 10, 60));
        var held = gate.defer("refund-bot", "scope", WRITE);
        later(Duration.ofMinutes(5));
        later(Duration.ofMinutes(5));
        counted(gate.says("bo", Word.APPROVE, held.reference()));
        later(Duration.ofSeconds(-3));
        later(Duration.ZERO);
        assertThat(gate.entries("group.on_call")).hasSize(3);
        later(Duration.ofSeconds(3));
        later(Duration.ofMinutes(2));
        counted(gate.says("ana", Word.APPROVE, held.reference()));
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        assertThat(gate.broken()).isEmpty();
    }

    @Test
    void of_two_nodes_whose_clocks_differ_none_undoes_what_the_other_noted() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        oncall(event("Ana Lima", -60, 60), event("bo@example.com", -60, 5), event("bo@example.com", 10, 60));
        if (!TestStores.onPostgres()) {
            return;
        }
        try (var ahead = gate.anotherNode(Duration.ofSeconds(3))) {
            var held = gate.defer("refund-bot", "scope", WRITE);
            var nearly = Duration.ofMinutes(4).plusSeconds(57);
            later(Duration.ofMinutes(5));
            ahead.clock.advance(Duration.ofMinutes(5).plus(nearly));
            gate.clock.advance(nearly);
            ahead.server().catchUp();
            counted(ahead.says("bo", Word.APPROVE, held.reference()));
            for (int i = 0; i < 5; i++) {
                catchUp();
                ahead.server().catchUp();
                ahead.clock.advance(Duration.ofSeconds(1));
                gate.clock.advance(Duration.ofSeconds(1));
            }
            gate.parts().installation.ledger.settle();
            assertThat(gate.entries("group.on_call")).hasSize(3);
            ahead.clock.advance(Duration.ofMinutes(2));
            later(Duration.ofMinutes(2));
            counted(gate.says("ana", Word.APPROVE, held.reference()));
            assertThat(gate.poll("refund-bot", held.text("deferral_code")).status())
                    .isEqualTo(200);
            gate.parts().installation.ledger.settle();
            assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
            assertThat(gate.broken()).isEmpty();
        }
    }

    @Test
    void a_calendar_of_seconds_makes_no_flood_of_entries() {
        var events = new ArrayList<String>();
        for (int i = 0; i < 120; i += 2) {
            events.add(second("Ana Lima", i));
            events.add(second("bo@example.com", i + 1));
        }
        oncall(events.toArray(String[]::new));
        for (int i = 0; i < 110; i++) {
            later(Duration.ofSeconds(1));
        }
        assertThat(gate.entries("group.on_call")).hasSizeBetween(4, 6);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        assertThat(gate.broken()).isEmpty();
    }

    private String second(String title, int at) {
        return event(title, 0, 0)
                .replace("UID:", "UID:" + at)
                .replace("DTSTART:" + at(0), "DTSTART:" + TIME.format(start.plusSeconds(at)))
                .replace("DTEND:" + at(0), "DURATION:PT1S");
    }

    @Test
    void whoever_comes_on_call_again_is_not_mailed_the_same_again() {
        try (var mails = new TestMailServer()) {
            gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 1h"));
            gate.configure("notify.yaml", """
                    notify:
                      - id: mail
                        smtp: { host: 127.0.0.1, port: %d, tls: none, sender: countersign@example.com }
                    """.formatted(mails.port()));
            oncall(
                    event("Ana Lima", -60, 60),
                    event("bo@example.com", 10, 12),
                    event("bo@example.com", 14, 16),
                    event("bo@example.com", 18, 60));
            gate.parts().installation.ledger.settle();
            var first = gate.entries("group.on_call").getFirst().index();
            TestGate.until(() -> readTo() > first);
            asks();
            TestGate.until(() -> !mails.taken().isEmpty());
            later(Duration.ofMinutes(10));
            TestGate.until(() -> mails.taken().size() == 2);
            for (int i = 0; i < 4; i++) {
                later(Duration.ofMinutes(2));
            }
            gate.parts().installation.ledger.settle();
            var last = gate.entries("group.on_call").getLast();
            assertThat(last.body()).containsEntry(Member.JOINED, List.of(id("bo")));
            TestGate.until(() -> readTo() > last.index() && due() == 0);
            assertThat(mails.taken().stream().flatMap(it -> it.to().stream()))
                    .containsExactly("ana@example.com", "bo@example.com");
        }
    }

    /// How far the notifier has read the ledger.
    private long readTo() {
        return gate.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT next FROM notifier WHERE id = 'mail'")
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void of_two_nodes_that_end_the_shifts_of_a_calendar_that_is_gone_one_says_so() throws Exception {
        oncall(event("Ana Lima", -60, 60));
        gate.clock.advance(Duration.ofSeconds(1));
        gate.change(ON_CALL, "payments-oncall: { members: [ana, bo] }");
        if (!TestStores.onPostgres()) {
            return;
        }
        var ended = new CompletableFuture<Boolean>();
        var commit = new CompletableFuture<Boolean>();
        var installation = gate.parts().installation;
        try (var other = gate.anotherNode();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ends = threads.submit(() -> other.parts().installation.store.write(tx -> {
                ended.complete(
                        tx.sql().execute("UPDATE on_call_shift SET ended_at = until WHERE ended_at IS NULL") == 1);
                return commit.join();
            }));
            assertThat(ended.get()).isTrue();
            var turn = threads.submit(
                    () -> new Shifts(installation.store, installation.ledger, installation.memberships).turn());
            TestGate.until(() -> gate.locksWaitedFor() == 1);
            commit.complete(true);
            assertThat(ends.get()).isTrue();
            assertThat(turn.get()).isZero();
            installation.ledger.settle();
            assertThat(gate.entries("group.on_call"))
                    .as("it is for the node that ended it to say so")
                    .hasSize(1);
        }
    }
}
