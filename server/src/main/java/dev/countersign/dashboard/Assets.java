package dev.countersign.dashboard;

import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// The style sheet, the scripts and the icon, from our jar and from those of htmx. The address of each has a hash of
/// its
/// bytes in it, so a browser asks for it once.
public final class Assets {
    private static final String LONG = "public, max-age=31536000, immutable";
    private static final Map<String, Asset> ALL = Stream.of(
                    asset("dashboard.css", "text/css; charset=utf-8", "dashboard/dashboard.css"),
                    asset("dashboard.js", "text/javascript; charset=utf-8", "dashboard/dashboard.js"),
                    asset("icon.svg", "image/svg+xml", "dashboard/icon.svg"),
                    asset("htmx.js", "text/javascript; charset=utf-8", webjar("htmx.org", "dist/htmx.min.js")),
                    asset("sse.js", "text/javascript; charset=utf-8", webjar("htmx-ext-sse", "sse.js")))
            .collect(Collectors.toUnmodifiableMap(Asset::name, it -> it));

    private Assets() {}

    @SuppressWarnings("ArrayRecordComponent") // served, never compared
    private record Asset(String name, String type, String hash, byte[] plain, byte[] gzipped) {}

    /// Where a page finds the asset of that name.
    public static String url(String name) {
        var asset = ALL.get(name);
        if (asset == null) {
            throw new IllegalArgumentException("no asset " + name);
        }
        return "/assets/" + asset.hash + "/" + name;
    }

    /// Answers `/assets/{hash}/{name}`.
    static Reply serve(Request request) {
        var asset = ALL.get(request.pathParam("name"));
        if (asset == null) {
            throw HttpFault.of(404, "nothing is here");
        }
        boolean gzip = request.header("Accept-Encoding").orElse("").contains("gzip");
        var reply = Reply.bytes(200, asset.type, gzip ? asset.gzipped : asset.plain)
                .withHeader("Vary", "Accept-Encoding")
                .withHeader("X-Content-Type-Options", "nosniff")
                .withHeader("Cross-Origin-Resource-Policy", "same-origin")
                // A page of another version asks for another hash: it gets what there is, and keeps it for this once.
                .withHeader("Cache-Control", asset.hash.equals(request.pathParam("hash")) ? LONG : "no-store");
        return gzip ? reply.withHeader("Content-Encoding", "gzip") : reply;
    }

    private static Asset asset(String name, String type, String path) {
        var bytes = read(path);
        try {
            var hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 6);
            return new Asset(name, type, hash, bytes, gzip(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String webjar(String artifact, String file) {
        var properties = new Properties();
        try (var in = Assets.class
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

    private static byte[] read(String path) {
        try (var in = Assets.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
