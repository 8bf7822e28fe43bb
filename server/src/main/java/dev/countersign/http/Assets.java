package dev.countersign.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Files from the class path, read once, under a path that has the hash of all of them. So browsers keep them for ever,
/// and a
/// page always gets the scripts and styles that it was made for.
///
/// The hash is one for all, so that a script or a style may name its neighbours relative to itself.
public final class Assets {
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2");

    private final String prefix;
    private final String hash;

    private Assets(String prefix, String hash) {
        this.prefix = prefix;
        this.hash = hash;
    }

    /// Serves these files below the prefix.
    ///
    /// @param files the class path resource by the name that pages use, such as `app.css`
    /// @throws IllegalArgumentException for one that is missing or of a type that we do not know
    public static Assets serve(Routes routes, String prefix, Map<String, String> files) {
        var contents = new LinkedHashMap<String, byte[]>();
        var digest = sha256();
        files.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(file -> {
            var bytes = read(file.getValue());
            contents.put(file.getKey(), bytes);
            digest.update(sha256().digest(bytes));
        });
        var assets = new Assets(prefix, HexFormat.of().formatHex(digest.digest(), 0, 8));
        contents.forEach((name, bytes) -> routes.get(assets.path(name), handler(type(name), bytes)));
        return assets;
    }

    /// Where a page finds the file.
    public String path(String name) {
        return prefix + "/" + hash + "/" + name;
    }

    private static Handler handler(String type, byte[] bytes) {
        var etag = '"' + HexFormat.of().formatHex(sha256().digest(bytes), 0, 16) + '"';
        var headers = Map.of("ETag", etag, "Cache-Control", "public, max-age=31536000, immutable");
        var whole = Reply.bytes(200, type, bytes).withHeaders(headers);
        var unchanged = Reply.empty(304).withHeaders(headers);
        return request -> request.header("If-None-Match").filter(etag::equals).isPresent() ? unchanged : whole;
    }

    private static String type(String name) {
        var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null) {
            throw new IllegalArgumentException("no media type is known for " + name);
        }
        return type;
    }

    private static byte[] read(String resource) {
        var url = Assets.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IllegalArgumentException("not on the class path: " + resource);
        }
        try {
            URLConnection connection = url.openConnection();
            // A cached jar would stay open, and change under us when it is built anew.
            connection.setUseCaches(false);
            try (var in = connection.getInputStream()) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
