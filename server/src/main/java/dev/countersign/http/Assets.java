package dev.countersign.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Files from the class path, read once, under a path that has the hash of all of them. So browsers keep them for ever,
/// and a page always gets the scripts and styles that it was made for.
///
/// The hash is one for all, so that a script or a style may name its neighbours relative to itself.
public final class Assets {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2");

    private final String prefix;
    private final String hash;
    private final Map<String, Asset> all;

    private Assets(String prefix, String hash, Map<String, Asset> all) {
        this.prefix = prefix;
        this.hash = hash;
        this.all = all;
    }

    private record Asset(Reply plain, Reply gzipped) {}

    /// Reads files that are served below the prefix.
    ///
    /// @param files the class path resource by the name that pages use, such as `app.css`
    /// @throws IllegalArgumentException for one that is missing or of a type that we do not know
    public static Assets read(String prefix, Map<String, String> files) {
        var all = new HashMap<String, Asset>();
        var digest = sha256();
        files.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(file -> {
            var bytes = read(file.getValue());
            all.put(file.getKey(), asset(type(file.getKey()), bytes));
            digest.update(sha256().digest(bytes));
        });
        return new Assets(prefix, HexFormat.of().formatHex(digest.digest(), 0, 8), Map.copyOf(all));
    }

    private static Asset asset(String type, byte[] bytes) {
        var headers = Map.of("Vary", "Accept-Encoding", "Cross-Origin-Resource-Policy", "same-origin");
        return new Asset(
                Reply.bytes(200, type, bytes).withHeaders(headers),
                Reply.bytes(200, type, gzip(bytes)).withHeaders(headers).withHeader("Content-Encoding", "gzip"));
    }

    /// Where a page finds the file.
    ///
    /// @throws IllegalArgumentException when there is none of that name
    public String path(String name) {
        if (!all.containsKey(name)) {
            throw new IllegalArgumentException("no asset " + name);
        }
        return prefix + "/" + hash + "/" + name;
    }

    /// Adds their route.
    public void routes(Routes routes) {
        routes.get(prefix + "/{hash}/{name}", this::serve);
    }

    private Reply serve(Request request) {
        var asset = all.get(request.pathParam("name"));
        if (asset == null) {
            throw HttpFault.nowhere();
        }
        boolean gzip = request.header("Accept-Encoding").orElse("").contains("gzip");
        // A page of another version asks for another hash: it gets what there is, and keeps it for this once.
        boolean ours = hash.equals(request.pathParam("hash"));
        return (gzip ? asset.gzipped : asset.plain).withHeader("Cache-Control", ours ? FOR_EVER : "no-store");
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
