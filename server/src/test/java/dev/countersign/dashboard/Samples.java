package dev.countersign.dashboard;

import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Field;
import dev.countersign.http.Json;
import dev.countersign.oauth.Risk;
import dev.countersign.usage.Daily;
import dev.countersign.usage.Daily.Came;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Views with everything in them, the unfriendly too.
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-23T08:54:00Z");
    static final String HOSTILE =
            "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><b>Approved by security</b> "
                    + "⟨U+202E⟩evorppa ".repeat(3) + "x".repeat(200) + " {{7*7}} ${7*7} javascript:alert(3)";

    private Samples() {}

    static Frame frame(String title, Section section, int waiting) {
        return new Frame(
                title,
                section,
                Optional.of(new Frame.Viewer("Ana Lima", "csrf-token", true, true)),
                List.of(),
                waiting,
                Optional.empty(),
                section == Section.QUEUE);
    }

    static Frame frozen(Frame frame) {
        return new Frame(
                frame.title(),
                frame.section(),
                frame.viewer(),
                List.of(new Frame.Frozen(
                        "Payments API",
                        "Bo Chen",
                        new Moment(NOW.minusSeconds(900)),
                        "INC-2210: keys may have leaked")),
                frame.waiting(),
                frame.notice(),
                frame.live());
    }

    static Frame nobody(String title) {
        return new Frame(title, Section.NONE, Optional.empty(), List.of(), 0, Optional.empty(), false);
    }

    static QueueView queue() {
        return new QueueView(
                List.of(),
                List.of(
                        new QueueView.Row(
                                "01a",
                                new Sentence("Deployer", "deploy to production", "Deploy API", "10 minutes"),
                                "deploy:prod",
                                Risk.CRITICAL,
                                Left.of(NOW, NOW.plusSeconds(74)),
                                "deployer",
                                "Hotfix for the checkout outage, see the incident channel",
                                List.of(
                                        new FindingLine("last used 143 days ago", false),
                                        new FindingLine("new network", false),
                                        new FindingLine("ticket INC-1234 is open", true)),
                                List.of(new StageLine("sre", 1, 2), new StageLine("security", 0, 1)),
                                "",
                                "Bo Chen looks into it; asked, not answered yet",
                                "",
                                List.of()),
                        new QueueView.Row(
                                "01b",
                                new Sentence("Refund bot", "refund 40 EUR on order 7781", "Payments API", "2 minutes"),
                                "refunds:read refunds:write",
                                Risk.HIGH,
                                Left.of(NOW, NOW.plusSeconds(671)),
                                "refund-bot",
                                "Customer 4471 was charged twice",
                                List.of(),
                                List.of(new StageLine("payments-oncall", 0, 1)),
                                "",
                                "",
                                "",
                                List.of(
                                        new QueueView.Alike("01c", "10.2.0.9", Left.of(NOW, NOW.plusSeconds(690)), ""),
                                        new QueueView.Alike(
                                                "01d", "10.2.0.11", Left.of(NOW, NOW.plusSeconds(702)), ""))),
                        new QueueView.Row(
                                "01e",
                                new Sentence("Report job", "read all invoices", "Billing", "5 minutes"),
                                "invoices:read",
                                Risk.MEDIUM,
                                Left.of(NOW, NOW.plusSeconds(3800)),
                                "report-job",
                                HOSTILE,
                                List.of(new FindingLine("first invoices:read", false)),
                                List.of(new StageLine("finance", 0, 1)),
                                "",
                                "answered",
                                "",
                                List.of()),
                        new QueueView.Row(
                                "01j",
                                new Sentence("Report job", "read the list of stores", "Shop API", "5 minutes"),
                                "stores:read",
                                Risk.LOW,
                                Left.of(NOW, NOW.plusSeconds(3900)),
                                "report-job",
                                "The nightly report",
                                List.of(),
                                List.of(new StageLine("finance", 0, 1)),
                                "",
                                "",
                                "01j:leaf",
                                List.of(new QueueView.Alike(
                                        "01k", "10.2.0.7", Left.of(NOW, NOW.plusSeconds(4000)), "01k:leaf")))),
                List.of(new QueueView.Row(
                        "01f",
                        new Sentence("Backup agent", "read customer records", "CRM", "1 hour"),
                        "customers:read",
                        Risk.LOW,
                        Left.of(NOW, NOW.plusSeconds(500)),
                        "backup-agent",
                        "",
                        List.of(),
                        List.of(new StageLine("privacy", 1, 2)),
                        "you approved",
                        "",
                        "",
                        List.of())),
                List.of(
                        new GlassView.Row(
                                "01g",
                                "Deployer",
                                "servers:admin",
                                HOSTILE,
                                Optional.of(Left.of(NOW, NOW.plusSeconds(7_200))),
                                "due",
                                List.of(new StageLine("sre", 1, 1), new StageLine("security", 0, 1))),
                        new GlassView.Row(
                                "01h",
                                "Refund bot",
                                "refunds:write",
                                "Nobody on call answers and customers were charged twice",
                                Optional.of(Left.of(NOW, NOW.minusSeconds(60))),
                                "overdue",
                                List.of(new StageLine("security", 0, 1))),
                        new GlassView.Row(
                                "01i",
                                "Backup agent",
                                "customers:read",
                                "The disk was full",
                                Optional.empty(),
                                "locked",
                                List.of(new StageLine("security", 1, 1)))),
                narrowed(QueueFilter.ALL),
                6,
                9_980,
                "/?side=yours&after=3.1.01a",
                "/?side=others&after=2.1.01f");
    }

    /// A queue that is narrowed to nothing.
    static QueueView queueOfNothing() {
        return new QueueView(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                narrowed(new QueueFilter("high", "gone-bot", "", "security", "nobody", true, HOSTILE, "", "")),
                6,
                6,
                "",
                "");
    }

    private static QueueView.Narrowed narrowed(QueueFilter filter) {
        return new QueueView.Narrowed(
                filter,
                filter.all() ? List.of() : List.of("high risk and above", "gone-bot", "asks security", HOSTILE),
                List.of(new Option("refund-bot", "Refund bot")),
                List.of(new Option("https://payments.example.com", "Payments API")),
                List.of(new Option("payments-oncall", "payments-oncall"), new Option("security", "security")));
    }

    /// What became of several at once.
    static BatchView batch(boolean cast) {
        return new BatchView(
                cast ? "You approved 2 of 3" : "Nothing was done",
                cast ? "One was not decided." : "One of these cannot be decided together with others.",
                List.of(
                        new BatchView.Line(
                                "01j",
                                "Report job wants to read the list of stores at Shop API",
                                cast ? "You approved it. Approved, waits to be collected." : "It could be decided.",
                                cast),
                        new BatchView.Line("01k", HOSTILE, "It changed since it was shown.", false),
                        new BatchView.Line("01l", "", "There is no such request.", false)),
                "/?risk=high");
    }

    /// A client that broke the glass, of which one has approved.
    static GlassView glass() {
        return new GlassView(
                "01g",
                "Refund bot",
                "Payments API",
                "refund 40 EUR on order 7781",
                "refunds:write",
                "[{\"type\":\"refund\",\"amount\":40}]",
                HOSTILE,
                "INC-1234",
                "People have still to look at it.",
                new Moment(NOW.minusSeconds(900)),
                Optional.of(Left.of(NOW, NOW.plusSeconds(7_200))),
                "1 minute",
                "outage of policy 3fa94c1e77d0",
                List.of(new StageLine("payments-oncall", 1, 1), new StageLine("security", 0, 1)),
                List.of(new GlassView.Said(
                        "Bo Chen", "found it right", "Saw the outage myself", new Moment(NOW), true)),
                true,
                true,
                false);
    }

    /// The same after somebody objected, as an administrator sees it.
    static GlassView locked() {
        var due = glass();
        return new GlassView(
                due.id(),
                due.client(),
                due.resource(),
                due.what(),
                due.scopes(),
                due.details(),
                due.reason(),
                due.ticket(),
                "Somebody objected: the rule lets this client through no more until an administrator lifts that.",
                due.at(),
                Optional.empty(),
                due.lifetime(),
                due.rules(),
                due.stages(),
                List.of(new GlassView.Said("Bo Chen", "objected", HOSTILE, new Moment(NOW), false)),
                false,
                false,
                true);
    }

    /// A request to put a configuration in force.
    static RequestView publication() {
        var it = request("Two people for refunds", true);
        return new RequestView(
                it.id(),
                new Sentence("Eva Novak", "put a configuration in force", "This server", ""),
                "configuration:publish",
                Risk.CRITICAL,
                it.status(),
                it.judged(),
                Optional.of(PublicationWords.of(PUBLICATION)),
                it.grant(),
                it.requester(),
                it.why(),
                it.ticket(),
                it.talk(),
                it.asking(),
                it.habit(),
                it.harms(),
                it.choice(),
                it.folded(),
                it.queue());
    }

    private static final String PUBLICATION = """
            { "version": "a4", "in_force": "3f", "tests": 8, "changes_left": 3, "looser_left": 0, "looked": 12,
              "changes": [ { "kind": "rule", "name": "reads", "how": "changed",
                             "lines": [ "when: <script>alert(1)</script> instead of risk == LOW",
                                        "%s" ] } ],
              "looser": [ { "what": "refund-bot: refunds:write on https://payments.example.com",
                            "how": [ "approve instead of review" ], "unattended": true } ],
              "unattended": { "failed": "", "left": 1, "regions": [
                { "client": "refund-bot", "resource": "https://payments.example.com", "rule": "reads",
                  "given": "client: \\"refund-bot\\", scopes: [\\"refunds:write\\"]" },
                { "client": "other-bot", "resource": "https://payments.example.com", "rule": "reads",
                  "inconclusive": "the prover took too long and was ended" } ] },
              "backtest": { "since": "2026-10-24T08:54:00Z", "compared": 1200, "flipped": 7, "loosened": 7,
                            "tightened": 3,
                            "loosenings": [ { "request": "01a3", "client": "refund-bot", "scopes": [ "refunds:write" ],
                                              "resource": "https://payments.example.com", "was": "review", "now": "approve",
                                              "how": [ "approve instead of review" ] } ],
                            "tightenings": [ { "request": "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b", "client": "other-bot",
                                               "resource": "https://payments.example.com", "scopes": [],
                                               "was": "approve", "now": "approve",
                                               "how": [ "lifetime 30s instead of 60s" ] },
                                             { "request": "01a5", "client": "<script>alert(1)</script>", "scopes": [ "%s" ],
                                               "resource": "https://payments.example.com", "was": "approve", "now": "deny",
                                               "how": [ "deny instead of approve" ] } ],
                            "waits": { "saved_reviews": 7, "saved_s": 2520, "new_reviews": 2, "new_s": 40 },
                            "matrix": { "review": { "approve": 7, "review": 3, "deny": 0 } } } }
            """.formatted("x".repeat(500), "y".repeat(200));

    /// What it would have said of the past.
    static BacktestView backtest() {
        return BacktestWords.of("01q", publication().sentence(), PUBLICATION);
    }

    /// The same where the past could not be read.
    static BacktestView noBacktest() {
        return BacktestWords.of(
                "01q",
                publication().sentence(),
                "{ \"backtest\": { \"failed\": \"the past cannot be read now; the log has why\" } }");
    }

    static RequestView request(String why, boolean mayVote) {
        var random = new Random(7);
        var counts = new ArrayList<Long>();
        for (int at = 0; at < 168; at++) {
            boolean office = at / 24 < 5 && at % 24 > 7 && at % 24 < 18;
            counts.add(office ? random.nextLong(20) : random.nextInt(30) == 0 ? 1L : 0L);
        }
        var scopes = List.of(
                new RequestView.Item("Refund a payment", "refunds:write", Risk.HIGH, "new", "refunds:write", true),
                new RequestView.Item("See refunds", "refunds:read", Risk.LOW, "", "refunds:read", true));
        var details =
                List.of(new RequestView.Item("Refund 40 EUR on order “77 81”", "refund", Risk.HIGH, "new", "0", false));
        var items = new ArrayList<>(details);
        items.addAll(scopes);
        return new RequestView(
                mayVote ? "01b" : "01c",
                new Sentence("Refund bot", "refund 40 EUR on order “77 81”", "Payments API", "2 minutes"),
                "refunds:read refunds:write",
                Risk.HIGH,
                new RequestView.Status(
                        "pending",
                        "Waits for a decision",
                        Optional.of(Left.of(NOW, NOW.plusSeconds(671))),
                        mayVote
                                ? "You are asked as a member of payments-oncall."
                                : "You belong to payments-dev, which owns the client: nobody approves their own request.",
                        mayVote ? "One more from security is needed after yours." : "",
                        List.of(
                                new StageLine(
                                        "payments-oncall",
                                        0,
                                        1,
                                        Optional.of(new StageLine.Escalates(
                                                "payments-leads", new Moment(NOW.plusSeconds(300))))),
                                new StageLine("security", 1, 1)),
                        List.of(new RequestView.VoteLine(
                                "Bo Chen",
                                true,
                                "at most 60 seconds",
                                "Fine with me",
                                new Moment(NOW.minusSeconds(60)),
                                true,
                                "in Slack")),
                        List.of("Eli Ito is away until 3 Dec 2026, 08:00 UTC; Bo Chen stands in"),
                        "2"),
                new RequestView.Judged(
                        "Review",
                        List.of("money-moves"),
                        "3fa94c1e",
                        List.of(
                                new FindingLine("last used 143 days ago, usually every 2 days", false),
                                new FindingLine("first refunds:write", false),
                                new FindingLine("new network", false),
                                new FindingLine("same credential as always", true)),
                        "",
                        2),
                Optional.empty(),
                new RequestView.Grant(
                        "Will be granted",
                        "Payments API",
                        "https://payments.example.com",
                        items,
                        "2 minutes",
                        "was 1 minute",
                        "each of up to 5 tokens in 2 hours",
                        Optional.of(new Moment(NOW.plusSeconds(46_800))),
                        "bound to the key dGhpc2lzYWtleQ",
                        "beside what people granted it last here, 3 Jul 2026",
                        List.of("See payouts")),
                new RequestView.Requester(
                        "Refund bot",
                        "refund-bot",
                        "payments-dev",
                        "client secret, credential 9f31c2",
                        "for itself, on nobody's behalf",
                        "198.51.100.23",
                        "refund-bot/3.2 (python-requests 2.32)",
                        "nothing that people granted"),
                why,
                "INC-1234",
                new RequestView.Talk(
                        List.of(
                                new RequestView.Line(
                                        "Bo Chen", false, "Which order is it?", new Moment(NOW.minusSeconds(50))),
                                new RequestView.Line("Refund bot", true, HOSTILE, new Moment(NOW.minusSeconds(20)))),
                        true,
                        !mayVote,
                        mayVote ? "Ana Lima" : "",
                        mayVote),
                mayVote
                        ? Optional.empty()
                        : Optional.of(
                                new RequestView.Asking(
                                        List.of("payments-oncall: one of Ana Lima, Eva Novak.", "security has agreed."),
                                        "Half of what is like it is decided within 4 minutes 10 seconds, 19 of 20 within"
                                                + " 12 minutes: so it was 34 times in 30 days, and 2 times nobody had decided"
                                                + " when time was up.",
                                        Optional.of(new Moment(NOW.minusSeconds(400))),
                                        true,
                                        Optional.empty(),
                                        true,
                                        List.of(),
                                        List.of(
                                                "Passes without people: See refunds (refunds:read), for 2 minutes, by reads."))),
                new RequestView.Habit(
                        "412 tokens since 2 May, mostly on workdays; the last 143 days ago.",
                        Optional.of(Picture.of(counts, 6 * 24 + 3))),
                List.of(
                        new RequestView.Harm("Refund a payment", "Money leaves the account", "Reversal within a day"),
                        new RequestView.Harm("See refunds", "Amounts and order numbers leak", "")),
                mayVote
                        ? Optional.of(new RequestView.Choice(
                                true,
                                items.stream().map(Samples::option).toList(),
                                120,
                                5,
                                true,
                                List.of(
                                        new Option("group:security", "all of security"),
                                        new Option("person:p-bo", "Bo Chen"))))
                        : Optional.empty(),
                new RequestView.Folded(
                        "{\n  \"client\": \"refund-bot\",\n  \"reason\": \"</pre><script>alert(4)</script>\"\n}",
                        "9sVn0m1R8w2bq3Jt5c0d",
                        List.of(new FindingLine("used on 37 days", true)),
                        List.of("money-moves: applies, review", "routine-read: does not apply"),
                        List.of(
                                new RequestView.Event(new Moment(NOW.minusSeconds(80)), "made", ""),
                                new RequestView.Event(
                                        new Moment(NOW.minusSeconds(60)), "Bo Chen approved", "q8Zt5Yx"))),
                "risk=high");
    }

    /// The one with that id, for a page that asks how it stands.
    static RequestView asOpened(String id) {
        return switch (id) {
            case "01c" -> request("", false);
            case "01d" -> denied();
            default -> request("", true);
        };
    }

    /// One that was denied, as who asked for it reads it.
    static RequestView denied() {
        var it = request("Customer 4471 was charged twice", false);
        var status = it.status();
        return new RequestView(
                "01d",
                it.sentence(),
                it.scopes(),
                it.risk(),
                new RequestView.Status(
                        "denied",
                        "Denied by Ana Lima",
                        Optional.empty(),
                        "",
                        "",
                        status.stages(),
                        status.votes(),
                        List.of(),
                        "2"),
                it.judged(),
                it.publication(),
                it.grant(),
                it.requester(),
                it.why(),
                it.ticket(),
                it.talk(),
                Optional.of(new RequestView.Asking(
                        List.of(),
                        "",
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        List.of("Ana Lima: “It asks for too much: " + HOSTILE + "”"),
                        List.of(
                                "Passes without people: See refunds (refunds:read), for 2 minutes, by reads.",
                                "People granted on 3 Jul 2026: Refund a payment (refunds:write), for 30 seconds."))),
                it.habit(),
                it.harms(),
                it.choice(),
                it.folded(),
                it.queue());
    }

    static ConfirmView confirm() {
        var request = request("", true);
        return new ConfirmView(
                "01b",
                request.sentence(),
                Risk.HIGH,
                request.grant().items().subList(0, 2),
                "1 minute",
                List.of("See refunds"),
                request.harms(),
                Left.of(NOW, NOW.plusSeconds(640)),
                List.of(new Field("vote", "approve"), new Field("comment", HOSTILE)),
                true);
    }

    private static RequestView.Option option(RequestView.Item item) {
        return item.scope()
                ? new RequestView.Option(item, List.of(), List.of())
                : new RequestView.Option(
                        item,
                        List.of(new RequestView.Amount("lower.0.amount", "amount", "40", "0")),
                        List.of(new RequestView.Elements("keep.0.lines", "lines", List.of("shoes", HOSTILE))));
    }

    static PasskeyView passkeys() {
        return new PasskeyView(
                List.of(
                        new PasskeyView.Line(
                                "AAAA",
                                "Work laptop",
                                "q8Zt5YxA",
                                new Moment(NOW.minusSeconds(900_000)),
                                Optional.of(new Moment(NOW.minusSeconds(4_000))),
                                ""),
                        new PasskeyView.Line(
                                "BBBB",
                                HOSTILE,
                                "9sVn0m1R",
                                new Moment(NOW.minusSeconds(90)),
                                Optional.empty(),
                                "01b")),
                List.of(new PasskeyView.Line(
                        "CCCC", "Key on my ring", "w2bq3Jt5", new Moment(NOW), Optional.empty(), "01c")),
                "",
                "administrators");
    }

    static RefusalsView refusals() {
        return new RefusalsView(
                RefusalsView.Kind.REFUSED,
                List.of(),
                List.of(refused(HOSTILE), refused("not used for 147 days; its owner has to attest it first")),
                "refund-bot",
                List.of(new Option("refund-bot", "Refund bot")),
                "/history/refused?after=7");
    }

    static RefusalsView observed() {
        var row = refused("people would have been asked: 1 of payments-oncall, 1 of security");
        return new RefusalsView(
                RefusalsView.Kind.OBSERVED,
                List.of(
                        new RefusalsView.Observing("Refund bot", new Moment(NOW.plusSeconds(8_640_000))),
                        new RefusalsView.Observing(HOSTILE, new Moment(NOW.plusSeconds(86_400)))),
                List.of(held(row), held(refused(HOSTILE))),
                "",
                List.of(),
                "/history/observed?client=&after=7");
    }

    private static RefusalsView.Row held(RefusalsView.Row it) {
        return new RefusalsView.Row(
                it.reference(),
                it.sentence(),
                it.scopes(),
                it.client(),
                "held",
                it.why(),
                it.rules(),
                it.version(),
                it.at());
    }

    private static RefusalsView.Row refused(String why) {
        return new RefusalsView.Row(
                "01c",
                new Sentence("Refund bot", "refund a payment", "Payments API", ""),
                "refunds:read refunds:write",
                "refund-bot",
                "refused",
                why,
                List.of("no-dormant-privilege", "never-at-night"),
                "3fa94c1e",
                new Moment(NOW));
    }

    static RefusalsView.One refusal(boolean told) {
        return new RefusalsView.One(
                RefusalsView.Kind.REFUSED,
                refused("not used for 147 days; its owner has to attest it first"),
                Risk.HIGH,
                told,
                told ? List.of(new RefusalsView.Line("reason", HOSTILE)) : List.of(),
                List.of("money-moves (review) yes", "no-dormant-privilege (deny) unknown: usage.idle_days"),
                told ? "" : "The rules have changed since, so how each of them weighed is not shown.",
                List.of(
                        new RefusalsView.Line("reason", HOSTILE),
                        new RefusalsView.Line("usage.first_time_scopes", "unknown")),
                "#4711 9sVn0m1R8w2bq3Jt5c0d");
    }

    static HistoryView history() {
        var rows = new ArrayList<HistoryView.Row>();
        var states = List.of("redeemed", "denied", "expired", "approved", "cancelled", "revoked");
        for (int at = 0; at < 12; at++) {
            rows.add(new HistoryView.Row(
                    "02" + at,
                    new Sentence(
                            "Refund bot",
                            "refund " + (at * 7 + 3) + " EUR on order 77" + at,
                            "Payments API",
                            "2 minutes"),
                    "refunds:write",
                    Risk.HIGH,
                    "refund-bot",
                    states.get(at % 6),
                    at % 3 == 2 ? "nobody in time" : "Ana Lima, Bo Chen",
                    at == 1 ? HOSTILE : "",
                    "41 seconds",
                    new Moment(NOW.minusSeconds(at * 40_000L))));
        }
        return new HistoryView(rows, HistoryView.Search.ALL, choices(), "/history?after=0211", false);
    }

    /// Looked through in part, and nothing found yet.
    static HistoryView historyOfNothing() {
        return new HistoryView(
                List.of(),
                new HistoryView.Search(
                        "denied",
                        "refund-bot",
                        "https://payments.example.com",
                        "money-moves",
                        "01p",
                        "2026-11-01",
                        "2026-11-23",
                        HOSTILE.substring(0, 100)),
                choices(),
                "/history?after=0211",
                true);
    }

    private static HistoryView.Choices choices() {
        return new HistoryView.Choices(
                List.of(new Option("refund-bot", "Refund bot")),
                List.of(new Option("https://payments.example.com", "Payments API")),
                List.of(new Option("money-moves", "money-moves")),
                List.of(new Option("01p", "Bo Chen")));
    }

    static ResourcesView resources() {
        return new ResourcesView(List.of(
                resourceRow(),
                new ResourcesView.Row(
                        "https://" + "x".repeat(90) + ".example.com",
                        "Shop API",
                        "shop",
                        "0 scopes",
                        Risk.LOW,
                        "0 clients",
                        List.of())));
    }

    private static ResourcesView.Row resourceRow() {
        return new ResourcesView.Row(
                "https://payments.example.com",
                "Payments API",
                "payments-oncall",
                "3 scopes",
                Risk.HIGH,
                "1 client",
                List.of("frozen", "observed only until 9 Jun 2026, 00:00 UTC"));
    }

    static ResourcesView.One resource() {
        return new ResourcesView.One(
                resourceRow(),
                List.of(
                        new ResourcesView.Scope(
                                "refund",
                                "details",
                                "Refund {amount} EUR on order {order}",
                                Risk.HIGH,
                                "Money leaves the account",
                                "Reversal within a day"),
                        new ResourcesView.Scope("refunds:read", "scope", "See refunds", Risk.LOW, "", "")),
                List.of(new ResourcesView.Client(
                        "refund-bot", "Refund bot", List.of("refunds:read", "details refund"))),
                List.of(
                        new ResourcesView.Rule(
                                "money-moves", "review", "When its risk is `high`: 1 of security must approve."),
                        new ResourcesView.Rule("never", "deny", "When its reason is `let me in`: it is refused.")),
                List.of(new ResourcesView.Became("redeemed", "1,234"), new ResourcesView.Became("denied", "7")));
    }

    static CrowdView groups() {
        return new CrowdView(List.of(
                groupRow(), new CrowdView.Row("nobody-yet", 0, List.of(), List.of("Refund bot", "Payments API"))));
    }

    private static CrowdView.Row groupRow() {
        return new CrowdView.Row("security", 2, List.of("money-moves", "payouts-need-two"), List.of("Deploy API"));
    }

    static CrowdView.Group group() {
        return new CrowdView.Group(
                groupRow(),
                stays(),
                Optional.of(new CrowdView.OnCall(
                        List.of(new CrowdView.Turn("01p", "Bo Chen", Optional.empty(), new Moment(NOW))),
                        List.of(new CrowdView.Turn(
                                "01q", HOSTILE, Optional.of(new Moment(NOW)), new Moment(NOW.plusSeconds(43_200)))),
                        "The calendar is not heard since 2026-06-01 18:00 UTC: it answered with status 503. What it"
                                + " said last holds until 2026-06-02 06:00 UTC.",
                        true,
                        List.of(HOSTILE, "On Call - Somebody New - Payments"),
                        List.of("Ana Lima", "Bo Chen"))));
    }

    private static List<CrowdView.Stay> stays() {
        return List.of(
                new CrowdView.Stay("01p", "Bo Chen", "security", "the configuration", "", new Moment(NOW)),
                new CrowdView.Stay(
                        "01q",
                        HOSTILE,
                        "sre",
                        "a provider",
                        "does not count until the provider says it again",
                        new Moment(NOW)));
    }

    static CrowdView.Person person() {
        return new CrowdView.Person(
                "01p",
                "Bo Chen",
                "bo@example.com",
                "2",
                Optional.of("23 Nov 2026, 08:54 UTC"),
                Optional.of("until 30 Nov 2026, 23:00 UTC; Ana Lima stands in"),
                stays());
    }

    /// What is in the ledger.
    ///
    /// @param bad whether it was found to be wrong, and nothing is found
    static LedgerView ledger(boolean bad) {
        var rows = new ArrayList<LedgerView.Row>();
        for (int at = 12; at > 0 && !bad; at--) {
            rows.add(new LedgerView.Row(
                    at * 100_000L,
                    at % 2 == 0 ? "request.voted" : "configuration.published",
                    at % 3 == 0 ? HOSTILE : "Bo Chen approved it.",
                    "01b",
                    new Moment(NOW.minusSeconds(at * 1000L))));
        }
        return new LedgerView(
                rows,
                new LedgerView.Search("", bad ? "request.voted" : "", "", bad ? "2026-11-01" : "", ""),
                List.of(new Option("request.voted", "request.voted")),
                List.of(new Option("01p", "Bo Chen")),
                new LedgerView.Head(
                        "auth.example.com",
                        1_234_567,
                        "q8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxw=",
                        List.of("auth.example.com+1a2b3c4d+ATY6q8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5"),
                        bad
                                ? new LedgerView.Check(
                                        true,
                                        false,
                                        List.of(
                                                "The checkpoint over 1,234,567 entries is signed by the ledger's key.",
                                                "Entry 77 is NOT under it: it, or one beside it, is missing or was changed.",
                                                "It took 1,234 ms."),
                                        Optional.of(new Moment(NOW)))
                                : new LedgerView.Check(false, false, List.of(), Optional.empty())),
                "/ledger?before=100",
                bad,
                "");
    }

    static LedgerView.One entry() {
        return new LedgerView.One(
                new LedgerView.Row(
                        12,
                        "request.made",
                        "Refund bot asked for refunds:write at Payments API.",
                        "01b",
                        new Moment(NOW)),
                "Refund bot",
                "node-1",
                "q8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxw",
                "r8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxw",
                List.of(
                        new LedgerView.Line("client", "refund-bot"),
                        new LedgerView.Line("scopes", "[\"refunds:write\"]")),
                List.of(new LedgerView.Line("reason", HOSTILE), new LedgerView.Line("address", "erased")),
                true,
                List.of("q8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxw=", "r8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxw="),
                "auth.example.com\n1234567\nq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxq8Zt5Yxw=\n\n— auth.example.com GisrPE8x\n");
    }

    static FreezeView freeze() {
        return new FreezeView(
                List.of(new FreezeView.Standing(
                        "resource",
                        "https://payments.example.com",
                        "Payments API",
                        "Bo Chen",
                        new Moment(NOW.minusSeconds(900)),
                        "INC-2210: keys may have leaked")),
                List.of(new Option("refund-bot", "Refund bot")),
                List.of(new Option("https://payments.example.com", "Payments API")));
    }

    /// Days with something of everything.
    private static List<Daily.Day> days(int number) {
        var random = new Random(11);
        var days = new ArrayList<Daily.Day>();
        for (int i = number; i > 0; i--) {
            days.add(new Daily.Day(
                    LocalDate.of(2026, 11, 24).minusDays(i),
                    i % 7 < 2
                            ? Map.of()
                            : Map.of(
                                    Came.PASSED,
                                    20L + random.nextInt(30),
                                    Came.ASKED,
                                    (long) random.nextInt(6),
                                    Came.REFUSED,
                                    (long) random.nextInt(3),
                                    Came.OBSERVED,
                                    (long) random.nextInt(4),
                                    Came.BROKE_GLASS,
                                    (long) random.nextInt(2))));
        }
        return days;
    }

    private static ClientsView.Row client(String name, List<String> states, boolean active) {
        var days = days(30);
        return new ClientsView.Row(
                name.toLowerCase(Locale.ROOT).replace(' ', '-'),
                name,
                "payments-dev",
                states,
                active ? Optional.of(Bars.of(days, 5)) : Optional.empty(),
                active ? Bars.totals(days) : "",
                active ? Optional.of(new Moment(NOW)) : Optional.empty(),
                active ? "3 of 7 permissions unused" : "");
    }

    static OverviewView overview() {
        return new OverviewView(
                List.of(
                        new OverviewView.Waiting(Risk.CRITICAL, 1, Optional.of(Left.of(NOW, NOW.plusSeconds(74)))),
                        new OverviewView.Waiting(Risk.HIGH, 12_345, Optional.of(Left.of(NOW, NOW.plusSeconds(671)))),
                        new OverviewView.Waiting(Risk.MEDIUM, 0, Optional.empty()),
                        new OverviewView.Waiting(Risk.LOW, 2, Optional.of(Left.of(NOW, NOW.plusSeconds(90_000))))),
                new OverviewView.Uncollected(3, Optional.of(Left.of(NOW, NOW.plusSeconds(74)))),
                Optional.of(new OverviewView.Live(1_204, 1_190)),
                Optional.of(Bars.of(days(30), 12)),
                "Of 1,207 requests that policy did not refuse, 1,204 passed without people (99.8 %), and people were asked"
                        + " about 3.",
                List.of(
                        new OverviewView.Times(Risk.CRITICAL, 12, "1 minute 4 seconds", "14 minutes"),
                        new OverviewView.Times(Risk.HIGH, 1_204, "41 seconds", "9 minutes")),
                Optional.of(new OverviewView.Privilege(
                        Optional.of(privilege()),
                        "Tokens that could live for 98,765 minutes were granted, and such for 91,234 minutes were taken. 14"
                                + " clients with standing access would have had 604,800 minutes.")),
                Optional.of(new OverviewView.Habit(
                        "1,216 votes by 9 people; the one who voted most cast 61 % of them. The most that one person"
                                + " approved in an hour is 44.",
                        List.of(
                                new OverviewView.Voted(Risk.CRITICAL, 12, "66 %", "2 minutes 4 seconds", 0),
                                new OverviewView.Voted(Risk.HIGH, 1_204, "99 %", "3 seconds", 1_002),
                                new OverviewView.Voted(Risk.LOW, 1, "100 %", "", 0)))));
    }

    private static Bars privilege() {
        var columns = IntStream.range(0, 30)
                .mapToObj(i -> new Bars.Column(
                        LocalDate.of(2026, 5, 3).plusDays(i), List.of(60L * 400 * (i % 7), 60L * 90 * (i % 3))))
                .toList();
        return Bars.of(
                List.of(new Bars.Series("taken", "c-passed"), new Bars.Series("granted and not taken", "c-asked")),
                columns,
                12,
                seconds -> Numbers.of(seconds / 60) + " minutes");
    }

    static ClientsView clients() {
        return new ClientsView(
                List.of(
                        client("Refund bot", List.of("frozen", "observed only until 9 Jun 2026, 00:00 UTC"), true),
                        client("Export " + "x".repeat(120), List.of(), false),
                        client("CI", List.of(), true)),
                "");
    }

    static ClientView client() {
        var random = new Random(7);
        var counts = new ArrayList<Long>();
        for (int i = 0; i < 168; i++) {
            counts.add((long) random.nextInt(9));
        }
        return new ClientView(
                client("Refund bot", List.of("attested until 9 Jun 2026, 00:00 UTC"), true),
                List.of("prod", "payments"),
                Optional.of(Bars.of(days(90), 4)),
                Optional.of(Picture.of(counts)),
                "2,914 tokens on 64 days, the first on 27 Aug 2026, the last on 23 Nov 2026, 08:54 UTC",
                List.of(
                        new ClientView.Permission("refunds:write", "Payments API", "unused", "never used"),
                        new ClientView.Permission(
                                "refunds:read", "Payments API", "used", "last used today, 2914 tokens in all"),
                        new ClientView.Permission(
                                "payouts:read",
                                "Payments API",
                                "young",
                                "registered 3 days ago and not used since, which is too short to judge")),
                "1 of 3 permissions are unused: leave them out of its registration",
                "clients:\n  - id: \"refund-bot\"\n    access: {}\n",
                "");
    }

    static PolicyView policy() {
        var days = days(30);
        var flips = FlipsView.of(Json.read("""
                { "approve": { "approve": 900, "review": 40, "deny": 2 },
                  "review": { "approve": 7, "review": 120, "deny": 0 },
                  "deny": { "approve": 0, "review": 3, "deny": 30 } }"""));
        return new PolicyView(
                "3fa94c1e77d0aa",
                List.of(
                        new PolicyView.Rule(
                                "no-dormant-privilege",
                                "deny",
                                "When its risk is at least high and the number of days since its last token is above 60: it is refused, since “not used for {usage.idle_days} days”.",
                                "risk >= HIGH && usage.idle_days > 60",
                                Optional.empty(),
                                ""),
                        new PolicyView.Rule(
                                "money-moves",
                                "review",
                                "When it asks for `refunds:write`: 1 of payments-oncall and 1 of security must approve within 15 minutes.",
                                "\"refunds:write\" in scopes",
                                Optional.of(Bars.of(days, 6)),
                                Bars.totals(days)),
                        new PolicyView.Rule(
                                "x".repeat(80),
                                "approve",
                                "When `" + "y".repeat(200) + "`: it passes at once, for 1 minute at most.",
                                "y".repeat(200),
                                Optional.of(Bars.of(days, 6)),
                                Bars.totals(days))),
                Optional.of(Bars.of(days, 6)),
                List.of(new PolicyView.Suggested(
                        "Report bot asked for reports:read at Payments API 31 times, and 3 people agreed each time, to all of it.",
                        "policies:\n  - rule: report-bot-reports-read-trial\n    when: \"" + "y".repeat(200) + "\"\n")),
                Optional.of(new PolicyView.Shadow("a4c1e77d0aa3f", new Moment(NOW), flips)),
                List.of(
                        new PolicyView.Published(2, "3fa94c1e77d0aa", "Eva Novak", new Moment(NOW), Optional.of("01p")),
                        new PolicyView.Published(
                                1, "77d0aa3fa94c1e", "who runs the server", new Moment(NOW), Optional.empty())));
    }

    /// @param instead whether something small would have changed it
    static DecisionView decision(boolean instead) {
        return new DecisionView(
                "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
                "Refund bot",
                new Moment(NOW),
                "review by money-moves",
                "3fa94c1e77d0aa",
                "No rule that applies denies, and these want people to decide: money-moves.",
                List.of(new RefusalsView.Line("stage (money-moves)", "1 of payments-oncall")),
                List.of(
                        new DecisionView.Rule(
                                "money-moves",
                                "review",
                                true,
                                "applies, since the unknown never helps whoever asks",
                                List.of(
                                        new DecisionView.Part(0, "unknown", "a || b", ""),
                                        new DecisionView.Part(1, "no", "reason == \"x\"", "reason = " + HOSTILE),
                                        new DecisionView.Part(
                                                1, "unknown", "usage.idle_days > 60", "usage.idle_days = unknown"))),
                        new DecisionView.Rule(
                                "routine",
                                "approve",
                                false,
                                "does not apply",
                                List.of(new DecisionView.Part(0, "no", "risk == LOW", "risk = MEDIUM")))),
                List.of(new RefusalsView.Line("reason", HOSTILE), new RefusalsView.Line("risk", "2")),
                Optional.of(new DecisionView.Instead(
                        instead
                                ? List.of(
                                        new DecisionView.Change(
                                                "ask for the scopes [refunds:read] instead of [refunds:write]",
                                                "approve",
                                                "routine",
                                                "the client can do it"),
                                        new DecisionView.Change(
                                                "ask in the hour from 9:00 instead of 3:00; give the reason “x” instead of “"
                                                        + HOSTILE + "”",
                                                "approve",
                                                "routine",
                                                "it takes waiting"),
                                        new DecisionView.Change(
                                                "usage.idle_days is 61 instead of unknown",
                                                "deny",
                                                "no-dormant-privilege, " + "x".repeat(60),
                                                "it takes what is known of the client's use to become another"))
                                : List.of(),
                        "4000 requests tried, and not all there was to try")),
                "");
    }
}
