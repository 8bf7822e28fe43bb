package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.http.Network;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CalendarTest {
    private static final Calendar OFFICE = new Calendar(
            "office",
            ZoneId.of("Europe/Berlin"),
            List.of(new Calendar.Window(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), 8 * 60, 17 * 60 + 30)),
            List.of(new Calendar.Holidays(LocalDate.of(2026, 12, 24), LocalDate.of(2027, 1, 1))));

    private static final Calendar NIGHT = new Calendar(
            "night",
            ZoneId.of("Europe/Berlin"),
            List.of(
                    new Calendar.Window(EnumSet.allOf(DayOfWeek.class), 2 * 60, 3 * 60),
                    new Calendar.Window(EnumSet.of(DayOfWeek.SATURDAY), 22 * 60, 24 * 60)),
            List.of());

    private static boolean office(String at) {
        return OFFICE.isOpen(Instant.parse(at));
    }

    private static boolean night(String at) {
        return NIGHT.isOpen(Instant.parse(at));
    }

    @Test
    void it_opens_with_the_first_minute_and_closes_with_the_last() {
        assertThat(office("2026-11-24T06:59:59.999Z")).isFalse();
        assertThat(office("2026-11-24T07:00:00Z")).isTrue();
        assertThat(office("2026-11-24T16:29:59.999Z")).isTrue();
        assertThat(office("2026-11-24T16:30:00Z")).isFalse();
        assertThat(office("2026-11-28T10:00:00Z")).as("a Saturday").isFalse();
    }

    @Test
    void its_hours_stay_when_the_clocks_change() {
        assertThat(office("2026-07-07T06:00:00Z")).as("8:00 in summer").isTrue();
        assertThat(office("2026-07-07T15:30:00Z")).as("17:30 in summer").isFalse();
        assertThat(office("2026-11-24T06:00:00Z")).as("7:00 in winter").isFalse();
        // The hour from 2 to 3 comes twice on 25 October, and not at all on 29 March.
        assertThat(night("2026-10-25T00:30:00Z")).isTrue();
        assertThat(night("2026-10-25T01:30:00Z")).isTrue();
        assertThat(night("2026-10-25T02:00:00Z")).isFalse();
        assertThat(night("2026-03-29T00:59:59Z")).isFalse();
        assertThat(night("2026-03-29T01:00:00Z")).isFalse();
    }

    @Test
    void the_day_is_that_of_the_zone_and_ends_with_it() {
        assertThat(night("2026-11-28T21:00:00Z")).as("22:00 on Saturday").isTrue();
        assertThat(night("2026-11-28T22:59:59Z")).isTrue();
        assertThat(night("2026-11-28T23:00:00Z")).as("Sunday there").isFalse();
        var auckland = new Calendar(
                "auckland",
                ZoneId.of("Pacific/Auckland"),
                List.of(new Calendar.Window(EnumSet.of(DayOfWeek.MONDAY), 0, 24 * 60)),
                List.of());
        assertThat(auckland.isOpen(Instant.parse("2026-11-22T12:00:00Z")))
                .as("Monday there, Sunday here")
                .isTrue();
    }

    @Test
    void holidays_are_closed_from_the_first_to_the_last() {
        assertThat(office("2026-12-23T10:00:00Z")).isTrue();
        assertThat(office("2026-12-24T10:00:00Z")).isFalse();
        assertThat(office("2027-01-01T10:00:00Z")).isFalse();
        assertThat(office("2027-01-04T10:00:00Z")).isTrue();
    }

    @Test
    void what_goes_over_midnight_belongs_to_the_day_it_begins_on() {
        var watch = new Calendar(
                "watch",
                ZoneId.of("Europe/Berlin"),
                List.of(new Calendar.Window(EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SUNDAY), 22 * 60, 6 * 60)),
                List.of(
                        new Calendar.Holidays(LocalDate.of(2026, 12, 25), LocalDate.of(2026, 12, 25)),
                        new Calendar.Holidays(LocalDate.of(2026, 11, 28), LocalDate.of(2026, 11, 28))));
        assertThat(watch.isOpen(Instant.parse("2026-11-20T20:59:59Z")))
                .as("21:59 on Friday")
                .isFalse();
        assertThat(watch.isOpen(Instant.parse("2026-11-20T21:00:00Z")))
                .as("22:00 on Friday")
                .isTrue();
        assertThat(watch.isOpen(Instant.parse("2026-11-21T04:59:59Z")))
                .as("5:59 on Saturday")
                .isTrue();
        assertThat(watch.isOpen(Instant.parse("2026-11-21T05:00:00Z")))
                .as("6:00 on Saturday")
                .isFalse();
        assertThat(watch.isOpen(Instant.parse("2026-11-21T21:30:00Z")))
                .as("22:30 on Saturday")
                .isFalse();
        assertThat(watch.isOpen(Instant.parse("2026-11-23T04:00:00Z")))
                .as("from Sunday to Monday")
                .isTrue();
        assertThat(watch.isOpen(Instant.parse("2026-11-28T04:00:00Z")))
                .as("into a holiday")
                .isTrue();
        assertThat(watch.isOpen(Instant.parse("2026-12-25T22:00:00Z")))
                .as("on a holiday")
                .isFalse();
        assertThat(watch.isOpen(Instant.parse("2026-12-26T04:00:00Z")))
                .as("out of a holiday")
                .isFalse();
        // The clocks go forward on 29 March, and back on 25 October: the night is an hour shorter, and longer.
        assertThat(watch.isOpen(Instant.parse("2026-03-30T03:59:59Z")))
                .as("5:59 in summer")
                .isTrue();
        assertThat(watch.isOpen(Instant.parse("2026-03-30T04:00:00Z")))
                .as("6:00 in summer")
                .isFalse();
        assertThat(watch.isOpen(Instant.parse("2026-10-26T04:59:59Z")))
                .as("5:59 in winter")
                .isTrue();
    }

    @Test
    void a_holiday_is_a_day_of_the_zone_leap_days_too() {
        var leap = new Calendar(
                "leap",
                ZoneId.of("Pacific/Auckland"),
                List.of(new Calendar.Window(EnumSet.allOf(DayOfWeek.class), 0, 24 * 60)),
                List.of(new Calendar.Holidays(LocalDate.of(2028, 2, 29), LocalDate.of(2028, 2, 29))));
        assertThat(leap.isHoliday(Instant.parse("2028-02-28T10:59:59Z")))
                .as("28 February")
                .isFalse();
        assertThat(leap.isHoliday(Instant.parse("2028-02-28T11:00:00Z")))
                .as("29 February there")
                .isTrue();
        assertThat(leap.isOpen(Instant.parse("2028-02-28T11:00:00Z"))).isFalse();
        assertThat(leap.isHoliday(Instant.parse("2028-02-29T10:59:59Z"))).isTrue();
        assertThat(leap.isHoliday(Instant.parse("2028-02-29T11:00:00Z")))
                .as("1 March there")
                .isFalse();
        assertThat(leap.isOpen(Instant.parse("2028-02-29T11:00:00Z"))).isTrue();
        assertThat(OFFICE.isHoliday(Instant.parse("2026-12-26T10:00:00Z")))
                .as("a Saturday among them")
                .isTrue();
    }

    @Test
    void the_past_can_be_told_by_another_zone_and_stays_where_it_came_from() {
        var at = Instant.parse("2026-06-01T22:30:00Z");
        var networks = new TreeMap<>(Map.of("office", List.of(Network.parse("192.0.2.0/24"))));
        var berlin = new Surroundings(ZoneId.of("Europe/Berlin"), List.of(NIGHT), networks);
        var utc = Policies.quiet()
                .at(at, Surroundings.NONE)
                .from("192.0.2.7", berlin)
                .build();
        assertThat(utc.value("time.hour")).contains(22L);
        assertThat(utc.value("network.names")).contains(List.of("office"));

        var there = Facts.fromJson(utc.toJson()).by(new Surroundings(berlin.zone(), List.of(), new TreeMap<>()), at);
        assertThat(there.value("time.hour")).contains(0L);
        assertThat(there.value("time.weekday")).contains(2L);
        assertThat(there.value("time.zone")).contains("Europe/Berlin");
        assertThat(there.value("network.names")).contains(List.of("office"));
        assertThat(berlin.tellsTimeAs(new Surroundings(ZoneId.of("UTC"), List.of(NIGHT), networks)))
                .isFalse();
        assertThat(berlin.tellsTimeAs(new Surroundings(berlin.zone(), List.of(), networks)))
                .isFalse();
        assertThat(berlin.tellsTimeAs(new Surroundings(berlin.zone(), List.of(NIGHT), new TreeMap<>())))
                .isTrue();
    }

    @Test
    void an_address_is_in_all_networks_that_have_it() {
        var networks = new TreeMap<>(Map.of(
                "office", List.of(Network.parse("192.0.2.0/24"), Network.parse("2001:db8::/32")),
                "desk", List.of(Network.parse("192.0.2.7/32")),
                "vpn", List.of(Network.parse("10.8.0.0/16"))));
        var there = new Surroundings(ZoneId.of("UTC"), List.of(), networks);
        assertThat(Policies.quiet().from("192.0.2.7", there).build().value("network.names"))
                .contains(List.of("desk", "office"));
        var six = Policies.quiet().from("2001:db8::1", there).build();
        assertThat(six.value("network.names")).contains(List.of("office"));
        assertThat(six.value("network.family")).contains("ipv6");
        assertThat(Policies.quiet().from("203.0.113.1", there).build().value("network.names"))
                .contains(List.of());
        var none = Policies.quiet().from("", there).build();
        assertThat(none.value("network.names")).isEmpty();
        assertThat(none.value("network.family")).isEmpty();
    }

    @Test
    void what_is_open_is_a_fact_that_is_recorded_and_unknown_without_calendars() {
        var at = Instant.parse("2026-11-24T10:00:00Z");
        var facts = Policies.quiet().windows(at, List.of(OFFICE, NIGHT)).build();
        assertThat(facts.value(FactSchema.WINDOWS)).contains(List.of("office"));
        assertThat(Facts.fromJson(facts.toJson())).isEqualTo(facts);
        var closed = Policies.quiet().windows(at, List.of(NIGHT)).build();
        assertThat(Facts.fromJson(closed.toJson()).value(FactSchema.WINDOWS)).contains(List.of());
        assertThat(Facts.fromJson(closed.toJson()).value(FactSchema.HOLIDAYS)).contains(List.of());
        var christmas = Policies.quiet()
                .windows(Instant.parse("2026-12-25T10:00:00Z"), List.of(NIGHT, OFFICE))
                .build();
        assertThat(Facts.fromJson(christmas.toJson()).value(FactSchema.HOLIDAYS))
                .contains(List.of("office"));

        var none = Policies.quiet().windows(at, List.of()).build();
        assertThat(none.toJson()).doesNotContain("windows");
        assertThat(none.toJson()).doesNotContain("holidays");
        assertThat(Facts.fromJson(none.toJson()).value(FactSchema.WINDOWS)).isEmpty();
        assertThat(Facts.fromJson(none.toJson()).value(FactSchema.HOLIDAYS)).isEmpty();
    }

    @Test
    void a_condition_tells_which_names_it_looks_for_and_where() {
        assertThat(sought("lifetime > 5 &&\n  'office' in time.windows"))
                .extracting(Condition.Text::text, Condition.Text::line, Condition.Text::column)
                .containsExactly(tuple("office", 2, 3));
        assertThat(sought("time.windows.exists(w, w == 'a' || w in ['b'] || w.startsWith('c') || client.id == 'd')"
                        + " || time.windows == ['e'] || 'f' in scopes"))
                .extracting(Condition.Text::text)
                .containsExactlyInAnyOrder("a", "b", "e");
    }

    private static List<Condition.Text> sought(String text) {
        return switch (Condition.compile(text)) {
            case Condition.Compiled.Ready(var condition) -> condition.soughtIn(FactSchema.WINDOWS);
            case Condition.Compiled.Faulty(var faults) -> throw new AssertionError(faults.toString());
        };
    }
}
