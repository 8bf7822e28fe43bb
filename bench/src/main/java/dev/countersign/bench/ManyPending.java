package dev.countersign.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Many requests that wait for people: how fast they are made, and polled, and what is beside them.
///
/// They are polled at a rate, since a code must not be polled again within five seconds.
final class ManyPending implements Scenario {
    private static final int SECONDS_BETWEEN_POLLS = 5;

    private static final String SESSION = "countersign=";

    @Override
    public void measure(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var child = rig.start(folder)) {
            var codes = fill(rig, child, folder);
            var polling = new Asking.Polling(folder, codes);
            int rate = codes.size() / SECONDS_BETWEEN_POLLS;
            var with = ", %,d pending".formatted(codes.size());
            try (var loop = new Loop(List.of(child.port), 64, polling)) {
                loop.run(rig.options.warmUp().dividedBy(2), rate);
                rig.report.rate(
                        "polls, asked for %d times a second".formatted(rate) + with,
                        rig.windows(List.of(child), () -> loop.run(rig.options.window(), rate)));
            }
            introspect(rig, child, folder, with);
            rig.issue(with, List.of(child), folder, 64, rig.options.warmUp().dividedBy(2));
            rig.ask("queue, 50 of them as JSON" + with, child, queue(rig.token(folder)));
            rig.ask("queue, as a page" + with, child, page(child, folder));
            rig.report.line("memory" + with, "%d MiB".formatted(child.resident() / 1024));
        }
        Whole.starts(rig, folder, ", %,d pending".formatted(rig.options.pending()));
    }

    /// Makes requests pending until there are as many as wanted, and says how fast at the beginning and at the end.
    static List<Asking.Code> fill(Rig rig, Child child, Folder folder) throws IOException {
        var review = new Asking.Review(folder);
        var windows = new ArrayList<Window>();
        try (var loop = new Loop(List.of(child.port), 64, review)) {
            loop.run(rig.options.warmUp().dividedBy(2));
            while (review.codes.size() < rig.options.pending()) {
                windows.add(rig.window(List.of(child), () -> loop.run(rig.options.window())));
            }
        }
        int few = Math.min(rig.options.rounds(), windows.size());
        rig.report.rate("requests made pending, the first", windows.subList(0, few));
        rig.report.rate(
                "requests made pending, the last of %,d".formatted(review.codes.size()),
                windows.subList(windows.size() - few, windows.size()));
        return review.codes;
    }

    /// What an API asks about tokens that are shown to it.
    static void introspect(Rig rig, Child child, Folder folder, String when) throws IOException {
        var windows = new ArrayList<Window>();
        try (var asking = Connection.open(child.port)) {
            for (int round = 0; round <= rig.options.rounds(); round++) {
                // A token lives a minute.
                asking.ask(Asking.read(folder, 0)).expect(200);
                var token = new String(asking.after("\"access_token\":\"".getBytes(US_ASCII), '"'), US_ASCII);
                var request = Connection.request(
                        "POST", "/introspect", folder.headers(Folder.INTROSPECTOR), "token=" + token);
                asking.ask(request).expect(200);
                if (!asking.body().contains("\"active\":true")) {
                    throw new IOException("not active: " + asking.body());
                }
                try (var loop = new Loop(List.of(child.port), 64, Traffic.same(request, 200))) {
                    var length = round == 0 ? rig.options.warmUp().dividedBy(2) : rig.options.window();
                    var window = rig.window(List.of(child), () -> loop.run(length));
                    if (round > 0) {
                        windows.add(window);
                    }
                }
            }
        }
        rig.report.rate("introspections, 64 connections" + when, windows);
    }

    static byte[] queue(String token) {
        return Connection.request(
                "GET", "/api/v1/requests?state=pending&limit=50", "Authorization: Bearer " + token + "\r\n", "");
    }

    /// The dashboard's first page, for the reviewer, who is signed in for it.
    static byte[] page(Child child, Folder folder) throws IOException {
        return Connection.request("GET", "/", "Cookie: " + signIn(child, folder) + "\r\n", "");
    }

    /// The cookie of a session that begins here.
    static String signIn(Child child, Folder folder) throws IOException {
        var form = "b".repeat(32); // a page would have given it
        var body = "user=" + Folder.REVIEWER + "&password=" + folder.password + "&csrf=" + form;
        var headers = "Cookie: signin=" + form + "\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        try (var connection = Connection.open(child.port)) {
            connection.ask(Connection.request("POST", "/login", headers, body)).expect(303);
            return SESSION + new String(connection.after(SESSION.getBytes(US_ASCII), ';'), US_ASCII);
        }
    }
}
