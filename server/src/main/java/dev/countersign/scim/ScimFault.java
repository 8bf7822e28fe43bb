package dev.countersign.scim;

import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import java.util.LinkedHashMap;
import java.util.List;

/// Ends a call with an error of RFC 7644 §3.12. Caught in [ScimApi] alone.
final class ScimFault extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

    private final int status;
    private final String type;

    private ScimFault(int status, String type, String said) {
        super(said, null, false, false);
        this.status = status;
        this.type = type;
    }

    static ScimFault of(int status, String said) {
        return new ScimFault(status, "", said);
    }

    /// One of 400 with a word of §3.12, table 9.
    static ScimFault of(String type, String said) {
        return new ScimFault(400, type, said);
    }

    static ScimFault invalidValue(String said) {
        return of("invalidValue", said);
    }

    static ScimFault invalidSyntax(String said) {
        return of("invalidSyntax", said);
    }

    static ScimFault invalidPath(String said) {
        return of("invalidPath", said);
    }

    static ScimFault invalidFilter(String said) {
        return of("invalidFilter", said);
    }

    static ScimFault noTarget(String said) {
        return of("noTarget", said);
    }

    /// §3.3.1: another has what only one may have.
    static ScimFault uniqueness(String said) {
        return new ScimFault(409, "uniqueness", said);
    }

    Reply reply() {
        return reply(status, type, String.valueOf(getMessage()));
    }

    static Reply reply(int status, String type, String said) {
        var json = new LinkedHashMap<String, Object>();
        json.put("schemas", List.of(SCHEMA));
        json.put("status", Integer.toString(status));
        if (!type.isEmpty()) {
            json.put("scimType", type);
        }
        json.put("detail", said);
        var reply = Reply.bytes(status, ScimApi.TYPE, Json.bytes(json)).noStore();
        return status == 401 ? reply.withHeader("WWW-Authenticate", "Bearer realm=\"countersign-scim\"") : reply;
    }
}
