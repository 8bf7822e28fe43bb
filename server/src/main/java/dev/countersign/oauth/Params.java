package dev.countersign.oauth;

import dev.countersign.http.Field;
import dev.countersign.http.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The parameters of one OAuth request, RFC 6749 §3.1 and §3.2: one without a value counts as left out, none comes
/// twice, and unknown ones are ignored.
public final class Params {
    /// RFC 8707 §2 and RFC 8693 §2.1 let these two be repeated.
    private static final Set<String> REPEATABLE = Set.of("resource", "audience");

    private final Map<String, List<String>> values;

    private Params(Map<String, List<String>> values) {
        this.values = values;
    }

    /// Reads a posted form. Parameters in the URL are refused: they end in logs and histories, and RFC 6749 §2.3.1 and
    /// RFC 7009 §2.1 keep secrets and tokens out of it.
    ///
    /// @throws Refusal `invalid_request`
    public static Params of(Request request) {
        if (!request.query().isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, "parameters belong in the body, not in the URL");
        }
        return of(request.form());
    }

    /// Reads decoded pairs.
    ///
    /// @throws Refusal `invalid_request` when a parameter comes twice
    public static Params of(List<Field> fields) {
        var values = new HashMap<String, List<String>>();
        for (var field : fields) {
            if (field.value().isEmpty()) {
                continue;
            }
            var sofar = values.computeIfAbsent(field.name(), _ -> new ArrayList<>());
            if (!sofar.isEmpty() && !REPEATABLE.contains(field.name())) {
                throw Refusal.of(ErrorCode.INVALID_REQUEST, "a parameter is repeated")
                        .because(field.name());
            }
            sofar.add(field.value());
        }
        return new Params(values);
    }

    /// A parameter that must be there.
    ///
    /// @throws Refusal `invalid_request` when it is not
    public String one(String name) {
        if (!has(name)) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, name + " is missing");
        }
        return optional(name);
    }

    /// A parameter that may be left out; empty then. Of a repeatable one ask [#all].
    public String optional(String name) {
        var all = values.get(name);
        return all == null ? "" : all.getFirst();
    }

    /// All values of a parameter, in their order.
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /// True when the parameter is there and has a value.
    public boolean has(String name) {
        return values.containsKey(name);
    }
}
