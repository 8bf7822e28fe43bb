package dev.countersign.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// Half a year of the company's life, lived through a real server whose clock moves: every entry comes of a request
/// that was posted and of votes that were cast. So usage profiles and the ledger tell the same story.
final class History {
    /// How long ago it begins.
    static final Duration LENGTH = Duration.ofDays(182);

    /// How long ago the customer export of the old CRM was used last.
    static final int DORMANT_DAYS = 147;

    private static final List<String> REFUNDS = List.of(
            "arrived broken", "never arrived", "charged twice", "wrong size, sent back", "recalled by the maker");
    private static final List<String> REVIEWERS = List.of("ana", "bo");

    private record Chapter(Instant at, Runnable happens) {}

    private final Shop shop;
    private final MovingClock clock;
    private final Random random = new Random(20);
    private final List<Chapter> chapters = new ArrayList<>();
    private int order = 1000;

    private History(Shop shop, MovingClock clock) {
        this.shop = shop;
        this.clock = clock;
    }

    /// Lives it, up to shortly before `now`.
    static void live(Shop shop, MovingClock clock, Instant now) {
        var history = new History(shop, clock);
        history.plan(now);
        history.chapters.stream()
                .sorted(Comparator.comparing(Chapter::at))
                .filter(it -> it.at().isBefore(now.minus(Duration.ofHours(1))))
                .forEach(it -> {
                    clock.moveTo(it.at());
                    it.happens().run();
                });
    }

    private void plan(Instant now) {
        var today = now.atZone(ZoneOffset.UTC).toLocalDate();
        int days = (int) LENGTH.toDays();
        for (int ago = days - 1; ago >= 0; ago--) {
            var date = today.minusDays(ago);
            boolean work = date.getDayOfWeek() != DayOfWeek.SATURDAY && date.getDayOfWeek() != DayOfWeek.SUNDAY;
            if (work) {
                at(date, 5, () -> read("https://orders.fernhill.example", "orders:read"));
            }
            if (work && ago % 4 == 1) {
                at(date, 10, this::refund);
            }
            if (date.getDayOfWeek() == DayOfWeek.TUESDAY) {
                at(date, 9, this::stage);
            }
            if (date.getDayOfWeek() == DayOfWeek.WEDNESDAY && ago % 2 == 0) {
                at(date, 14, this::deploy);
            }
            if (date.getDayOfWeek() == DayOfWeek.FRIDAY && ago % 2 == 0) {
                at(date, 13, this::payOut);
            }
        }
        for (int ago : new int[] {DORMANT_DAYS + 28, DORMANT_DAYS + 14, DORMANT_DAYS}) {
            // A whole number of days ago, so that the last of them is told as such.
            chapters.add(new Chapter(now.minus(Duration.ofDays(ago)).minus(Duration.ofHours(1)), this::export));
        }
        at(today.minusDays(1), 15, this::refund);
    }

    /// Some time within the hour.
    private void at(LocalDate date, int hour, Runnable happens) {
        var time = LocalTime.of(hour, random.nextInt(60), random.nextInt(60));
        chapters.add(new Chapter(date.atTime(time).toInstant(ZoneOffset.UTC), happens));
    }

    private void read(String resource, String scope) {
        token(shop.ask("reports", "grant_type", "client_credentials", "resource", resource, "scope", scope));
    }

    private void stage() {
        token(shop.ask("deployer", "grant_type", "client_credentials", "scope", "deploy:staging"));
    }

    private void refund() {
        var reason = "Order " + order++ + " " + pick(REFUNDS);
        var held = held("refund-bot", "refunds:write", reason);
        thinks();
        if (random.nextInt(8) == 0) {
            says(pick(REVIEWERS), "deny", held, "Refunded by hand yesterday");
            refused(held);
        } else {
            says(pick(REVIEWERS), "approve", held, "");
            collects(held);
        }
    }

    private void deploy() {
        var held = held("deployer", "deploy:production", "Release " + (order++ % 100) + " of the shop");
        thinks();
        if (random.nextInt(6) == 0) {
            says("eli", "deny", held, "Not while the sale runs");
            refused(held);
        } else {
            says("eli", "approve", held, "");
            collects(held);
        }
    }

    private void payOut() {
        var held = held("payout-runner", "payouts:write", "Supplier run of the week");
        thinks();
        says("ana", "approve", held, "Sums match the invoices");
        thinks();
        says("cy", "approve", held, "");
        collects(held);
    }

    private void export() {
        var held = held("old-crm-export", "customers:export", "Move customers to the new CRM");
        thinks();
        says("cy", "approve", held, "");
        thinks();
        says("max", "approve", held, "Last time, says the project");
        collects(held);
    }

    private record Held(String client, String request, String code) {}

    private Held held(String client, String scope, String reason) {
        var answer = shop.ask(
                client,
                "grant_type",
                "client_credentials",
                "scope",
                scope,
                "reason",
                reason,
                "ticket",
                "FERN-" + order,
                "completion_mode",
                "deferred");
        var said = answer.path("error_description").stringValue("");
        int at = said.indexOf("reference ");
        if (!answer.has("deferral_code") || at < 0) {
            throw unexpected(answer);
        }
        var request = said.substring(at + "reference ".length()).split("[;, ]", 2)[0];
        return new Held(client, request, answer.path("deferral_code").stringValue(""));
    }

    private void thinks() {
        clock.moveBy(Duration.ofSeconds(20 + random.nextInt(240)));
    }

    private void says(String user, String vote, Held held, String comment) {
        var answer = shop.vote(user, held.request, Map.of("vote", vote, "comment", comment));
        if (!answer.has("state")) {
            throw unexpected(answer);
        }
    }

    private void collects(Held held) {
        clock.moveBy(Duration.ofSeconds(5));
        token(poll(held));
    }

    private void refused(Held held) {
        clock.moveBy(Duration.ofSeconds(5));
        var answer = poll(held);
        if (!answer.path("error").stringValue("").equals("access_denied")) {
            throw unexpected(answer);
        }
    }

    private JsonNode poll(Held held) {
        return shop.ask(
                held.client, "grant_type", "urn:ietf:params:oauth:grant-type:deferred", "deferral_code", held.code);
    }

    private static void token(JsonNode answer) {
        if (!answer.has("access_token")) {
            throw unexpected(answer);
        }
    }

    /// What the server said holds no secret when it is not what was wanted.
    private static IllegalStateException unexpected(JsonNode answer) {
        return new IllegalStateException("the demo's history went another way: " + answer);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
