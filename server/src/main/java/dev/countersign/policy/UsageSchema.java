package dev.countersign.policy;

import java.util.List;
import java.util.stream.Stream;

/// The facts about usage. `docs/findings.md` has their formulas.
final class UsageSchema {
    static final String UNUSED_DAYS = "unused_days";

    private UsageSchema() {}

    static Stream<Fact> facts() {
        return Stream.of(
                number(
                        "idle_days",
                        "Whole days since the client's last token, or since the client entered the ledger if it never"
                                + " had one.",
                        0),
                number("uses", "How many tokens the client has had, ever.", 1000),
                truth(
                        "attested",
                        "Whether its owner has attested that the client is still needed, that holds, and it had no token"
                                + " since. While it is so, an approving rule asks one member of the API's owner instead,"
                                + " whatever it speaks of, and the client breaks no glass.",
                        false),
                number("attested_days", "For how many more days that holds, rounded up; 0 when it does not.", 0),
                number("gap_days", "95 of 100 gaps between its days of use are as long or shorter, in days.", 1),
                number("gaps", "How many gaps that is computed from: the last 64 at most.", 64),
                truth(
                        "mature",
                        "Whether the ledger knows the client well enough to say what is usual for it: 30 tokens that it"
                                + " learned from at least, on 7 different days (UTC), the first of them 14 days ago or"
                                + " more, and no silence of 60 days since.",
                        true),
                number("trained", "How many tokens its habit is learned from: one in ten minutes at most.", 1000),
                number("trained_days", "On how many days (UTC) these were.", 100),
                texts(
                        "first_time_scopes",
                        "Those of the scopes asked for that this client never had on this API, sorted."),
                texts(
                        "first_time_details",
                        "Those of the details types asked for that this client never had on this API, sorted."),
                truth("first_resource", "Whether the client never had a token for this API.", false),
                texts(
                        "dormant_scopes",
                        "Those of the scopes asked for that the client had, but not for more than 14 days and four times"
                                + " their own `gap_days`, sorted."),
                truth(
                        "unfamiliar",
                        "Whether what is asked is of high or critical risk, and dormant or asked for the first time. An"
                                + " approving rule that speaks of neither usage nor findings then asks one member of the"
                                + " API's owner instead.",
                        false),
                number(
                        "peers",
                        "Other clients of the same owner or with a tag in common, 64 at most, that had a token in the"
                                + " last 30 days; 0 when nothing is asked for the first time.",
                        0),
                number("peers_using", "How many of these had what this client asks for the first time.", 0),
                number(
                        "hour_ppm",
                        "How much of its use is expected in hours of the week as rare as this one, in millionths; all"
                                + " of them while it learned from fewer than 50 hours or 14 days.",
                        1_000_000),
                number("hours", "How many hours with tokens that is learned from.", 1000),
                number("requests_hour", "How many requests it made in this hour of the clock, with this one.", 1),
                number("burst_count", "How many requests it made in the window of a burst; 0 when it is none.", 0),
                number("burst_minutes", "How long that window is: 1, 10 or 60 minutes; 0 when it is none.", 0),
                texts(
                        "new",
                        "Of `agent`, `credential`, `method` and `network`, those it surprises by (3 bits or more),"
                                + " sorted; none while it is not mature."),
                number("networks", "How many networks it is known from in the last 90 days.", 1),
                number("usual_lifetime", "The seconds that 95 of 100 of its tokens were asked to live at most.", 64),
                number("usual_breadth", "How many scopes and details types 95 of 100 of its tokens had at most.", 1),
                number("same_reason", "How often it gave this reason today (UTC), with now; 0 when it gave none.", 0),
                number("denied", "How often people denied it the same in the last 24 hours.", 0),
                number("uncollected", "How many approvals of the last 30 days it never collected, 16 at most.", 0),
                number(
                        UNUSED_DAYS,
                        "On how many of its last days with tokens for this API (UTC, today left out) none of them was seen in"
                                + " use, by introspection; 0 while that is not odd, and where nothing is ever seen.",
                        0),
                number("drift", "How its last days differ from its last weeks: 0 (not) to 100 (in everything).", 0),
                truth("frozen", "Whether nothing is learned from it since that was more than 35.", false),
                number("score", "What its findings add up to, 0 to 100.", 0),
                texts("score_terms", "What each finding adds to that, as `burst 15`, sorted."),
                new Fact(
                        "findings",
                        Fact.Type.TEXTS,
                        "What is unusual, as codes, sorted: `dormant`, `revived`, `dormant_scope`, `first_scope`,"
                                + " `first_resource`, `first_details`, `out_of_peer`, `odd_hour`, `very_odd_hour`,"
                                + " `burst`, `storm`, `new_network`, `new_agent`, `new_credential`, `new_method`,"
                                + " `long_lifetime`, `broad`, `canned_reason`, `asked_again`, `uncollected`, `unused_tokens`,"
                                + " `drift`;"
                                + " and `elsewhere` (the same request is pending from another credential or network)."
                                + " [Findings](../findings.md) has their formulas.",
                        List.of()));
    }

    private static Fact number(String name, String doc, long quiet) {
        return new Fact("usage." + name, Fact.Type.NUMBER, doc, quiet);
    }

    private static Fact truth(String name, String doc, boolean quiet) {
        return new Fact("usage." + name, Fact.Type.TRUTH, doc, quiet);
    }

    private static Fact texts(String name, String doc) {
        return new Fact("usage." + name, Fact.Type.TEXTS, doc, List.of());
    }
}
