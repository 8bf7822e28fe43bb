package dev.countersign.demo;

import dev.countersign.http.Json;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What the company's clients do day by day, each in a rhythm of its own.
final class Everyday {
    static final String ORDERS = "https://orders.fernhill.example";
    static final String PAYMENTS = "https://payments.fernhill.example";
    static final String DEPLOYMENTS = "https://deploy.fernhill.example";
    static final String CATALOG = "https://catalog.fernhill.example";

    /// How long ago the care agent began to work.
    private static final int AGENT_DAYS = 70;

    /// How long ago the price agent began to work, and when it was switched off for a while.
    private static final int PRICE_AGENT_FROM = 80;

    private static final int PRICE_AGENT_TO = 16;

    /// How long ago the warehouse sync counted stock last.
    private static final int STOCK_COUNTED_UNTIL = 6;

    /// For how long there is something that is observed only.
    private static final int OBSERVED_DAYS = 29;

    private static final List<String> REFUNDS = List.of(
            "arrived broken", "never arrived", "was charged twice", "was the wrong size", "was recalled by its maker");
    private static final List<String> PAYMENTS_ON_CALL = List.of("ana", "bo");
    private static final List<String> PLATFORM_ON_CALL = List.of("eli", "bo");

    private final Diary diary;
    private final Acts acts;
    private final Shop shop;
    private final Random random;
    private int order = 1000;

    Everyday(Diary diary, Acts acts, Shop shop, Random random) {
        this.diary = diary;
        this.acts = acts;
        this.shop = shop;
        this.random = random;
    }

    void plan() {
        for (int ago = (int) Diary.LENGTH.toDays() - 1; ago >= 0; ago--) {
            int day = ago;
            warehouse(day);
            if (diary.isWorkday(day)) {
                reports(day);
                desk(day);
                builds(day);
                refunds(day);
                dee(day);
            }
            deploys(day);
            payouts(day);
            careAgent(day);
            priceAgent(day);
            loyalty(day);
        }
        campaign(125, 100);
        campaign(45, 32);
        // It looks around before it may touch anything.
        diary.on(AGENT_DAYS + 1, 9, () -> acts.passes(careAgent(), "resource", PAYMENTS, "scope", "payments:read"));
        for (int ago = 180; ago > 110; ago -= 7) {
            diary.on(
                    ago,
                    11,
                    () -> acts.passes(
                            shop.client("gift-cards").from("10.20.9.4").by("gift-printer/1.0"),
                            "scope",
                            "orders:read"));
        }
    }

    /// The job of the night.
    Caller warehouse() {
        return shop.client("warehouse-sync").from("10.20.4.17").by("warehouse-sync/4.2");
    }

    Caller desk() {
        return shop.client("support-desk")
                .from("10.20.8." + (10 + random.nextInt(6)))
                .by("fernhill-desk/11.3");
    }

    Caller careAgent() {
        return shop.client("care-agent").from("10.40.1.9").by("care-agent/2.1");
    }

    Caller priceAgent() {
        return shop.client("price-agent").from("10.40.1.12").by("price-agent/0.9");
    }

    /// From wherever she is.
    Caller dee() {
        var somewhere = "100.%d.%d.7".formatted(64 + random.nextInt(60), random.nextInt(250));
        return shop.client("dee-cli").from(somewhere).by("countersign/0.1");
    }

    private void warehouse(int day) {
        diary.at(
                day,
                LocalTime.of(2, 10).plusSeconds(random.nextInt(90)),
                () -> stock(warehouse().inForm(day >= Episodes.METHOD_CHANGED), day >= STOCK_COUNTED_UNTIL));
    }

    /// It still gets its token when it has stopped to count.
    private void stock(Caller warehouse, boolean counts) {
        if (counts) {
            var gateway = shop.client("catalogue-gateway");
            acts.passesAndUses(warehouse, gateway, "scope", "catalog:read stock:write");
        } else {
            acts.passes(warehouse, "scope", "catalog:read stock:write");
        }
    }

    private void reports(int day) {
        diary.on(day, 5, () -> acts.passes(shop.client("reports"), "resource", ORDERS, "scope", "orders:read"));
    }

    private void desk(int day) {
        for (int hour : List.of(8 + random.nextInt(3), 11 + random.nextInt(3), 14 + random.nextInt(4))) {
            boolean payments = random.nextInt(3) == 0;
            diary.on(
                    day,
                    hour,
                    () -> acts.passes(
                            desk(),
                            "resource",
                            payments ? PAYMENTS : ORDERS,
                            "scope",
                            payments ? "payments:read" : "orders:read"));
        }
    }

    /// Many at once when somebody has pushed, and nothing in between.
    private void builds(int day) {
        if (random.nextInt(5) < 2) {
            return;
        }
        int hour = 8 + random.nextInt(9);
        int minute = random.nextInt(50);
        int jobs = 3 + random.nextInt(5);
        var runner = shop.client("builds").from("10.30.2." + random.nextInt(4)).by("gitlab-runner/17.1");
        for (int job = 0; job < jobs; job++) {
            diary.at(
                    day,
                    LocalTime.of(hour, minute).plusSeconds(20L * job),
                    () -> acts.passes(
                            runner, "resource", DEPLOYMENTS, "scope", "deploy:staging", "requested_lifetime", "120"));
        }
    }

    private void refunds(int day) {
        if (day % 5 == 1 || day % 5 == 3) {
            diary.on(day, 10, this::refund);
        }
    }

    private void refund() {
        var held = acts.asks(
                shop.client("refund-bot"),
                "scope",
                "refunds:write",
                "reason",
                "Order " + order++ + " " + pick(REFUNDS),
                "ticket",
                "FERN-" + order);
        if (random.nextInt(9) == 0) {
            acts.denies(pick(PAYMENTS_ON_CALL), held, "Refunded by hand yesterday");
        } else {
            acts.approves(pick(PAYMENTS_ON_CALL), held, "");
            acts.collects(held);
        }
    }

    private void dee(int day) {
        if (random.nextInt(2) == 0) {
            return;
        }
        var dee = dee();
        boolean orders = random.nextInt(3) == 0;
        diary.on(
                day,
                9 + random.nextInt(11),
                () -> acts.passes(
                        dee,
                        "resource",
                        orders ? ORDERS : DEPLOYMENTS,
                        "scope",
                        orders ? "orders:read" : "deploy:staging"));
    }

    private void deploys(int day) {
        var date = diary.date(day).getDayOfWeek();
        if (date == DayOfWeek.TUESDAY) {
            diary.on(day, 9, () -> acts.passes(shop.client("deployer"), "scope", "deploy:staging"));
        }
        if (date == DayOfWeek.WEDNESDAY && day / 7 % 2 == 0) {
            diary.on(day, 14, this::deploy);
        }
    }

    private void deploy() {
        var held = acts.asks(
                shop.client("deployer"),
                "scope",
                "deploy:production",
                "reason",
                "Release " + (order++ % 100) + " of the shop",
                "ticket",
                "FERN-" + order);
        if (random.nextInt(6) == 0) {
            acts.denies(pick(PLATFORM_ON_CALL), held, "Not while the sale runs");
        } else {
            acts.approves(pick(PLATFORM_ON_CALL), held, "");
            acts.collects(held);
        }
    }

    private void payouts(int day) {
        if (diary.date(day).getDayOfWeek() == DayOfWeek.FRIDAY && day / 7 % 2 == 0) {
            diary.on(day, 13, () -> {
                var held = acts.asks(
                        shop.client("payout-runner"),
                        "scope",
                        "payouts:write",
                        "reason",
                        "Supplier run of the week",
                        "ticket",
                        "FERN-" + order++);
                acts.approves("ana", held, "Sums match the invoices");
                acts.approves("cy", held, "");
                acts.collects(held);
            });
        }
    }

    /// By day and by night, but not on Sundays.
    private void careAgent(int day) {
        if (day < AGENT_DAYS && random.nextInt(4) != 0 && diary.date(day).getDayOfWeek() != DayOfWeek.SUNDAY) {
            diary.on(day, random.nextInt(24), this::careRefund);
        }
    }

    private void careRefund() {
        int amount = 5 + random.nextInt(36);
        var number = order++;
        var answer = acts.asksOrPasses(
                careAgent(),
                "resource",
                PAYMENTS,
                "authorization_details",
                refund(number, amount),
                "reason",
                "The customer of order " + number + " says that it " + pick(REFUNDS));
        answer.ifPresent(held -> {
            switch (random.nextInt(6)) {
                case 0 -> acts.denies(pick(PAYMENTS_ON_CALL), held, "The customer has to send it back first");
                case 1 -> {
                    acts.narrows(
                            pick(PAYMENTS_ON_CALL),
                            held,
                            Map.of("authorization_details", Json.read(refund(number, Math.max(1, amount / 2)))),
                            "Half of it is for the seller to pay");
                    acts.collects(held);
                }
                default -> {
                    acts.approves(pick(PAYMENTS_ON_CALL), held, "");
                    acts.collects(held);
                }
            }
        });
    }

    static String refund(int order, int amount) {
        return "[{\"type\":\"refund\",\"order\":\"%d\",\"amount\":%d,\"currency\":\"EUR\"}]".formatted(order, amount);
    }

    /// Every other hour of a working day, until it was switched off.
    private void priceAgent(int day) {
        if (day <= PRICE_AGENT_FROM && day > PRICE_AGENT_TO && diary.isWorkday(day)) {
            for (int hour = 7; hour < 18; hour += 2) {
                diary.on(day, hour, () -> acts.passes(priceAgent(), "scope", "catalog:read"));
            }
        }
    }

    private void loyalty(int day) {
        if (day > OBSERVED_DAYS) {
            return;
        }
        var loyalty = shop.client("loyalty-sync").from("10.50.3.8").by("loyalty/0.3");
        diary.on(
                day,
                6,
                () -> acts.passes(loyalty, "resource", ORDERS, "scope", "orders:read", "requested_lifetime", "600"));
        if (day % 4 == 2) {
            diary.on(day, 7, () -> acts.passes(loyalty, "resource", PAYMENTS, "scope", "refunds:write"));
        }
    }

    /// A sale: new prices every morning.
    private void campaign(int from, int to) {
        for (int ago = from; ago > to; ago--) {
            diary.on(
                    ago,
                    10,
                    () -> acts.isGranted(
                            List.of("eli"),
                            shop.client("sale-prices").from("10.20.6.2").by("sale/3.0"),
                            "scope",
                            "prices:write",
                            "reason",
                            "Prices of the day"));
        }
        diary.before(
                to,
                () -> acts.isGranted(
                        List.of("bo"),
                        shop.client("sale-prices").from("10.20.6.2").by("sale/3.0"),
                        "scope",
                        "prices:write",
                        "reason",
                        "Prices as they were before the sale"));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
