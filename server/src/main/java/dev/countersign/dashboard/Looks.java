package dev.countersign.dashboard;

import dev.countersign.http.Assets;
import dev.countersign.http.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/// The style sheet, the scripts and the icon of all pages, from our jar and from those of htmx.
public final class Looks {
    private static final Assets FILES = Assets.read(
            "/assets",
            Map.of(
                    "dashboard.css", "dashboard/dashboard.css",
                    "dashboard.js", "dashboard/dashboard.js",
                    "passkeys.js", "dashboard/passkeys.js",
                    "icon.svg", "dashboard/icon.svg",
                    "htmx.js", webjar("htmx.org", "dist/htmx.min.js"),
                    "sse.js", webjar("htmx-ext-sse", "sse.js")));

    private Looks() {}

    /// Where a page finds the file of that name.
    public static String url(String name) {
        return FILES.path(name);
    }

    static void routes(Routes routes) {
        FILES.routes(routes);
    }

    private static String webjar(String artifact, String file) {
        var properties = new Properties();
        try (var in = Looks.class
                .getClassLoader()
                .getResourceAsStream("META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties")) {
            if (in == null) {
                throw new IllegalStateException("the jar of " + artifact + " is missing");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version") + "/" + file;
    }
}
