package dev.countersign.source;

import dev.countersign.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// The access evaluation request of AuthZEN's Authorization API 1.0: may this subject do this to that resource?
final class Evaluation {
    private static final String ACTION = "request_token";

    private Evaluation() {}

    /// The body to be posted: the same text for equal questions.
    static String of(Inquiry inquiry) {
        var asked = new LinkedHashMap<String, Object>();
        asked.put("scopes", inquiry.scopes());
        asked.put("authorization_details", Json.read(inquiry.details().canonical()));
        var context = new LinkedHashMap<String, Object>();
        context.put("client", inquiry.client());
        context.put("risk", inquiry.risk());
        context.put("lifetime", inquiry.lifetime());
        if (!inquiry.ticket().isEmpty()) {
            context.put("ticket", inquiry.ticket());
        }
        var body = new LinkedHashMap<String, Object>();
        boolean forItself = inquiry.subject().equals(inquiry.client());
        body.put("subject", named(forItself ? "client" : "user", inquiry.subject()));
        var action = new LinkedHashMap<String, Object>();
        action.put("name", ACTION);
        action.put("properties", asked);
        body.put("action", action);
        body.put("resource", named("api", inquiry.resource()));
        body.put("context", context);
        return Json.write(body);
    }

    private static Map<String, Object> named(String type, String id) {
        var named = new LinkedHashMap<String, Object>();
        named.put("type", type);
        named.put("id", id);
        return named;
    }
}
