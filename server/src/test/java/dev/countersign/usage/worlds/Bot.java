package dev.countersign.usage.worlds;

import dev.countersign.usage.Ask;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One client and its life of 90 days. Everything comes of its seed.
final class Bot {
    static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    static final int DAYS = 90;
    static final double WEEKS = DAYS / 7.0;
    static final String API = "https://api.example.com";

    final String id;
    final Kind kind;
    final String owner;
    final String network;
    final String agent;
    final List<String> scopes = new ArrayList<>();
    private final Random random;
    private final int zone;
    private final int times;
    private final int minute;
    private final int rotates;
    private final int moves;
    private final int grows;
    private final List<Ask> life = new ArrayList<>();

    Bot(int number, Kind kind, long seed) {
        random = new Random(seed * 1_000_003 + number);
        id = "bot-" + number;
        this.kind = kind;
        owner = "team-" + kind.name() + "-" + number % 3;
        network = "net-" + id;
        agent = List.of("curl", "python-requests", "Java-http-client", "Go-http-client")
                .get(random.nextInt(4));
        for (int i = 0; i <= random.nextInt(3); i++) {
            scopes.add("scope:" + kind.name() + ":" + i);
        }
        zone = random.nextInt(14) - 5;
        times = 1 + random.nextInt(4);
        minute = random.nextInt(24 * 60);
        rotates = random.nextInt(180);
        moves = random.nextInt(450);
        grows = random.nextInt(270);
        for (int day = 0; day < DAYS; day++) {
            live(day);
        }
    }

    /// What it asks for, in no order.
    List<Ask> life() {
        return life;
    }

    private void live(int day) {
        var weekday = START.plus(Duration.ofDays(day)).atZone(ZoneOffset.UTC).getDayOfWeek();
        boolean works = weekday != DayOfWeek.SATURDAY && weekday != DayOfWeek.SUNDAY;
        switch (kind) {
            case CRON -> {
                for (int i = 0; i < times; i++) {
                    ask(day, minute + i * 24 * 60 / times + jitter(2));
                }
            }
            case OFFICE -> {
                if (works) {
                    office(day, 3 + times * 2);
                }
            }
            case CI -> {
                int pipelines = works ? 3 + random.nextInt(3 * times) : random.nextInt(2);
                for (int i = 0; i < pipelines; i++) {
                    int at = hour(7, 20);
                    for (int n = 3 + random.nextInt(6 * times); n > 0; n--) {
                        ask(day, at + random.nextInt(5));
                    }
                }
            }
            case SEASONAL -> {
                if (day % 30 >= 27) {
                    office(day, 8 + 4 * times);
                }
            }
            case ROAMING -> {
                if (works || random.nextInt(6) == 0) {
                    office(day, 1 + random.nextInt(5));
                }
            }
            case AGENT -> {
                for (int i = random.nextInt(2 + times); i > 0; i--) {
                    int at = random.nextInt(24 * 60);
                    for (int n = 3 + random.nextInt(25); n > 0; n--) {
                        ask(day, at + random.nextInt(60));
                    }
                }
            }
            case RETIRED -> {
                if (day < 21) {
                    office(day, 3);
                }
            }
        }
    }

    private void office(int day, int mean) {
        for (int n = poisson(mean); n > 0; n--) {
            ask(day, hour(8, 18));
        }
    }

    private int hour(int from, int to) {
        return (from - zone) * 60 + random.nextInt((to - from) * 60);
    }

    private int jitter(int minutes) {
        return random.nextInt(2 * minutes + 1) - minutes;
    }

    private int poisson(double mean) {
        int n = 0;
        for (double p = random.nextDouble(), limit = Math.exp(-mean); p > limit; p *= random.nextDouble()) {
            n++;
        }
        return n;
    }

    private void ask(int day, int minutes) {
        var at = START.plus(Duration.ofDays(day)).plusSeconds(60L * minutes + random.nextInt(60));
        if (!at.isBefore(START) && at.isBefore(START.plus(Duration.ofDays(DAYS)))) {
            life.add(ask(at, from(day), scope(day)));
        }
    }

    private String from(int day) {
        if (kind == Kind.ROAMING && random.nextInt(3) == 0) {
            return "trip-" + id + "-" + day / 2;
        }
        if (kind == Kind.OFFICE && random.nextInt(10) == 0) {
            return network + "-home";
        }
        if (kind == Kind.CI) {
            return network + "-" + random.nextInt(4);
        }
        return day > moves ? network + "-moved" : network;
    }

    private String scope(int day) {
        return day > grows && random.nextInt(10) == 0
                ? "scope:" + kind.name() + ":more"
                : scopes.get(random.nextInt(scopes.size()));
    }

    private Ask ask(Instant at, String from, String scope) {
        long day = Duration.between(START, at).toDays();
        var reason = kind == Kind.AGENT ? "reason-" + random.nextInt(40) : "";
        return ask(at, from, agent, day > rotates ? "key-2" : "key-1", scope, reason);
    }

    Ask ask(Instant at, String from, String with, String key, String scope, String reason) {
        return new Ask(
                id,
                owner,
                API,
                List.of(scope),
                List.of(),
                "client_secret_basic",
                key,
                from,
                with,
                reason,
                id + scope,
                60,
                at);
    }

    /// Its key at that time.
    String key(Instant at) {
        return Duration.between(START, at).toDays() > rotates ? "key-2" : "key-1";
    }
}
