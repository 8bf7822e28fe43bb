package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestBrowser;
import dev.countersign.cli.CommandLines;
import dev.countersign.cli.Terminal;
import dev.countersign.oauth.Sha256;
import dev.countersign.people.DeviceGrants;
import dev.countersign.store.Ids;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A command line that a person signs in by a browser.
final class LoginCommandTest {
    private static final Pattern PAGE = Pattern.compile("(/device\\?challenge=([A-Za-z0-9_-]{43})\\S*)\\s+(\\S+)");

    @TempDir
    Path folder;

    @TempDir
    Path home;

    private TestGate gate;
    private String before = "";

    @BeforeEach
    void start() {
        before = System.getProperty("user.home", "");
        System.setProperty("user.home", home.toString());
        gate = new TestGate(folder, OverTheWire.REVIEW);
    }

    @AfterEach
    void stop() {
        System.setProperty("user.home", before);
        gate.close();
    }

    private record Said(int code, String out, String err) {}

    private Said run(ByteArrayOutputStream out, ByteArrayOutputStream err, String... args) {
        var all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--url";
        all[args.length + 1] = "http://127.0.0.1:" + gate.server().port();
        int code = CommandLines.run(
                new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), "1"), all);
        return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private Said run(String... args) {
        return run(new ByteArrayOutputStream(), new ByteArrayOutputStream(), args);
    }

    private TestBrowser eve() {
        var browser = new TestBrowser(gate.server().port());
        browser.cookies.put("countersign", gate.signIn().cookie());
        return browser;
    }

    private String csrf(TestBrowser browser) {
        return gate.parts()
                .installation
                .sessions
                .find(browser.session().orElseThrow())
                .orElseThrow()
                .csrf();
    }

    private Said login(TestBrowser browser, String say, String... more) {
        var err = new ByteArrayOutputStream();
        var args = new String[more.length + 1];
        args[0] = "login";
        System.arraycopy(more, 0, args, 1, more.length);
        var running = CompletableFuture.supplyAsync(() -> run(new ByteArrayOutputStream(), err, args));
        TestGate.until(() -> PAGE.matcher(err.toString(UTF_8)).find());
        var page = PAGE.matcher(err.toString(UTF_8));
        assertThat(page.find()).isTrue();
        var shown = browser.get(page.group(1));
        assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
        assertThat(shown.body()).contains(page.group(3)).contains("Eve Ek");
        var said = browser.post(
                "/device",
                "csrf",
                csrf(browser),
                "challenge",
                page.group(2),
                "scopes",
                "requests:read requests:review admin",
                "label",
                "laptop",
                "say",
                say);
        assertThat(said.statusCode()).isEqualTo(200);
        return running.join();
    }

    @Test
    void a_person_signs_a_command_line_in_and_out() throws IOException {
        assertThat(run("whoami").err()).contains("countersign login");
        var browser = eve();
        assertThat(login(browser, "yes").out()).startsWith("signed in as eve until ");
        var file = home.resolve(".config/countersign/credentials.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var me = run("whoami");
        assertThat(me.out())
                .contains("eve (Eve Ek)", "payments-oncall", "requests:review")
                .doesNotContain("admin");
        assertThat(browser.get("/account").body()).contains("laptop");
        assertThat(gate.entries("api_token.issued")).hasSize(1);

        assertThat(run("logout").out()).contains("signed out");
        assertThat(run("whoami").code()).isEqualTo(1);
        assertThat(gate.entries("api_token.revoked")).hasSize(1);
        assertThat(browser.get("/account").body()).doesNotContain("laptop");
    }

    @Test
    void who_says_no_gives_nothing() {
        var said = login(eve(), "no");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("said no");
        assertThat(gate.entries("api_token.issued")).isEmpty();
        assertThat(Files.exists(home.resolve(".config/countersign/credentials.json")))
                .isFalse();
    }

    @Test
    void what_was_confirmed_is_collected_once_by_whoever_began_and_soon() {
        var browser = eve();
        var secret = Ids.secret(32);
        var challenge = Sha256.base64url(secret);
        assertThat(collect(secret)).isEqualTo(202);
        confirm(browser, challenge);
        assertThat(collect(challenge)).as("the address collects nothing").isEqualTo(202);
        assertThat(collect(secret)).isEqualTo(200);
        assertThat(collect(secret)).as("once").isEqualTo(202);

        var late = Ids.secret(32);
        confirm(browser, Sha256.base64url(late));
        gate.clock.advance(DeviceGrants.LIFE.plus(Duration.ofSeconds(1)));
        assertThat(collect(late)).as("late").isEqualTo(202);
    }

    private void confirm(TestBrowser browser, String challenge) {
        assertThat(browser.post(
                                "/device",
                                "csrf",
                                csrf(browser),
                                "challenge",
                                challenge,
                                "scopes",
                                "requests:read",
                                "say",
                                "yes")
                        .statusCode())
                .isEqualTo(200);
    }

    private int collect(String secret) {
        var browser = new TestBrowser(gate.server().port());
        return browser.send(browser.request("/api/v1/device-tokens")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"secret\":\"" + secret + "\"}"))
                        .build())
                .statusCode();
    }

    @Test
    void nobody_confirms_without_the_page_or_for_more_than_they_may() {
        var browser = eve();
        var challenge = Sha256.base64url(Ids.secret(32));
        assertThat(browser.post("/device", "challenge", challenge, "scopes", "requests:read", "say", "yes")
                        .statusCode())
                .as("no CSRF token")
                .isEqualTo(403);
        assertThat(browser.get("/device?challenge=" + challenge + "&scopes=admin")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.get("/device?challenge=short&scopes=requests:read").statusCode())
                .isEqualTo(400);
    }
}
