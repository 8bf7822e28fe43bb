package dev.countersign.cli;

import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which server a command speaks to.
final class Address {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:COUNTERSIGN_URL}",
            description = "The server; or COUNTERSIGN_URL.")
    private @Nullable String url;

    /// Whether one was named.
    boolean isGiven() {
        return url != null && !url.isEmpty();
    }

    /// Its URL, without a slash at its end.
    String url() {
        if (url == null || url.isEmpty()) {
            throw new Failure("which server? Set COUNTERSIGN_URL, or give --url");
        }
        return url.replaceFirst("/+$", "");
    }

    /// A request to that path of the server, which begins with a slash.
    HttpRequest.Builder request(String path) {
        return Web.request(url(), path);
    }
}
