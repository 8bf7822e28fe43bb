package dev.countersign.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.Cookie;
import dev.countersign.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// What a reviewer waits for at the dashboard while many requests are pending, in the system's Chromium.
///
/// A paint is counted as the browser counts it, from the start of the navigation: of a browser that has seen nothing of
/// the site yet, and of one that has its style and script. A decision is counted as the browser counts it, too, from
/// the
/// click: to the vote's answer, and to the paint of the queue that says that it is done. What risks much is asked
/// twice,
/// and the second click counts.
final class Seat implements Scenario {
    private static final int TIMES = 30;

    private static final List<String> BROWSERS =
            List.of("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome");

    @Override
    public void measure(Rig rig) throws IOException {
        var folder = rig.folder();
        try (var child = rig.start(folder);
                var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = playwright.chromium().launch(chromium())) {
            int pending = ManyPending.fill(rig, child, folder).size();
            new Sitting(rig, child, browser, ManyPending.signIn(child, folder), ids(child, rig.token(folder)))
                    .measure(", %,d pending".formatted(pending));
        }
    }

    private static BrowserType.LaunchOptions chromium() throws IOException {
        var found = BROWSERS.stream().map(Path::of).filter(Files::isExecutable).findFirst();
        return new BrowserType.LaunchOptions()
                .setExecutablePath(found.orElseThrow(() -> new IOException("no Chromium in " + BROWSERS)))
                .setChromiumSandbox(false)
                .setArgs(List.of("--disable-gpu", "--disable-background-networking"));
    }

    /// Requests to look at and to decide.
    private static Deque<String> ids(Child child, String token) throws IOException {
        var headers = "Authorization: Bearer " + token + "\r\n";
        try (var connection = Connection.open(child.port)) {
            connection
                    .ask(Connection.request("GET", "/api/v1/requests?state=pending&limit=100", headers, ""))
                    .expect(200);
            var ids = new ArrayDeque<String>();
            Json.read(connection.body())
                    .get("items")
                    .forEach(it -> ids.add(it.get("id").stringValue()));
            return ids;
        }
    }

    private record Sitting(Rig rig, Child child, Browser browser, String session, Deque<String> ids) {
        void measure(String with) throws IOException {
            for (var page : Stream.of("/", "/requests/" + ids.getLast()).toList()) {
                var what = page.equals("/") ? "the queue" : "a request";
                report("first paint of " + what + " in a new browser" + with, () -> {
                    try (var context = context()) {
                        return paint(context.newPage(), page);
                    }
                });
                try (var context = context()) {
                    var tab = context.newPage();
                    report("first paint of " + what + with, () -> paint(tab, page));
                }
            }
            try (var context = context()) {
                var tab = context.newPage();
                report("second click on approve to the vote's answer" + with, () -> {
                    decide(tab);
                    return milliseconds(
                            tab.evaluate(
                                    "(([it]) => it.redirectEnd - it.redirectStart)(performance.getEntriesByType('navigation'))"));
                });
                report("second click on approve to the first paint of the queue that says so" + with, () -> {
                    decide(tab);
                    return painted(tab);
                });
            }
        }

        private interface Once {
            Duration run();
        }

        private void report(String what, Once once) throws IOException {
            for (int warm = 0; warm < 5; warm++) {
                once.run();
            }
            rig.report.latency(what, rig.windows(List.of(child), () -> {
                var latencies = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
                long begun = System.nanoTime();
                for (int i = 0; i < TIMES / rig.options.rounds(); i++) {
                    latencies.recordValue(once.run().toNanos());
                }
                return new Window(Duration.ofNanos(System.nanoTime() - begun), latencies);
            }));
        }

        private BrowserContext context() {
            var context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 720));
            var pair = session.split("=", 2);
            context.addCookies(List.of(new Cookie(pair[0], pair[1]).setUrl("http://127.0.0.1:" + child.port)));
            return context;
        }

        private Duration paint(Page page, String path) {
            page.navigate("http://127.0.0.1:" + child.port + path);
            return painted(page);
        }

        private static Duration painted(Page page) {
            return milliseconds(page.evaluate("""
                    () => new Promise(resolve => new PerformanceObserver((list, observer) => {
                        const paint = list.getEntriesByName('first-contentful-paint')[0];
                        if (paint) {
                            observer.disconnect();
                            resolve(paint.startTime);
                        }
                    }).observe({ type: 'paint', buffered: true }))"""));
        }

        private static Duration milliseconds(Object number) {
            return Duration.ofNanos((long) (((Number) number).doubleValue() * 1e6));
        }

        private void decide(Page page) {
            page.navigate("http://127.0.0.1:" + child.port + "/requests/" + ids.remove());
            page.click("#do-approve");
            page.waitForSelector("#do-approve:has-text('Yes, approve')");
            page.click("#do-approve");
            page.waitForSelector("#said:has-text('You approved')");
        }
    }
}
