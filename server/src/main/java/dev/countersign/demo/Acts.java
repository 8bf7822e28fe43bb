package dev.countersign.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// What clients and people of the company do, one act each. An answer other than the story wants ends it: then the
/// demo is not made, and the next start tries again.
final class Acts {
    private final Shop shop;
    private final MovingClock clock;
    private final Runnable catchUp;
    private final Random random;

    /// @param catchUp has the server do at once what is due by the clock
    Acts(Shop shop, MovingClock clock, Runnable catchUp, Random random) {
        this.shop = shop;
        this.clock = clock;
        this.catchUp = catchUp;
        this.random = random;
    }

    /// A request that waits.
    record Held(Caller caller, String request, String code) {}

    /// It gets its token at once.
    void passes(Caller caller, String... fields) {
        token(ask(caller, List.of(fields)));
    }

    /// It gets its token at once, and uses it where the API asks whether it is good.
    ///
    /// @param gateway the client that asks
    void passesAndUses(Caller caller, Caller gateway, String... fields) {
        var token = token(ask(caller, List.of(fields)));
        had("client_id", shop.introspect(gateway, token));
        // It is noted at this time of the clock.
        catchUp.run();
    }

    /// Whatever comes of it.
    void tries(Caller caller, String... fields) {
        ask(caller, List.of(fields));
    }

    /// Time passes.
    void pauses(Duration duration) {
        clock.moveBy(duration);
    }

    /// It is refused at once.
    void isRefused(Caller caller, String... fields) {
        var answer = ask(caller, List.of(fields));
        if (answer.has("access_token") || answer.has("deferral_code")) {
            throw unexpected(answer);
        }
    }

    /// It waits for people.
    Held asks(Caller caller, String... fields) {
        return held(caller, deferred(caller, fields));
    }

    /// It waits for people; empty when it got its token at once.
    Optional<Held> asksOrPasses(Caller caller, String... fields) {
        var answer = deferred(caller, fields);
        return answer.has("access_token") ? Optional.empty() : Optional.of(held(caller, answer));
    }

    /// It gets its token, at once or after these people have approved it.
    void isGranted(List<String> reviewers, Caller caller, String... fields) {
        asksOrPasses(caller, fields).ifPresent(held -> {
            reviewers.forEach(it -> approves(it, held, ""));
            collects(held);
        });
    }

    private JsonNode deferred(Caller caller, String... fields) {
        var all = new ArrayList<>(List.of(fields));
        all.addAll(List.of("completion_mode", "deferred"));
        return ask(caller, all);
    }

    private JsonNode ask(Caller caller, List<String> fields) {
        var all = new ArrayList<>(List.of("grant_type", "client_credentials"));
        all.addAll(fields);
        return shop.ask(caller, all);
    }

    private static Held held(Caller caller, JsonNode answer) {
        var said = answer.path("error_description").stringValue("");
        int at = said.indexOf("reference ");
        if (!answer.has("deferral_code") || at < 0) {
            throw unexpected(answer);
        }
        var request = said.substring(at + "reference ".length()).split("[;, ]", 2)[0];
        return new Held(caller, request, answer.path("deferral_code").stringValue(""));
    }

    /// People take their time.
    void approves(String user, Held held, String comment) {
        votes(user, held.request(), Map.of("vote", "approve", "comment", comment));
    }

    /// To less than was asked.
    ///
    /// @param what the ballot's members that narrow it
    void narrows(String user, Held held, Map<String, ?> what, String comment) {
        var ballot = new LinkedHashMap<String, Object>(what);
        ballot.put("vote", "approve");
        ballot.put("comment", comment);
        votes(user, held.request(), ballot);
    }

    void denies(String user, Held held, String comment) {
        votes(user, held.request(), Map.of("vote", "deny", "comment", comment));
        if (!poll(held).path("error").stringValue("").equals("access_denied")) {
            throw new IllegalStateException("the demo's history went another way: " + held.request());
        }
    }

    void votes(String user, String request, Map<String, ?> ballot) {
        clock.moveBy(Duration.ofSeconds(20 + random.nextInt(240)));
        had("state", shop.tell(user, "/requests/" + request + "/votes", ballot));
        clock.moveBy(Duration.ofSeconds(5));
    }

    void collects(Held held) {
        token(poll(held));
    }

    /// Nobody decides in time, or nobody collects.
    void lapses(Duration after) {
        clock.moveBy(after);
        catchUp.run();
    }

    /// An administrator offers a configuration, and asks for it.
    ///
    /// @return the request's id
    String offers(String user, Map<String, String> files, String reason) {
        return had("request", shop.tell(user, "/configuration", Map.of("files", files, "reason", reason)))
                .path("request")
                .stringValue("");
    }

    /// What was just approved to be put in force, or to be attested, is.
    void comesTrue() {
        catchUp.run();
    }

    /// A member of the owner says that a client is still needed, and somebody else agrees.
    void attest(String user, String client, String reason, String other) {
        var asked = had("request", shop.tell(user, "/clients/" + client + "/attestations", Map.of("reason", reason)));
        votes(other, asked.path("request").stringValue(""), Map.of("vote", "approve", "comment", ""));
        comesTrue();
    }

    /// People look at glass that was broken.
    void looksAtBrokenGlass(String user, String comment) {
        var due = shop.look(user, "/break-glass?state=due").path("items").path(0);
        var id = had("id", due).path("id").stringValue("");
        had("state", shop.tell(user, "/break-glass/" + id + "/reviews", Map.of("vote", "approve", "comment", comment)));
    }

    void freezes(String user, String client, String reason) {
        had("items", shop.tell(user, "/freezes", Map.of("kind", "client", "target", client, "reason", reason)));
    }

    void unfreezes(String user, String client) {
        had("items", shop.tell(user, "/freezes/lift", Map.of("kind", "client", "target", client)));
    }

    private JsonNode poll(Held held) {
        return shop.ask(
                held.caller(),
                List.of("grant_type", "urn:ietf:params:oauth:grant-type:deferred", "deferral_code", held.code()));
    }

    private static String token(JsonNode answer) {
        return had("access_token", answer).path("access_token").stringValue("");
    }

    private static JsonNode had(String name, JsonNode answer) {
        if (!answer.has(name)) {
            throw unexpected(answer);
        }
        return answer;
    }

    /// What the server said holds no secret when it is not what was wanted.
    private static IllegalStateException unexpected(JsonNode answer) {
        return new IllegalStateException("the demo's history went another way: " + answer);
    }
}
