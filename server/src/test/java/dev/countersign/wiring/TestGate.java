package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSObject;
import dev.countersign.TestClock;
import dev.countersign.TestPassword;
import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.doctor.Doctor;
import dev.countersign.doctor.Result;
import dev.countersign.http.Json;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Verification;
import dev.countersign.ledger.Verifier;
import dev.countersign.people.Attempt;
import dev.countersign.people.PersonId;
import dev.countersign.people.SignIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// The server's own parts on a temporary store and a clock that tests move, spoken to over the wire.
final class TestGate implements AutoCloseable {
    static final String ISSUER = "http://localhost:8080";
    static final String PAYMENTS = "https://payments.example.com";

    final TestClock clock;
    final Path folder;
    private static final String HASH =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private final HttpClient http = HttpClient.newHttpClient();
    private Server server;
    private boolean verified;
    private boolean examined;

    /// @param policies the `policies:` section, indented by nothing
    TestGate(Path folder, String policies) {
        this(folder, policies, ISSUER, 0);
    }

    /// A gate whose issuer is where it listens, for clients that look for themselves.
    TestGate(Path folder, String policies, String issuer, int port) {
        this(folder, policies, issuer, port, TestStores.written(folder.resolve("countersign.db")));
    }

    /// A gate on a SQLite file, whatever the other tests run on.
    static TestGate onSqlite(Path folder, String policies) {
        return new TestGate(folder, policies, ISSUER, 0, "sqlite:countersign.db");
    }

    private TestGate(Path folder, String policies, String issuer, int port, String store) {
        this.clock = new TestClock(Instant.parse("2026-06-01T10:00:00Z"));
        this.folder = folder;
        write("master.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        write("countersign.yaml", base(issuer, port, store));
        write("policies.yaml", policies);
        write("refund.schema.json", """
                { "type": "object", "additionalProperties": false, "required": ["type", "amount", "currency"],
                  "properties": { "type": { "const": "refund" }, "amount": { "type": "number" },
                                  "currency": { "type": "string" }, "orders": { "type": "array", "items": { "type": "string" } } } }
                """);
        this.server = start();
    }

    private TestGate(TestGate first, TestClock clock) {
        this.clock = clock;
        this.folder = first.folder;
        this.server = start();
    }

    /// Another node on the same store, with the same configuration and clock.
    TestGate anotherNode() {
        return new TestGate(this, clock);
    }

    /// The same with a clock of its own that is ahead.
    TestGate anotherNode(Duration ahead) {
        return new TestGate(this, new TestClock(clock.instant().plus(ahead)));
    }

    private static String base(String issuer, int port, String store) {
        return """
                issuer: %s
                server: { listen: 127.0.0.1:%d }
                store: %s
                keys: { master: { file: master.key } }
                login:
                  local:
                    - { user: ana, name: Ana Lima, email: ana@example.com, password_hash: "%s" }
                    - { user: bo, name: Bo Berg, email: bo@example.com, password_hash: "%s" }
                    - { user: cy, name: Cy Chen, email: cy@example.com, password_hash: "%s" }
                    - { user: dev, name: Dee Vance, email: dev@example.com, password_hash: "%s" }
                groups:
                  payments-oncall: { members: [ana, bo, dev] }
                  security: { members: [cy, ana] }
                  payments-dev: { members: [dev] }
                  administrators: { members: [cy] }
                resources:
                  - id: %s
                    name: Payments API
                    owner: payments-oncall
                    introspected_by: [gateway]
                    scopes:
                      - { name: "refunds:read", title: Read refunds, risk: low }
                      - { name: "refunds:write", title: Refund a payment, risk: high }
                    details:
                      - { type: refund, title: "Refund {amount} {currency}", risk: high, schema: refund.schema.json, lowerable: [amount] }
                clients:
                  - id: refund-bot
                    name: Refund bot
                    owner: payments-dev
                    auth: { method: client_secret_basic, secrets: [ { hash: "sha256:%s" } ] }
                    grants: [client_credentials]
                    access: { %s: ["refunds:read", "refunds:write"] }
                    details: { %s: [refund] }
                    sync_wait: 0s
                  - id: other-bot
                    name: Other bot
                    owner: payments-dev
                    auth: { method: client_secret_basic, secrets: [ { hash: "sha256:%s" } ] }
                    grants: [client_credentials]
                    access: { %s: ["refunds:read", "refunds:write"] }
                    sync_wait: 0s
                  - id: gateway
                    name: Gateway
                    owner: payments-dev
                    auth: { method: client_secret_basic, secrets: [ { hash: "sha256:%s" } ] }
                    grants: []
                """.formatted(
                        issuer,
                        port,
                        store,
                        HASH,
                        HASH,
                        HASH,
                        HASH,
                        PAYMENTS,
                        sha256("refund-bot"),
                        PAYMENTS,
                        PAYMENTS,
                        sha256("other-bot"),
                        PAYMENTS,
                        sha256("gateway"));
    }

    private Server start() {
        return Server.start(good(), Server.Options.NONE, clock);
    }

    Server server() {
        return server;
    }

    Wiring parts() {
        return server.wiring();
    }

    /// Puts a file beside the others, or another text into one, and the folder in force.
    void configure(String file, String text) {
        write(file, text);
        if (!server.reload(folder)) {
            throw new AssertionError(Configuration.read(folder));
        }
    }

    /// Replaces a text in the first file and puts the folder in force.
    void change(String was, String now) {
        try {
            var text = Files.readString(folder.resolve("countersign.yaml"));
            if (!text.contains(was)) {
                throw new AssertionError("not there: " + was);
            }
            configure("countersign.yaml", text.replace(was, now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the server and starts another on the same store.
    void restart() {
        server.close();
        startAgain();
    }

    /// Starts another server once the one before was closed.
    void startAgain() {
        server = start();
    }

    /// Ends the server, and starts none.
    void end() {
        server.close();
    }

    /// After [#end]: starts a server on a store that is elsewhere.
    void startOn(String store) {
        write("countersign.yaml", read("countersign.yaml").replaceFirst("(?m)^store: .*$", "store: " + store));
        server = start();
    }

    /// The folder as it is.
    Configuration configuration() {
        return good().configuration();
    }

    /// The same with where it says what.
    Read.Good good() {
        return switch (Configuration.read(folder)) {
            case Read.Good good -> good;
            case Read.Bad(var faults, _, _) -> throw new AssertionError(faults);
        };
    }

    String read(String file) {
        try {
            return Files.readString(folder.resolve(file), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text, UTF_8);
            Files.setPosixFilePermissions(folder.resolve(file), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An answer, its body read as JSON where it has one.
    record Answer(int status, JsonNode body, HttpResponse<String> raw) {
        String text(String name) {
            return body.path(name).stringValue("");
        }

        String error() {
            return text("error");
        }

        /// The claims of the access token.
        Map<String, Object> claims() {
            try {
                return JWSObject.parse(text("access_token")).getPayload().toJSONObject();
            } catch (ParseException e) {
                throw new AssertionError(e);
            }
        }

        /// The reference that a description ends with.
        String reference() {
            var said = text("error_description");
            var at = said.indexOf("reference ");
            return at < 0 ? "" : said.substring(at + 10, at + 10 + 36);
        }
    }

    /// Posts a form as a client, with `client_secret_basic`.
    Answer post(String path, String client, String... fields) {
        return post(path, client, Map.of(), fields);
    }

    Answer post(String path, String client, Map<String, String> headers, String... fields) {
        var form = new ArrayList<String>();
        for (int i = 0; i < fields.length; i += 2) {
            form.add(URLEncoder.encode(fields[i], UTF_8) + "=" + URLEncoder.encode(fields[i + 1], UTF_8));
        }
        var request = request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", form)));
        if (!client.isEmpty()) {
            request.header("Authorization", basic(client));
        }
        headers.forEach(request::setHeader);
        return send(request.build());
    }

    static String basic(String client) {
        return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret(client)).getBytes(UTF_8));
    }

    /// A request that a test makes itself.
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    /// A person of the configuration.
    PersonId person(String user) {
        return parts().installation.people.find("local", user).orElseThrow().id();
    }

    /// How many on PostgreSQL wait for a lock.
    long locksWaitedFor() {
        return parts().installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
                        .mapTo(Long.class)
                        .one());
    }

    /// A bearer token for the API, of a person of the configuration.
    String bearer(String user, String... scopes) {
        var installation = parts().installation;
        var person = person(user);
        var by = new dev.countersign.ledger.Entry.Actor("operator", "test");
        return installation
                .store
                .write(tx -> installation.apiTokens.issue(tx, person, Set.of(scopes), "test", Duration.ofHours(8), by))
                .text();
    }

    /// Signs in eve, who is on call from now on.
    SignIn.Done signIn() {
        write("more.yaml", """
                login:
                  local:
                    - { user: eve, name: Eve Ek, email: eve@example.com, password_hash: "%s" }
                """.formatted(TestPassword.hash("correct horse").text()));
        change("members: [ana, bo, dev]", "members: [ana, bo, dev, eve]");
        clock.advance(Duration.ofSeconds(1));
        return signInAgain();
    }

    /// Eve signs in once more, as when her session has ended.
    SignIn.Done signInAgain() {
        return (SignIn.Done) parts().signIns
                .signIn(new Attempt(
                        "eve",
                        "correct horse",
                        InetAddress.getLoopbackAddress(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /// Reads from the API.
    Answer get(String bearer, String path) {
        return send(request("/api/v1" + path)
                .header("Authorization", "Bearer " + bearer)
                .build());
    }

    /// Posts JSON to the API.
    Answer tell(String bearer, String path, String json) {
        return send(request("/api/v1" + path)
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /// What somebody says by the API of a request that broke the glass.
    Answer looks(String user, String word, String request) {
        return tell(
                bearer(user, "requests:review"),
                "/break-glass/" + request + "/reviews",
                "{\"vote\":\"" + word + "\",\"comment\":\"seen\"}");
    }

    /// Waits until so many requests are held.
    void untilHeld(int held) {
        until(() -> parts().waiting() == held);
    }

    /// Waits, as long as a busy machine may take, for what another thread is about to do.
    static void until(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to pass");
            }
            LockSupport.parkNanos(100_000); // the other thread needs the processor
        }
    }

    /// What the offline verifier says of the ledger as it stands. A test that asks does what it does to the ledger, and
    /// nobody looks again at its end.
    Verification verify() {
        verified = true;
        var ledger = parts().installation.ledger;
        try {
            var export = Files.createTempDirectory(folder, "export");
            ledger.export(export, true);
            return Verifier.verify(export, ledger.keys());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer send(HttpRequest request) {
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            var json = response.headers()
                    .firstValue("Content-Type")
                    .filter(it -> it.startsWith("application/") && it.contains("json"))
                    .isPresent();
            ApiContract.check(request, response);
            return new Answer(
                    response.statusCode(),
                    json && !response.body().isEmpty() ? Json.read(response.body()) : Json.object(),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// A token request that does not wait.
    Answer ask(String client, String... fields) {
        return post("/token", client, with(fields, "grant_type", "client_credentials"));
    }

    /// A token request that takes a deferred answer.
    Answer defer(String client, String... fields) {
        return ask(client, with(fields, "completion_mode", "deferred"));
    }

    Answer poll(String client, String code) {
        return post("/token", client, "grant_type", "urn:ietf:params:oauth:grant-type:deferred", "deferral_code", code);
    }

    private static String[] with(String[] fields, String... more) {
        var all = new ArrayList<>(List.of(fields));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    Ballot.Result says(String user, Vote.Word word, String id) {
        return says(user, word, id, Optional.empty());
    }

    Ballot.Result says(String user, Vote.Word word, String id, Optional<Allowance> narrowed) {
        return parts().panel.vote(id, new Ballot(person(user), word, narrowed, "", Via.DASHBOARD));
    }

    Approval approval(String id) {
        return parts().installation
                .store
                .read(tx -> parts().approvals.find(tx, id))
                .orElseThrow()
                .approval();
    }

    /// The entries with this code.
    List<EntryView> entries(String code) {
        parts().installation.ledger.settle();
        return parts().installation.ledger.entries(0, 10_000).stream()
                .filter(it -> it.code().wire().equals(code))
                .toList();
    }

    /// What is disclosed beside an entry under this name; empty when there is no such disclosure.
    String disclosed(EntryView entry, String name) {
        return parts().installation.ledger.disclosures(entry.index()).stream()
                .filter(it -> it.name().equals(name))
                .flatMap(it -> it.value().stream())
                .findFirst()
                .orElse("");
    }

    /// The codes in the ledger since the server began, without those of its start.
    List<String> codes() {
        parts().installation.ledger.settle();
        return parts().installation.ledger.entries(0, 10_000).stream()
                .map(EntryView::code)
                .map(it -> it.wire())
                .filter(it -> it.startsWith("request.") || it.startsWith("token."))
                .toList();
    }

    static String secret(String client) {
        return "secret-of-" + client + "-0123456789abcdef0123456789abcdef";
    }

    static String sha256(String client) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(secret(client).getBytes(UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a doctor says of the installation as it stands.
    List<Result> examine() {
        examined = true;
        return Doctor.examine(parts().live.get(), TestStores.address(store()), clock);
    }

    /// The file that the store is in, or that stands for its database.
    Path store() {
        return folder.resolve("countersign.db");
    }

    /// The same of a test that plants what is wrong: nobody looks again at its end.
    List<Result.Broken> broken() {
        verified = true;
        return examine().stream()
                .filter(Result.Broken.class::isInstance)
                .map(Result.Broken.class::cast)
                .toList();
    }

    /// Whatever a test did, the ledger must verify offline when it is over, and every invariant hold.
    @Override
    public void close() {
        var verdict = verified ? Optional.<Verification>empty() : Optional.of(verify());
        var results = examined ? List.<Result>of() : examine();
        server.close();
        verdict.filter(it -> !(it instanceof Verification.Good)).ifPresent(it -> {
            throw new AssertionError("the ledger does not verify: " + it);
        });
        results.stream().filter(Result.Broken.class::isInstance).findFirst().ifPresent(it -> {
            throw new AssertionError("the installation is not well: " + it);
        });
    }
}
