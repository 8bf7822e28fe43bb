package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.HttpServer;
import dev.countersign.http.Reply;
import dev.countersign.http.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Every page with sample data, as a browser shows it. Asked for pictures, it leaves them in `target/looks`.
final class LooksTest {
    private static final Moment AT = new Moment(Instant.parse("2026-06-01T10:00:00Z"));
    private static final Map<String, String> PAGES = pages();
    private static HttpServer server;

    @BeforeAll
    static void start() {
        var routes = new Routes()
                .get(
                        "/queue",
                        it -> Reply.html(
                                200,
                                new Renderer()
                                        .queueList(it.query().isEmpty() ? Samples.queue() : Samples.queueOfNothing())))
                .get(
                        "/ledger/check",
                        _ -> Reply.html(
                                200,
                                new Renderer().check(Samples.ledger(true).head().check(), "csrf")))
                .get(
                        "/requests/{id}/status",
                        it -> Reply.html(200, new Renderer().status(Samples.asOpened(it.pathParam("id")), "csrf")))
                .get(
                        "/api/v1/events",
                        _ -> Reply.events(events -> {
                            events.beat();
                            new CountDownLatch(1).await();
                        }));
        Looks.routes(routes);
        PAGES.forEach((name, html) -> routes.get("/page/" + name, _ -> Reply.html(200, html)));
        server = HttpServer.start(
                new HttpServer.Settings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), "http://localhost"),
                routes,
                (_, fault) -> Reply.text(fault.status, fault.said));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /// Nor does any keep somebody out, as far as axe can tell: on a large screen in light, on a phone in the dark.
    @Test
    void no_page_breaks_the_content_security_policy_runs_client_text_or_scrolls_sideways() {
        var screens = List.of(new Screen(1280, 720, ColorScheme.LIGHT), new Screen(320, 640, ColorScheme.DARK));
        look(screens, (name, page, _) -> assertThat(Axe.faults(page)).as(name).isEmpty());
    }

    /// For people to look at: `-Dtest=LooksTest -Dcountersign.pictures=true`.
    @Test
    @EnabledIfSystemProperty(named = "countersign.pictures", matches = "true")
    void pictures_of_every_page() {
        var screens = Stream.of(ColorScheme.LIGHT, ColorScheme.DARK)
                .flatMap(it -> Stream.of(new Screen(1280, 720, it), new Screen(390, 844, it)))
                .toList();
        look(screens, LooksTest::takePicture);
    }

    private static void takePicture(String name, Page page, Screen screen) {
        var file = name + "-" + screen.width + "-" + screen.scheme.name().toLowerCase(Locale.ROOT) + ".png";
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "looks", file))
                .setFullPage(screen.width < 1000));
    }

    private record Screen(int width, int height, ColorScheme scheme) {}

    private interface Look {
        void at(String name, Page page, Screen screen);
    }

    /// Opens each page once, and looks at it on each screen.
    private static void look(List<Screen> screens, Look more) {
        try (var context = Chromium.browser().newContext()) {
            var page = context.newPage();
            var faults = new ArrayList<String>();
            page.onConsoleMessage(message -> {
                faults.add(message.text());
            });
            page.onPageError(faults::add);
            page.onDialog(dialog -> {
                faults.add("dialog: " + dialog.message());
                dialog.dismiss();
            });
            for (var name : PAGES.keySet()) {
                page.navigate("http://127.0.0.1:" + server.port() + "/page/" + name);
                for (var screen : screens) {
                    page.setViewportSize(screen.width, screen.height);
                    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(screen.scheme));
                    assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                            .as(name + " is as wide as the screen at " + screen.width)
                            .isLessThanOrEqualTo(screen.width);
                    more.at(name, page, screen);
                }
                assertThat(faults).as(name).isEmpty();
                assertThat(page.locator("#main img, #main script").count())
                        .as(name)
                        .isZero();
            }
        }
    }

    @Test
    void nothing_of_blocks_1_to_8_is_below_the_fold() {
        for (var name : List.of("request", "request-long", "request-frozen")) {
            try (var context =
                    Chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(1280, 720))) {
                var page = context.newPage();
                page.navigate("http://127.0.0.1:" + server.port() + "/page/" + name);
                Chromium.assertAboveTheFold(page, 720);
            }
        }
    }

    @Test
    void on_a_phone_each_block_of_a_request_has_the_whole_width() {
        try (var context = Chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(390, 844))) {
            var page = context.newPage();
            for (var name : List.of("request", "request-long", "request-not-mine")) {
                page.navigate("http://127.0.0.1:" + server.port() + "/page/" + name);
                var widths = (List<?>) page.evaluate("""
                        () => [...document.querySelectorAll('.facts > section')]
                            .map(block => block.clientWidth / block.parentElement.clientWidth)""");
                assertThat(widths)
                        .as(name)
                        .hasSize(6)
                        .allSatisfy(
                                it -> assertThat(((Number) it).doubleValue()).isEqualTo(1.0));
            }
        }
    }

    /// What a browser that comes for the first time is sent, before any of it is compressed.
    @Test
    void no_page_weighs_150_kilobytes_or_asks_another_host() {
        var own = "http://127.0.0.1:" + server.port() + "/";
        var always = new JsonObject();
        always.addProperty("cacheDisabled", true);
        var weights = new HashMap<String, Integer>();
        try (var context = Chromium.browser().newContext()) {
            var page = context.newPage();
            context.newCDPSession(page).send("Network.setCacheDisabled", always);
            var asked = new ArrayList<String>();
            page.onResponse(it -> asked.add(it.url()));
            for (var name : PAGES.keySet()) {
                asked.clear();
                page.navigate(own + "page/" + name);
                assertThat(asked).as(name).hasSizeGreaterThan(4).allMatch(it -> it.startsWith(own));
                assertThat(asked.stream()
                                .filter(it -> !it.startsWith(own + "api/"))
                                .mapToInt(it -> weights.computeIfAbsent(it, LooksTest::weight))
                                .sum())
                        .as(name)
                        .isBetween(1_000, 150_000);
            }
        }
    }

    private static int weight(String url) {
        try (var body = URI.create(url).toURL().openStream()) {
            return body.readAllBytes().length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> pages() {
        var renderer = new Renderer();
        var pages = new LinkedHashMap<String, String>();
        pages.put("queue", renderer.page(Samples.frame("Queue", Section.QUEUE, 5), Samples.queue()));
        pages.put(
                "queue-frozen",
                renderer.page(
                        Samples.frozen(Samples.frame("Queue", Section.QUEUE, 5))
                                .with(new Frame.Notice(
                                        Frame.Tone.DONE, "You approved: Refund bot may refund a payment.")),
                        Samples.queue()));
        pages.put(
                "queue-empty",
                renderer.page(
                        Samples.frame("Queue", Section.QUEUE, 0),
                        new QueueView(
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                new QueueView.Narrowed(QueueFilter.ALL, List.of(), List.of(), List.of(), List.of()),
                                0,
                                0,
                                "",
                                "")));
        pages.put("queue-narrowed", renderer.page(Samples.frame("Queue", Section.QUEUE, 6), Samples.queueOfNothing()));
        pages.put("batch", renderer.page(Samples.frame("Decisions", Section.QUEUE, 5), Samples.batch(true)));
        pages.put("batch-refused", renderer.page(Samples.frame("Decisions", Section.QUEUE, 5), Samples.batch(false)));
        var frame = Samples.frame("Refund bot", Section.QUEUE, 5);
        pages.put("glass", renderer.page(Samples.frame("Looked at afterwards", Section.NONE, 5), Samples.glass()));
        pages.put(
                "glass-locked",
                renderer.page(Samples.frame("Looked at afterwards", Section.NONE, 5), Samples.locked()));
        pages.put(
                "glass-lift",
                renderer.page(
                        Samples.frame("Second step", Section.NONE, 5),
                        new GlassView.Lift("01i", "Backup agent", "outage", Samples.HOSTILE)));
        pages.put("publication", renderer.page(frame, Samples.publication()));
        pages.put("backtest", renderer.page(Samples.frame("Tried on the past", Section.NONE, 5), Samples.backtest()));
        pages.put(
                "backtest-none",
                renderer.page(Samples.frame("Tried on the past", Section.NONE, 5), Samples.noBacktest()));
        pages.put("request", renderer.page(frame, Samples.request("Customer 4471 was charged twice", true)));
        pages.put(
                "request-long",
                renderer.page(frame, Samples.request(Samples.HOSTILE.repeat(2).substring(0, 500), true)));
        pages.put("request-frozen", renderer.page(Samples.frozen(frame), Samples.request("Charged twice", true)));
        pages.put("request-not-mine", renderer.page(frame, Samples.request("Charged twice", false)));
        pages.put("request-denied", renderer.page(frame, Samples.denied()));
        pages.put("confirm", renderer.page(frame, Samples.confirm()));
        pages.put("history", renderer.page(Samples.frame("History", Section.HISTORY, 2), Samples.history()));
        pages.put(
                "history-partly",
                renderer.page(Samples.frame("History", Section.HISTORY, 2), Samples.historyOfNothing()));
        pages.put("refusals", renderer.page(Samples.frame("Refused", Section.HISTORY, 2), Samples.refusals()));
        pages.put("observed", renderer.page(Samples.frame("Observed", Section.HISTORY, 2), Samples.observed()));
        pages.put("refusal", renderer.page(Samples.frame("Refused", Section.HISTORY, 2), Samples.refusal(true)));
        pages.put("refusal-dim", renderer.page(Samples.frame("Refused", Section.HISTORY, 2), Samples.refusal(false)));
        pages.put("overview", renderer.page(Samples.frame("Overview", Section.OVERVIEW, 2), Samples.overview()));
        pages.put("clients", renderer.page(Samples.frame("Clients", Section.CLIENTS, 2), Samples.clients()));
        pages.put("client", renderer.page(Samples.frame("Refund bot", Section.CLIENTS, 2), Samples.client()));
        pages.put("policy", renderer.page(Samples.frame("Policy", Section.POLICY, 2), Samples.policy()));
        var judged = Samples.frame("How it was judged", Section.POLICY, 2);
        pages.put("decision", renderer.page(judged, Samples.decision(true)));
        pages.put("decision-settled", renderer.page(judged, Samples.decision(false)));
        pages.put("resources", renderer.page(Samples.frame("Resources", Section.RESOURCES, 2), Samples.resources()));
        pages.put("resource", renderer.page(Samples.frame("Payments API", Section.RESOURCES, 2), Samples.resource()));
        pages.put("groups", renderer.page(Samples.frame("Groups", Section.GROUPS, 2), Samples.groups()));
        pages.put("group", renderer.page(Samples.frame("security", Section.GROUPS, 2), Samples.group()));
        pages.put(
                "people",
                renderer.page(
                        Samples.frame("People", Section.GROUPS, 2),
                        new CrowdView.People(
                                List.of(
                                        new CrowdView.Line("01p", "Bo Chen", "bo", List.of("security", "sre")),
                                        new CrowdView.Line("01q", Samples.HOSTILE, "x".repeat(90), List.of())),
                                "",
                                true)));
        pages.put(
                "people-none",
                renderer.page(
                        Samples.frame("People", Section.GROUPS, 2),
                        new CrowdView.People(List.of(), Samples.HOSTILE, false)));
        pages.put("person", renderer.page(Samples.frame("Bo Chen", Section.GROUPS, 2), Samples.person()));
        pages.put("ledger", renderer.page(Samples.frame("Ledger", Section.LEDGER, 2), Samples.ledger(false)));
        pages.put("ledger-bad", renderer.page(Samples.frame("Ledger", Section.LEDGER, 2), Samples.ledger(true)));
        pages.put("ledger-entry", renderer.page(Samples.frame("Entry 12", Section.LEDGER, 2), Samples.entry()));
        pages.put(
                "freeze", renderer.page(Samples.frozen(Samples.frame("Freeze", Section.FREEZE, 2)), Samples.freeze()));
        pages.put(
                "freeze-step",
                renderer.page(
                        Samples.frame("Freeze", Section.FREEZE, 2),
                        new FreezeView.Step(
                                false,
                                "all",
                                "*",
                                "all minting",
                                Samples.HOSTILE,
                                "No token is minted until it is lifted.")));
        pages.put("passkeys", renderer.page(Samples.frame("Passkeys", Section.NONE, 2), Samples.passkeys()));
        pages.put(
                "login",
                renderer.page(
                        Samples.nobody("Sign in"),
                        new LoginView(
                                "/",
                                "ana",
                                "That user name and password do not go together.",
                                "token",
                                true,
                                List.of(
                                        new LoginView.Choice("Acme", "/login/corp"),
                                        new LoginView.Choice(Samples.HOSTILE, "/login/partner")))));
        pages.put(
                "login-providers",
                renderer.page(
                        Samples.nobody("Sign in"),
                        new LoginView(
                                "/",
                                "",
                                "",
                                "token",
                                false,
                                List.of(new LoginView.Choice("Acme", "/login/corp?next=%2Frequests%2F1")))));
        pages.put(
                "account",
                renderer.page(
                        Samples.frame("Your account", Section.NONE, 0),
                        new AccountView(
                                false,
                                true,
                                "Ana Lima",
                                List.of(
                                        new AccountView.SessionLine("1", "Ana Lima", "Firefox", "Acme", AT, AT, true),
                                        new AccountView.SessionLine(
                                                "2", "Ana Lima", "Chrome", Samples.HOSTILE, AT, AT, false)),
                                true,
                                List.of(new AccountView.TokenLine(
                                        "3", "Ana Lima", Samples.HOSTILE, "requests:read", AT, AT)))));
        pages.put(
                "device",
                renderer.page(
                        Samples.frame("Is this your command line?", Section.NONE, 0),
                        new DeviceView(
                                "Ana Lima",
                                "BCDF-GHJK",
                                Samples.HOSTILE,
                                List.of(
                                        "see the queue, requests, clients and resources",
                                        "vote, and take approvals back"),
                                "8 hours",
                                "challenge",
                                "requests:read requests:review")));
        pages.put(
                "away",
                renderer.page(
                        Samples.frame("When you are away", Section.NONE, 0),
                        new AwayView(
                                false,
                                true,
                                List.of(
                                        new AwayView.Line(
                                                "1",
                                                "Ana Lima",
                                                "1 Aug 2026, 09:00",
                                                "10 Aug 2026, 09:00",
                                                "Europe/Berlin",
                                                Samples.HOSTILE,
                                                true),
                                        new AwayView.Line(
                                                "2",
                                                "Ana Lima",
                                                "1 Dec 2026, 09:00",
                                                "2 Dec 2026, 09:00",
                                                "UTC",
                                                "",
                                                false)),
                                List.of(new AwayView.Choice("3", "Bo Berg (bo)")),
                                "UTC")));
        pages.put(
                "confirm-self",
                renderer.page(
                        Samples.frame("Is it you?", Section.NONE, 0),
                        new ConfirmSelfView(
                                "Ana Lima", "ana", "/requests/1", "That is not your password.", true, "", "")));
        pages.put(
                "not-found",
                renderer.page(
                        Samples.frame("Not found", Section.NONE, 0),
                        new MessageView(
                                404, "Nothing is here", "The address is wrong, or what it named is gone.", "")));
        return pages;
    }
}
