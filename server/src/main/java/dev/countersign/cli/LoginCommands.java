package dev.countersign.cli;

import dev.countersign.http.Json;
import dev.countersign.oauth.Sha256;
import dev.countersign.people.DeviceGrants;
import dev.countersign.store.Ids;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Who a command line is: `login`, `logout`, `whoami`.
final class LoginCommands {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private LoginCommands() {}

    @Command(
            name = "login",
            description =
                    "Signs this command line in as you: you confirm it in a browser. What it is given works for 8 hours"
                            + " and is kept in ~/.config/countersign, for commands without --token.")
    static final class Login implements Runnable {
        @Mixin
        private final Address server = new Address();

        @Option(
                names = "--scope",
                paramLabel = "S",
                split = ",",
                defaultValue = "requests:read,requests:review",
                description = "What it may do (default: requests:read,requests:review); again for more.")
        @SuppressWarnings("NullAway.Init") // picocli fills it in
        private List<String> scopes;

        private final Terminal terminal;
        private final Web web = new Web();

        Login(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var secret = Ids.secret(32);
            var challenge = Sha256.base64url(secret);
            var url = server.url();
            terminal.note("Open this in a browser, and say yes if it shows the same code:");
            terminal.note("");
            terminal.note("  " + url + "/device?challenge=" + challenge + "&scopes="
                    + Web.encoded(String.join(" ", scopes)) + "&label=" + Web.encoded(host()));
            terminal.note("  " + DeviceGrants.code(challenge));
            terminal.note("");
            var token = collect(secret);
            Credentials.keep(
                    url,
                    new Credentials.Kept(
                            token.path("id").asString(""),
                            token.path("token").asString(""),
                            token.path("user").asString(""),
                            token.path("expires_at").asString("")));
            terminal.say("signed in as " + token.path("user").asString("") + " until "
                    + token.path("expires_at").asString(""));
        }

        private JsonNode collect(String secret) {
            long end = System.nanoTime() + DeviceGrants.LIFE.toNanos();
            while (System.nanoTime() < end) {
                var request = server.request("/api/v1/device-tokens")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("secret", secret))))
                        .build();
                var answer = web.send(request, HttpResponse.BodyHandlers.ofString());
                switch (answer.statusCode()) {
                    case 200 -> {
                        return Web.json(answer);
                    }
                    case 403 -> throw new Failure("whoever was asked said no");
                    case 202, 503 -> LockSupport.parkNanos(EVERY.toNanos());
                    default ->
                        throw new Failure(request.uri() + " answered " + answer.statusCode()
                                + ": is that the URL of a Countersign server?");
                }
            }
            throw new Failure("nobody has confirmed it: countersign login begins again");
        }

        private static String host() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException _) {
                return "";
            }
        }
    }

    @Command(name = "logout", description = "Ends what login was given, here and on the server.")
    static final class Logout implements Runnable {
        @Mixin
        private final Address server = new Address();

        private final Terminal terminal;
        private final Web web = new Web();

        Logout(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var kept = Credentials.of(server.url());
            if (kept.isEmpty()) {
                throw new Failure("nobody is signed in to " + server.url() + " here");
            }
            var request = server.request("/api/v1/api-tokens/" + kept.get().id())
                    .header("Authorization", "Bearer " + kept.get().token())
                    .DELETE()
                    .build();
            var answer = web.send(request, HttpResponse.BodyHandlers.ofString());
            // One that the server does not know any more is over.
            if (answer.statusCode() != 200 && answer.statusCode() != 401) {
                throw new Failure(request.uri() + " answered " + answer.statusCode() + ", so nothing was forgotten");
            }
            Credentials.forget(server.url());
            terminal.say("signed out");
        }
    }

    @Command(name = "whoami", description = "Tells who this command line is to the server.")
    static final class WhoAmI implements Runnable {
        @Mixin
        private final PersonApi api = new PersonApi();

        @Option(names = "--json", description = "For machines.")
        private boolean json;

        private final Terminal terminal;

        WhoAmI(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            var me = api.get("/me");
            if (json) {
                terminal.json(me);
                return;
            }
            terminal.say(me.path("user").asString("") + " (" + me.path("name").asString("") + ")");
            terminal.say("groups: " + list(me.path("groups")));
            terminal.say("scopes: " + list(me.path("scopes")));
        }

        private static String list(JsonNode texts) {
            return texts.isEmpty()
                    ? "none"
                    : texts.valueStream().map(it -> it.asString("")).collect(Collectors.joining(", "));
        }
    }
}
