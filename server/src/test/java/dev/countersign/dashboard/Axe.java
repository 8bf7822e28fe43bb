package dev.countersign.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// What axe finds of a page against WCAG 2.2, levels A and AA.
final class Axe {
    private static final String SCRIPT = script();

    private Axe() {}

    /// Each with its rule, what is wrong, and where. Of these rules none asks for what axe would load before it begins.
    static List<?> faults(Page page) {
        if (!(boolean) page.evaluate("'axe' in window")) {
            page.evaluate(SCRIPT);
        }
        return (List<?>) page.evaluate("""
                async () => (await axe.run(document, {
                    resultTypes: ['violations'],
                    preload: false,
                    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
                })).violations.flatMap(it => it.nodes.map(node =>
                    it.id + ': ' + node.failureSummary + ' at ' + node.target.join(' ') + ' ' + node.html))""");
    }

    private static String script() {
        try (var script = Objects.requireNonNull(Axe.class.getResourceAsStream("/axe.min.js"))) {
            return new String(script.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
