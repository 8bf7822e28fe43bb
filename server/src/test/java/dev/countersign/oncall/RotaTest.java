package dev.countersign.oncall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.people.OnCallCalendar.Planned;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What calendars say, as those of on-call tools and of people look.
class RotaTest {
    private static final Instant NOW = Instant.parse("2026-10-24T10:00:00Z");
    private static final Set<String> NAMES = Set.of("Dana Ng", "lee@example.com", "Anne-Marie Roe", "Ana");

    private static String calendar(String... events) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" + String.join("", events)
                + "END:VCALENDAR\r\n";
    }

    private static String event(String... lines) {
        return "BEGIN:VEVENT\r\n" + String.join("\r\n", lines) + "\r\nEND:VEVENT\r\n";
    }

    private static Rota read(String... events) throws Unreadable {
        return Rota.read(calendar(events), NAMES, NOW);
    }

    private static Planned shift(String name, String since, String until) {
        return new Planned(name, Instant.parse(since), Instant.parse(until));
    }

    @Test
    void a_shift_is_named_by_a_part_of_its_title() throws Unreadable {
        var rota = read(
                event(
                        "UID:Q1",
                        "DTSTART;VALUE=DATE-TIME:20261024T080000Z",
                        "DTEND;VALUE=DATE-TIME:20261024T200000Z",
                        "ATTENDEE:dana.ng@elsewhere.example",
                        "SUMMARY:On Call - Dana Ng - Payments"),
                event(
                        "UID:Q2",
                        "DTSTART:20261024T200000Z",
                        "DTEND:20261025T080000Z",
                        "SUMMARY:Payments (anne-marie  ROE)"));
        assertThat(rota.shifts())
                .containsExactly(
                        shift("Dana Ng", "2026-10-24T08:00:00Z", "2026-10-24T20:00:00Z"),
                        shift("Anne-Marie Roe", "2026-10-24T20:00:00Z", "2026-10-25T08:00:00Z"));
        assertThat(rota.strangers()).isEmpty();
    }

    @Test
    void or_by_whom_it_invites_and_then_by_nobody_else() throws Unreadable {
        var rota = read(event(
                "UID:1",
                "DTSTART:20261024T080000Z",
                "DURATION:PT12H",
                "ORGANIZER;CN=\"Dana Ng\":mailto:dana@example.com",
                "ATTENDEE;CN=\"Lee; the second: one\";PARTSTAT=ACCEPTED:MAILTO:Lee@Exa",
                " mple.com",
                "ATTENDEE;CN=Dana Ng;PARTSTAT=DECLINED:mailto:dana@example.com",
                "SUMMARY:Ana"));
        assertThat(rota.shifts())
                .containsExactly(shift("lee@example.com", "2026-10-24T08:00:00Z", "2026-10-24T20:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Anastasia",
                "Dana Ngo",
                "notDana Ng",
                "On call: Dana",
                "lee@example.com.evil.example",
                "Dana\\nNg2"
            })
    void nobody_is_on_call_whose_name_is_only_like_it(String title) throws Unreadable {
        var rota = read(event("DTSTART:20261024T080000Z", "DTEND:20261024T200000Z", "SUMMARY:" + title));
        assertThat(rota.shifts()).isEmpty();
        assertThat(rota.strangers()).hasSize(1);
    }

    @Test
    void who_overlaps_is_on_call_together_and_what_is_over_is_nothing() throws Unreadable {
        var rota = read(
                event("DTSTART:20261024T080000Z", "DTEND:20261024T200000Z", "SUMMARY:Dana Ng"),
                event("DTSTART:20261024T090000Z", "DTEND:20261024T110000Z", "SUMMARY:Ana | lee@example.com"),
                event("DTSTART:20261024T080000Z", "DTEND:20261024T100000Z", "SUMMARY:Anne-Marie Roe"),
                event("DTSTART:20261024T080000Z", "DTEND:20261024T093000Z", "SUMMARY:Somebody else"));
        assertThat(rota.shifts().stream().map(Planned::name)).containsExactly("Dana Ng", "Ana", "lee@example.com");
        assertThat(rota.strangers()).isEmpty();
    }

    @Test
    void shifts_recur_by_the_clocks_of_their_zone() throws Unreadable {
        var rota = read(event(
                "UID:1",
                "DTSTART;TZID=Europe/Berlin:20200106T090000",
                "DTEND;TZID=Europe/Berlin:20200106T170000",
                "RRULE:FREQ=DAILY;UNTIL=20261027T080000Z",
                "EXDATE;TZID=Europe/Berlin:20261026T090000",
                "SUMMARY:Dana Ng"));
        assertThat(rota.shifts())
                .as("the clocks go back on the 25th")
                .containsExactly(
                        shift("Dana Ng", "2026-10-24T07:00:00Z", "2026-10-24T15:00:00Z"),
                        shift("Dana Ng", "2026-10-25T08:00:00Z", "2026-10-25T16:00:00Z"),
                        shift("Dana Ng", "2026-10-27T08:00:00Z", "2026-10-27T16:00:00Z"));
    }

    @Test
    void one_of_a_series_is_moved_taken_out_or_given_to_another() throws Unreadable {
        var series = event(
                "UID:1",
                "DTSTART:20261024T080000Z",
                "DTEND:20261024T160000Z",
                "RRULE:FREQ=DAILY;COUNT=4",
                "SUMMARY:Dana Ng");
        var moved = event(
                "UID:1",
                "RECURRENCE-ID:20261025T080000Z",
                "DTSTART:20261025T100000Z",
                "DTEND:20261025T160000Z",
                "SUMMARY:Ana");
        var out = event(
                "UID:1", "RECURRENCE-ID:20261026T080000Z", "DTSTART:20261026T080000Z", "STATUS:CANCELLED", "SUMMARY:x");
        var strangers = event(
                "UID:1",
                "RECURRENCE-ID:20261027T080000Z",
                "DTSTART:20261027T080000Z",
                "DTEND:20261027T160000Z",
                "SUMMARY:Zoe");
        var rota = read(moved, series, out, strangers);
        assertThat(rota.shifts())
                .containsExactly(
                        shift("Dana Ng", "2026-10-24T08:00:00Z", "2026-10-24T16:00:00Z"),
                        shift("Ana", "2026-10-25T10:00:00Z", "2026-10-25T16:00:00Z"));
        assertThat(rota.strangers()).containsExactly("Zoe");
    }

    @Test
    void a_day_is_one_of_the_calendars_zone() throws Unreadable {
        var rota = read(
                "X-WR-TIMEZONE:America/New_York\r\n",
                event("DTSTART;VALUE=DATE:20261025", "SUMMARY:Dana Ng"),
                "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
        assertThat(rota.shifts()).containsExactly(shift("Dana Ng", "2026-10-25T04:00:00Z", "2026-10-26T04:00:00Z"));
    }

    @Test
    void what_never_ends_is_followed_for_thirty_days() throws Unreadable {
        var rota = read(
                event("DTSTART:20000101T000000Z", "DTEND:20000101T120000Z", "RRULE:FREQ=DAILY", "SUMMARY:Dana Ng"));
        assertThat(rota.shifts()).hasSize(31);
        assertThat(rota.shifts().getFirst().since()).isEqualTo("2026-10-24T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FREQ=SECONDLY",
                "FREQ=MINUTELY;INTERVAL=30",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=DAILY;BYMONTH=13",
                "FREQ=DAILY;INTERVAL=0",
                "FREQ=HOURLY;COUNT=2000000000",
                "FREQ=DAILY;COUNT=99999999999999999999",
                "FREQ=DAILY;UNTIL=tomorrow",
                "INTERVAL=2",
                "FREQ=DAILY;BYMINUTE=0,30",
                "FREQ=MONTHLY;BYSECOND=0,1",
                "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6,7,8;BYMINUTE=0,1,2,3,4,5;BYSECOND=0,1,2,3",
                ""
            })
    void a_rule_that_cannot_be_followed_says_so(String rule) {
        assertThatThrownBy(() -> read(event(
                        "DTSTART:20000101T000000Z", "DTEND:20000101T010000Z", "RRULE:" + rule, "SUMMARY:Dana Ng")))
                .isInstanceOf(Unreadable.class)
                .hasMessageNotContaining("Dana");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>sign in</html>",
                "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR",
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Dana Ng\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\nEND:VEVENT\r\n",
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Ana\r\nDTSTART:20261024T080000Z\r\nEND:VEVENT\r\n",
                "END:VCALENDAR",
                "BEGIN:VCALENDAR\r\nno colon\r\nEND:VCALENDAR",
                "BEGIN:VCALENDAR\r\nX;Y=\"a:b\r\nEND:VCALENDAR"
            })
    void what_is_no_whole_calendar_is_none(String feed) {
        assertThatThrownBy(() -> Rota.read(feed, NAMES, NOW)).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DTSTART:yesterday",
                "DTSTART;TZID=W. Europe Standard Time:20261024T080000",
                "DTSTART:20261344T080000Z",
                "DTSTART:20261024T080000Z\r\nDTEND:20261023T080000Z",
                "DTSTART:20261024T080000Z\r\nDTEND:20291023T080000Z",
                "DTSTART:20261024T080000Z\r\nDURATION:long",
                "DTSTART:20261024T080000Z\r\nDURATION:PT10800.000999S",
                "DTSTART:20261024T080000Z\r\nDURATION:PT12H-30M",
                "DTSTART:20261024T080000Z\r\nDURATION:P1DT",
                "DTSTART:20261024T080000Z\r\nDURATION:P",
                "DTSTART:20261024T080000Z\r\nDURATION:-PT12H",
                "DTSTART:19691231T080000Z\r\nDURATION:PT12H\r\nRRULE:FREQ=DAILY",
                "DTSTART:20261024T080000Z\r\nDTSTART:20261025T080000Z",
                "DTSTART:20261024T080000Z\r\nDURATION:PT12H\r\nSTATUS:CONFIRMED\r\nSTATUS:CANCELLED",
                "DTSTART:20261024T080000Z\r\nDURATION:PT12H\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY",
                "DTSTART:20261024T080000Z\r\nDURATION:PT12H\r\nRRULE:FREQ=DAILY\r\nEXRULE:FREQ=WEEKLY",
                "DTSTART:20261024T080000Z\r\nDURATION:PT12H\r\nRRULE:FREQ=DAILY\r\nEXDATE;VALUE=DATE:20261025",
                "DTSTART;VALUE=DATE:20261024\r\nRRULE:FREQ=DAILY\r\nEXDATE:20261025T000000Z",
                "DTSTART:20261024T080000Z\r\nDURATION:PT12H\r\nRDATE;VALUE=DATE:20261025",
                "DTSTART:20261024T080000Z\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261024T080000Z",
                "DTEND:20261024T080000Z"
            })
    void times_that_cannot_be_read_are_no_shift_of_one_of_ours(String times) {
        assertThatThrownBy(() -> read(event(times, "SUMMARY:Dana Ng"))).isInstanceOf(Unreadable.class);
    }

    @Test
    void those_of_others_keep_nobody_from_being_on_call() throws Unreadable {
        var rota = read(
                event("DTSTART:yesterday", "SUMMARY:Zoe\u202E \u0007"),
                event("DTSTART:20261024T080000Z", "DTEND:20261024T200000Z", "SUMMARY:Dana Ng"));
        assertThat(rota.shifts()).hasSize(1);
        assertThat(rota.strangers()).containsExactly("Zoe");
    }

    @Test
    void more_events_than_anybody_has_shifts_are_not_read() {
        var one = event("DTSTART:20261024T080000Z", "DTEND:20261024T200000Z", "SUMMARY:x");
        assertThatThrownBy(() -> read(one.repeat(ICalendar.MOST_EVENTS + 1)))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("more than 5000 events");
    }

    @Test
    void what_is_told_of_strangers_is_bounded() throws Unreadable {
        var events = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            events.append(
                    event("DTSTART:20261024T080000Z", "DTEND:20261024T200000Z", "SUMMARY:" + i + "x".repeat(500)));
        }
        var rota = read(events.toString());
        assertThat(rota.strangers()).hasSize(20).allSatisfy(it -> assertThat(it).hasSizeLessThan(100));
        assertThat(List.copyOf(rota.shifts())).isEmpty();
    }

    @Test
    void who_declined_is_not_on_call_by_the_title_either() throws Unreadable {
        for (var away : Set.of("PARTSTAT=DECLINED;CN=Dana Ng", "CN=Dana Ng;PARTSTAT=delegated", "PARTSTAT=DECLINED")) {
            var rota = read(event(
                    "DTSTART:20261024T080000Z",
                    "DTEND:20261024T200000Z",
                    "ATTENDEE;" + away + ":mailto:dana@example.com",
                    "SUMMARY:On Call - Dana Ng - Payments"));
            assertThat(rota.shifts()).as(away).isEmpty();
            assertThat(rota.strangers()).containsExactly("On Call - Dana Ng - Payments");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1DT12H", "P1W", "PT30M", "+PT3H", "PT10800S", "P1D"})
    void lengths_are_those_of_the_rfc(String duration) throws Unreadable {
        assertThat(read(event("DTSTART:20261024T093000Z", "DURATION:" + duration, "SUMMARY:Dana Ng"))
                        .shifts())
                .hasSize(duration.equals("PT30M") ? 0 : 1);
    }

    @Test
    void one_of_a_series_that_is_moved_by_the_day_is_not_guessed() {
        var series = event("UID:1", "DTSTART:20261024T080000Z", "DURATION:PT8H", "RRULE:FREQ=DAILY", "SUMMARY:Dana Ng");
        var moved = event("UID:1", "RECURRENCE-ID;VALUE=DATE:20261025", "DTSTART;VALUE=DATE:20261026", "SUMMARY:Ana");
        assertThatThrownBy(() -> read(series, moved))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("`RECURRENCE-ID` is a day where DTSTART is a time");
    }

    @Test
    void a_rule_without_measure_is_not_followed() {
        var hours = "0" + ",1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23".repeat(5);
        assertThatThrownBy(() -> read(event(
                        "DTSTART:20200101T000000Z",
                        "DURATION:PT1H",
                        "RRULE:FREQ=DAILY;BYHOUR=" + hours,
                        "SUMMARY:Dana Ng")))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("an RRULE has at most 300 characters");
    }

    /// Without a measure it would take hours.
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_title_of_blanks_keeps_nobody_busy() throws Unreadable {
        var rota = read(
                event("DTSTART:20261024T080000Z", "DURATION:PT12H", "SUMMARY:x" + " ".repeat(500_000) + "y"),
                event("DTSTART:20261024T080000Z", "DURATION:PT12H", "SUMMARY:On  call \t -   Dana   Ng"));
        assertThat(rota.shifts().stream().map(Planned::name)).containsExactly("Dana Ng");
    }

    @Test
    void a_title_that_is_longer_than_any_names_nobody() throws Unreadable {
        var rota = read(event("DTSTART:20261024T080000Z", "DURATION:PT12H", "SUMMARY:Dana Ng | " + "x".repeat(491)));
        assertThat(rota.shifts()).isEmpty();
        assertThat(read(event("DTSTART:20261024T080000Z", "DURATION:PT12H", "SUMMARY:Dana Ng | " + "x".repeat(490)))
                        .shifts())
                .hasSize(1);
    }

    @Test
    void more_shifts_than_anybody_has_are_not_read() {
        var hourly = event(
                "DTSTART:20261024T100000Z",
                "DURATION:PT30M",
                "RRULE:FREQ=HOURLY",
                "SUMMARY:Dana Ng | Ana | Anne-Marie Roe | lee@example.com");
        assertThatThrownBy(() -> read(hourly.repeat(4)))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("more than 10000 shifts");
    }
}
