package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The system's Chromium, for tests that look at pages as people do. One serves all of a JVM's tests, and ends with it.
final class Chromium {
    private static final List<String> QUIET = List.of(
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage");

    private static @Nullable Browser started;

    private Chromium() {}

    /// Starts it, if no test before has. Without one the test is skipped, but where CI is set it fails.
    static Browser browser() {
        if (started == null) {
            started = start();
        }
        return started;
    }

    private static Browser start() {
        var found = Stream.of(
                        "/usr/bin/chromium-headless-shell",
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            if (System.getenv("CI") != null) {
                throw new AssertionError("CI tests the pages, and there is no Chromium here: install one");
            }
            return abort("there is no Chromium here, so nobody has looked at the pages");
        }
        // What a page shows by itself may take a while on a machine that does other things.
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(found.get())
                        .setChromiumSandbox(false)
                        .setArgs(QUIET));
    }

    /// Blocks 1 to 8 of a request's page, measured at one moment: a live page swaps parts of itself.
    static void assertAboveTheFold(Page page, int fold) {
        var bottoms = (Map<?, ?>) page.evaluate("""
                () => Object.fromEntries(
                    ['.lead', '.status', '.judged', '.grant', '.who', '.why', '.habit', '.harm', '.decide']
                        .map(block => [block, document.querySelector(block).getBoundingClientRect().bottom]))""");
        assertThat(bottoms).hasSize(9);
        bottoms.forEach((block, bottom) -> assertThat(((Number) bottom).doubleValue())
                .as(String.valueOf(block))
                .isBetween(1.0, (double) fold));
    }
}
