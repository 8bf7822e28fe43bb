package dev.countersign.usage;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of a request beside how long its client was idle and which scopes are new to it.
///
/// @param dormant scopes asked for that the client had, but not for long
/// @param firstResource whether it never had a token for that API
/// @param firstTypes the details types asked for that it never had there, sorted
/// @param peers other clients of the same owner or with the same tag that had a token in the last 30 days
/// @param peersUsing how many of these had what is asked for the first time, the rarest of it; 0 when nothing is
/// @param firstEver whether no client at all had one of these
/// @param trained how many tokens its habit is learned from
/// @param days on how many days
/// @param hour how usual the hour of the week is; empty while there is too little to say
/// @param hours how many hours with tokens that is learned from
/// @param hourOfWeek counted from Monday 00:00 UTC
/// @param burst empty when it is none
/// @param requests in this hour, with this one
/// @param strange where from and by what it was not asked for before
/// @param networks how many networks are known
/// @param lifetime the seconds asked for, the seconds that 95 of 100 do not exceed, of how many
/// @param breadth how many scopes and types are asked for, how many 95 of 100 do not exceed, of how many
/// @param sameReason how often the reason was given today, with now; 0 when there is none
/// @param denied how often people denied the same in the last 24 hours
/// @param uncollected approvals of the last 30 days that nobody collected
/// @param unused on how many days its tokens for that API were not seen in use, when that is odd
/// @param divergence of its last days from the weeks before, 0 to 1
/// @param frozen whether nothing is learned since it diverged
/// @param attestedDays for how many more days the client is attested, rounded up; 0 when it is not
record Signs(
        List<Dormant> dormant,
        boolean firstResource,
        List<String> firstTypes,
        int peers,
        int peersUsing,
        boolean firstEver,
        int trained,
        int days,
        Optional<Hours.Rarity> hour,
        int hours,
        int hourOfWeek,
        Optional<Rate.Burst> burst,
        long requests,
        List<Strange> strange,
        int networks,
        Size lifetime,
        Size breadth,
        int sameReason,
        long denied,
        long uncollected,
        Sightings.Silence unused,
        double divergence,
        boolean frozen,
        long attestedDays) {
    static final Signs NONE = new Signs(
            List.of(),
            false,
            List.of(),
            0,
            0,
            false,
            0,
            0,
            Optional.empty(),
            0,
            0,
            Optional.empty(),
            1,
            List.of(),
            0,
            Size.NONE,
            Size.NONE,
            0,
            0,
            0,
            Sightings.Silence.NONE,
            0,
            false,
            0);

    private static final long MILLION = 1_000_000;

    record Dormant(String scope, long idleDays, Gaps gaps) {}

    /// @param what `network`, `agent`, `credential`, `method`
    /// @param known how many are known
    /// @param uses from how many tokens
    record Strange(String what, double bits, int known, int uses) {}

    record Size(long asked, long usual, int uses, boolean above) {
        static final Size NONE = new Size(0, 0, 0, false);
    }

    void putInto(Map<String, Object> facts) {
        facts.put(
                "usage.dormant_scopes",
                dormant.stream().map(Dormant::scope).sorted().toList());
        facts.put("usage.first_resource", firstResource);
        facts.put("usage.first_time_details", firstTypes);
        facts.put("usage.peers", (long) peers);
        facts.put("usage.peers_using", (long) peersUsing);
        facts.put("usage.trained", (long) trained);
        facts.put("usage.trained_days", (long) days);
        facts.put(
                "usage.hour_ppm",
                hour.map(it -> Math.round(MILLION * it.tail())).orElse(MILLION));
        facts.put("usage.hours", (long) hours);
        facts.put("usage.requests_hour", requests);
        facts.put("usage.burst_minutes", burst.map(it -> (long) it.minutes()).orElse(0L));
        facts.put("usage.burst_count", burst.map(it -> (long) it.count()).orElse(0L));
        facts.put("usage.new", strange.stream().map(Strange::what).sorted().toList());
        facts.put("usage.networks", (long) networks);
        facts.put("usage.usual_lifetime", lifetime.usual());
        facts.put("usage.usual_breadth", breadth.usual());
        facts.put("usage.same_reason", (long) sameReason);
        facts.put("usage.denied", denied);
        facts.put("usage.uncollected", uncollected);
        facts.put("usage.unused_days", (long) unused.days());
        facts.put("usage.drift", Math.round(100 * divergence));
        facts.put("usage.frozen", frozen);
        facts.put("usage.attested", attestedDays > 0);
        facts.put("usage.attested_days", attestedDays);
    }
}
