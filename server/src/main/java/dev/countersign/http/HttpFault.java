package dev.countersign.http;

import java.util.Map;

/// A request that HTTP itself refuses: malformed, too large, of the wrong media type, to no known path.
///
/// `said` goes to the client. The server's fault mapper gives it the form that the path's other errors have.
public final class HttpFault extends RuntimeException {
    /// The reply's status.
    public final int status;

    /// What the client is told.
    public final String said;

    /// What the status demands besides, such as `Allow`.
    public final transient Map<String, String> headers;

    private HttpFault(int status, String said, Map<String, String> headers) {
        super(said, null, false, false);
        this.status = status;
        this.said = said;
        this.headers = headers;
    }

    /// A fault with this status and text.
    public static HttpFault of(int status, String said) {
        return new HttpFault(status, said, Map.of());
    }

    /// The same with one header more.
    HttpFault with(String header, String value) {
        return new HttpFault(status, said, Map.of(header, value));
    }

    /// 400, RFC 9110 §15.5.1.
    public static HttpFault malformed(String said) {
        return of(400, said);
    }

    /// 404, RFC 9110 §15.5.5, where no more is known than that.
    public static HttpFault nowhere() {
        return of(404, "the address is wrong, or what it named is gone");
    }

    /// 413, RFC 9110 §15.5.14. The rest of the body is not read, so the connection is of no more use, and its client is
    /// told: it would send the next request on one that is closing.
    static HttpFault tooLarge(int maxBytes) {
        return of(413, "the body is larger than " + maxBytes + " bytes").with("Connection", "close");
    }

    /// 408, RFC 9110 §15.5.9.
    static HttpFault late() {
        return of(408, "the body did not come").with("Connection", "close");
    }
}
