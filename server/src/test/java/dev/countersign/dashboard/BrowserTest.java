package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// An office whose pages a real browser opens, and has nothing to complain of.
abstract class BrowserTest {
    final List<String> faults = new ArrayList<>();
    TestOffice office;
    BrowserContext context;

    @BeforeEach
    void open(@TempDir Path folder) {
        office = new TestOffice(folder);
        context = Chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(1280, 720));
    }

    @AfterEach
    void close() {
        context.close();
        office.close();
        assertThat(faults).as("what the browser complained of").isEmpty();
    }

    /// A page that is listened to.
    Page page(BrowserContext context) {
        var page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        page.onDialog(dialog -> {
            faults.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        return page;
    }

    static void signIn(Page page, String user) {
        page.fill("[name=user]", user);
        page.fill("[name=password]", TestOffice.PASSWORD);
        page.click("button:has-text('Sign in')");
        page.waitForSelector(".bar .me");
        page.waitForLoadState(); // from then on its keys do something
    }
}
