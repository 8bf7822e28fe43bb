package dev.countersign.review;

import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import java.util.LinkedHashMap;
import java.util.Map;

/// Ends an API call with a problem document, RFC 9457. Caught in [Api].
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    final int status;
    private final String title;
    private final String detail;

    public Problem(int status, String title, String detail) {
        super(title + ": " + detail, null, false, false);
        this.status = status;
        this.title = title;
        this.detail = detail;
    }

    /// What was signed is not how things stand.
    static Problem stale() {
        return new Problem(
                409, "Not as it was shown", "it changed since it was shown, or that is too long ago: sign again");
    }

    Reply reply() {
        return reply(status, title, detail);
    }

    static Reply reply(int status, String title, String detail) {
        return reply(status, title, detail, Map.of());
    }

    /// A problem with members of its own, RFC 9457 §3.2.
    public static Reply reply(int status, String title, String detail, Map<String, Object> more) {
        var json = new LinkedHashMap<String, Object>();
        json.put("type", "about:blank");
        json.put("title", title);
        json.put("status", status);
        json.put("detail", detail);
        json.putAll(more);
        var reply = Reply.bytes(status, "application/problem+json", Json.bytes(json))
                .noStore();
        // RFC 9110 §15.5.2 wants a challenge, RFC 6750 §3 says which.
        return status == 401 ? reply.withHeader("WWW-Authenticate", "Bearer realm=\"countersign\"") : reply;
    }
}
