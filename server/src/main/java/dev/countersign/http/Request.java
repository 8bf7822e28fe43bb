package dev.countersign.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// One HTTP request, for the one thread that answers it.
///
/// What it says of the client's address and scheme comes through trusted proxies only, and its URL from the issuer.
public final class Request {
    /// As large as a form may be.
    static final int MAX_FORM = 64 * 1024;

    /// As much of a body is still taken after its answer, in bytes.
    private static final int MAX_REST = 1 << 20;

    private final org.eclipse.jetty.server.Request raw;
    private final Wire wire;
    private final Outside outside;
    private final InetAddress peer;
    private List<String> names = List.of();
    private List<String> values = List.of();
    private @Nullable String id;
    private byte @Nullable [] body;
    private boolean taken;
    private @Nullable List<Field> form;
    private @Nullable List<Field> query;

    Request(org.eclipse.jetty.server.Request raw, Wire wire, Outside outside) {
        this.raw = raw;
        this.wire = wire;
        this.outside = outside;
        this.peer = raw.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /// What the route's names stand for, in their order.
    void matched(List<String> names, List<String> values) {
        this.names = names;
        this.values = values;
    }

    /// `GET`, `POST`, …, as sent.
    public String method() {
        return raw.getMethod();
    }

    /// The path as sent, percent-encoded, without the query.
    public String path() {
        var path = raw.getHttpURI().getPath();
        return path == null ? "/" : path;
    }

    /// What the route's `{name}` stands for, decoded.
    public String pathParam(String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return Form.segment(values.get(at));
    }

    /// The header's value; the first when it was sent more than once.
    public Optional<String> header(String name) {
        return Optional.ofNullable(raw.getHeaders().get(name));
    }

    /// All values of a header, one for each time it was sent.
    public List<String> headers(String name) {
        return raw.getHeaders().getValuesList(name);
    }

    /// The query's pairs in their order.
    public List<Field> query() {
        if (query == null) {
            var text = raw.getHttpURI().getQuery();
            query = text == null ? List.of() : Form.parse(text.getBytes(StandardCharsets.UTF_8));
        }
        return query;
    }

    /// The form's pairs in their order. 415 for another media type, 413 above 64 KiB.
    public List<Field> form() {
        if (form == null) {
            if (!isForm(raw.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
                throw HttpFault.of(415, "the body must be application/x-www-form-urlencoded in UTF-8");
            }
            form = Form.parse(body(MAX_FORM));
        }
        return form;
    }

    /// The body. 413 when it is larger, as soon as that is known; 408 when it does not come.
    public byte[] body(int maxBytes) {
        if (body == null) {
            if (raw.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
                throw HttpFault.of(415, "the body must not be compressed");
            }
            body = read(maxBytes);
            taken = body.length == raw.getLength();
        }
        if (body.length > maxBytes) {
            throw HttpFault.tooLarge(maxBytes);
        }
        return body;
    }

    /// The cookie of that name, as [Cookie] names it on the wire. One that came twice is nobody's: another site on our
    /// domain may have planted the second.
    public Optional<String> cookie(String name) {
        var prefix = Cookie.wireName(name, outside.https()) + "=";
        String found = null;
        for (var header : raw.getHeaders().getValuesList(HttpHeader.COOKIE)) {
            for (var pair : header.split(";", -1)) {
                var cookie = pair.strip();
                if (cookie.startsWith(prefix)) {
                    if (found != null) {
                        return Optional.empty();
                    }
                    found = cookie.substring(prefix.length());
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /// The client's address.
    public InetAddress remoteAddress() {
        return outside.client(peer, raw.getHeaders().getValuesList("X-Forwarded-For"));
    }

    /// `http` or `https`, as the client speaks it.
    public String scheme() {
        return outside.scheme(peer, raw.isSecure(), raw.getHeaders().getValuesList("X-Forwarded-Proto"));
    }

    /// The URL of this request without its query, as the issuer's scheme and authority and this path.
    public String url() {
        return outside.url(path());
    }

    /// Whether the client is still there. A client that closed its side, even half, is gone: it could read an answer,
    /// but most that look like this have died. Takes nothing from what the client may have sent next.
    public boolean peerPresent() {
        return wire.present();
    }

    /// Names this request in our logs.
    public String id() {
        if (id == null) {
            id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        }
        return id;
    }

    /// Lets go of what was read of it, for as long as its reply has to be waited for.
    void forgetBody() {
        body = null;
        form = null;
        query = null;
    }

    /// Takes what the client is still sending after its answer, as far as that is little. A connection closed over
    /// bytes unread is reset, and the answer on its way may be lost with it. A client that waits for 100 (Continue)
    /// sends nothing more.
    void takeRest() throws IOException {
        if (!taken && raw.getLength() != 0 && !raw.getHeaders().contains(HttpHeader.EXPECT)) {
            wire.expectBody();
            new Body(raw).skip(MAX_REST);
        }
    }

    private byte[] read(int maxBytes) {
        long length = raw.getLength();
        if (length > maxBytes) {
            throw HttpFault.tooLarge(maxBytes);
        }
        if (length == 0) {
            return new byte[0];
        }
        wire.expectBody();
        try {
            // Of a chunked body the length is not known: one byte more shows that it is too large.
            return new Body(raw).take(length < 0 ? maxBytes + 1 : (int) length);
        } catch (IOException e) {
            throw HttpFault.late();
        } finally {
            wire.bodyCame();
        }
    }

    private static boolean isForm(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        var parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals("application/x-www-form-urlencoded")) {
            return false;
        }
        for (int at = 1; at < parts.length; at++) {
            var parameter = parts[at].strip();
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=\"utf-8\"")) {
                return false;
            }
        }
        return true;
    }
}
