package dev.countersign.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;

/// What happened once at the company, and what is told of it: each finding that the past can have is in here, if it is
/// not in what clients do every day.
final class Episodes {
    /// How long ago the customer export of the old CRM was used last.
    static final int DORMANT_DAYS = 147;

    /// On which day the warehouse sync began to prove itself as the others do.
    static final int METHOD_CHANGED = 20;

    private static final int WAS_GOVERNED = 6;

    private final Diary diary;
    private final Acts acts;
    private final Shop shop;
    private final Everyday everyday;
    private final Versions versions;
    private boolean drifted;

    Episodes(Diary diary, Acts acts, Shop shop, Everyday everyday, Versions versions) {
        this.diary = diary;
        this.acts = acts;
        this.shop = shop;
        this.everyday = everyday;
        this.versions = versions;
    }

    void plan() {
        exports();
        publications();
        desk();
        dee();
        refundBot();
        reports();
        warehouse();
        careAgent();
        priceAgent();
        nobodyAnswers();
        brokenGlass();
    }

    private void exports() {
        for (int ago : List.of(DORMANT_DAYS + 28, DORMANT_DAYS + 14, DORMANT_DAYS)) {
            diary.before(ago, () -> export("old-crm-export", "Move customers to the new CRM", "Fewer than last time"));
        }
        diary.before(
                3,
                () -> acts.isRefused(
                        shop.client("old-crm-export").from("203.0.113.54"),
                        "scope",
                        "customers:export",
                        "reason",
                        "Move customers to the new CRM",
                        "ticket",
                        "CRM-19"));
        for (int ago : List.of(180, 152, 124, 96)) {
            diary.before(ago, () -> export("tax-export", "Month-end for the tax office", ""));
        }
        diary.before(
                2,
                () -> acts.attest(
                        "dee",
                        "tax-export",
                        "The tax office asks for last year, and the export runs this month",
                        "cy"));
    }

    private void export(String client, String reason, String comment) {
        var held = acts.asks(
                shop.client(client).from("10.20.7.3"),
                "scope",
                "customers:export",
                "reason",
                reason,
                "ticket",
                "FERN-7");
        acts.approves("cy", held, "");
        acts.approves("max", held, comment);
        acts.collects(held);
    }

    private void publications() {
        diary.at(60, LocalTime.of(9, 30), () -> {
            var asked = acts.offers("max", versions.oneGroupPays(), "Supplier runs wait too long for security");
            acts.votes("cy", asked, Map.of("vote", "deny", "comment", "Two groups, or nobody is paid"));
        });
        diary.at(METHOD_CHANGED, LocalTime.of(9, 0), () -> {
            var asked = acts.offers(
                    "max",
                    versions.second(),
                    "The care agent refunds up to 20 EUR by itself; the warehouse sync proves itself as all others do;"
                            + " gift cards are retired");
            acts.votes("cy", asked, Map.of("vote", "approve", "comment", "Looked at what it would have let through"));
            acts.comesTrue();
        });
        diary.at(WAS_GOVERNED, LocalTime.of(15, 0), () -> {
            var asked = acts.offers(
                    "max", versions.last(), "The rules change often before the sale: back to one who publishes");
            acts.votes("cy", asked, Map.of("vote", "approve", "comment", "Until January"));
            acts.comesTrue();
        });
    }

    private void desk() {
        for (int ago = 178; ago >= 150; ago -= 7) {
            diary.on(ago, 13, () -> {
                var held = acts.asks(
                        everyday.desk(),
                        "resource",
                        Everyday.ORDERS,
                        "scope",
                        "orders:cancel",
                        "reason",
                        "The customer ordered twice");
                acts.approves("bo", held, "");
                acts.collects(held);
            });
        }
        diary.on(
                DayOfWeek.TUESDAY,
                25,
                13,
                () -> acts.passes(everyday.desk(), "resource", Everyday.ORDERS, "scope", "orders:read returns:read"));
        diary.on(
                DayOfWeek.WEDNESDAY,
                12,
                13,
                () -> acts.passes(
                        everyday.desk(),
                        "resource",
                        Everyday.ORDERS,
                        "scope",
                        "orders:read",
                        "requested_lifetime",
                        "900"));
        diary.on(
                DayOfWeek.TUESDAY,
                10,
                6,
                () -> acts.passes(everyday.desk(), "resource", Everyday.ORDERS, "scope", "orders:read"));
        diary.on(
                DayOfWeek.SUNDAY,
                10,
                4,
                () -> acts.passes(everyday.desk(), "resource", Everyday.PAYMENTS, "scope", "payments:read"));
    }

    private void dee() {
        for (int ago : List.of(170, 163, 156, 149, 142, 60)) {
            diary.on(ago, 14, () -> {
                var held = acts.asks(
                        everyday.dee(),
                        "resource",
                        Everyday.DEPLOYMENTS,
                        "scope",
                        "deploy:production",
                        "reason",
                        "The pipeline is stuck, and the fix is ready");
                acts.approves("eli", held, "Together on the phone");
                acts.collects(held);
            });
        }
    }

    private void refundBot() {
        diary.on(15, 11, () -> {
            var held = acts.asks(
                    shop.client("refund-bot").by("python-requests/2.31"),
                    "scope",
                    "refunds:write",
                    "reason",
                    "Order 998 was charged twice",
                    "ticket",
                    "FERN-998");
            acts.approves("ana", held, "The new version of the bot, as announced");
            acts.collects(held);
        });
        diary.on(8, 16, () -> {
            String[] same = {"scope", "refunds:write", "reason", "Order 871 never arrived", "ticket", "FERN-871"};
            var ours = acts.asks(shop.client("refund-bot"), same);
            var other = acts.asks(shop.client("refund-bot").from("203.0.113.77").by("Go-http-client/1.1"), same);
            acts.approves("bo", ours, "This one is ours");
            acts.collects(ours);
            acts.denies("ana", other, "Nobody of us is in that network: the secret has leaked, and is being changed");
        });
    }

    private void reports() {
        diary.on(
                33,
                5,
                () -> acts.passes(
                        shop.client("reports").from("198.51.100.77"),
                        "resource",
                        Everyday.ORDERS,
                        "scope",
                        "orders:read"));
    }

    /// One night in circles, until the rule against that stops it.
    private void warehouse() {
        diary.at(22, LocalTime.of(2, 40), () -> {
            for (int i = 0; i < 14; i++) {
                acts.tries(everyday.warehouse().inForm(true), "scope", "catalog:read stock:write");
                acts.pauses(Duration.ofSeconds(3));
            }
        });
    }

    private void careAgent() {
        diary.on(DayOfWeek.SUNDAY, 26, 10, () -> acts.freezes("max", "care-agent", "INC-2290: it answers in riddles"));
        diary.on(
                DayOfWeek.SUNDAY,
                26,
                11,
                () -> acts.isRefused(
                        everyday.careAgent(),
                        "resource",
                        Everyday.PAYMENTS,
                        "authorization_details",
                        Everyday.refund(641, 18),
                        "reason",
                        "The customer of order 641 is not happy"));
        diary.on(DayOfWeek.SUNDAY, 26, 12, () -> acts.unfreezes("max", "care-agent"));
        diary.on(
                DayOfWeek.FRIDAY,
                14,
                9,
                () -> acts.isRefused(
                        everyday.careAgent(),
                        "resource",
                        Everyday.ORDERS,
                        "scope",
                        "customers:export",
                        "reason",
                        "To see whether the customer is right, all customers are needed"));
        for (int hour : List.of(10, 13)) {
            diary.on(
                    DayOfWeek.WEDNESDAY,
                    10,
                    hour,
                    () -> acts.denies(
                            "ana",
                            acts.asks(
                                    everyday.careAgent(),
                                    "resource",
                                    Everyday.PAYMENTS,
                                    "authorization_details",
                                    Everyday.refund(702, 240),
                                    "reason",
                                    "The customer of order 702 insists"),
                            "The order was of 24 EUR"));
        }
        for (int hour = 9; hour < 16; hour++) {
            int order = 720 + hour;
            diary.on(
                    DayOfWeek.THURSDAY,
                    9,
                    hour,
                    () -> acts.isGranted(
                            List.of("bo"),
                            everyday.careAgent(),
                            "resource",
                            Everyday.PAYMENTS,
                            "authorization_details",
                            Everyday.refund(order, 31),
                            "reason",
                            "The customer is not happy"));
        }
    }

    /// It does not fetch what it is granted, and later is not what it was.
    private void priceAgent() {
        for (int ago : List.of(28, 24, 19)) {
            diary.on(ago, 12, () -> {
                acts.approves("eli", prices("The competition is cheaper"), "For today");
                acts.lapses(Duration.ofMinutes(11));
            });
        }
        diary.on(17, 12, () -> {
            var held = prices("The competition is cheaper today as well");
            acts.approves("eli", held, "Fetch it this time");
            acts.collects(held);
        });
        for (int night : List.of(5, 4, 3)) {
            for (int i = 0; i < 20; i++) {
                diary.at(night, LocalTime.of(0, 5).plusMinutes(11L * i), this::drifts);
            }
        }
        diary.on(
                1,
                8,
                () -> acts.denies(
                        "cy", prices("New prices for the weekend"), "Not before somebody knows what it does at night"));
    }

    private Acts.Held prices(String reason) {
        return acts.asks(everyday.priceAgent(), "scope", "prices:write", "reason", reason, "ticket", "FERN-52");
    }

    /// Night after night, until the rule against that asks people.
    private void drifts() {
        if (!drifted) {
            acts.asksOrPasses(everyday.priceAgent(), "scope", "catalog:read").ifPresent(held -> {
                acts.denies("cy", held, "It was never awake at this time: off, until somebody has looked");
                drifted = true;
            });
        }
    }

    private void nobodyAnswers() {
        diary.on(50, 22, () -> {
            acts.asks(
                    shop.client("deployer"),
                    "scope",
                    "deploy:production",
                    "reason",
                    "Release 44 of the shop",
                    "ticket",
                    "FERN-44");
            acts.lapses(Duration.ofMinutes(31));
        });
    }

    private void brokenGlass() {
        diary.at(
                40,
                LocalTime.of(3, 20),
                () -> acts.passes(
                        shop.client("refund-bot"),
                        "scope",
                        "refunds:write",
                        "break_glass",
                        "true",
                        "reason",
                        "INC-2231: customers are charged twice every minute, and nobody on call answers",
                        "ticket",
                        "INC-2231"));
        diary.at(
                40,
                LocalTime.of(8, 40),
                () -> acts.looksAtBrokenGlass(
                        "cy", "The phones of both on call were down; three are on call from now on"));
    }
}
