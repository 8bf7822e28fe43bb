package dev.countersign.usage;

import java.util.Locale;

/// What is counted, and for whom. What does not matter for its kind is empty.
///
/// @param client or, of a group, its owner
record UsageKey(Kind kind, String client, String resource, String name) {
    /// The kinds of what is counted.
    enum Kind {
        CLIENT,
        SCOPE,
        API,
        TYPE,
        WEEK,
        HABIT,
        GROUP,
        ATTESTED,
        DAYS,
        SEEN,
        RULE,
        PRIVILEGE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    static UsageKey of(String client) {
        return new UsageKey(Kind.CLIENT, client, "", "");
    }

    static UsageKey scope(String client, String resource, String scope) {
        return new UsageKey(Kind.SCOPE, client, resource, scope);
    }

    static UsageKey type(String client, String resource, String type) {
        return new UsageKey(Kind.TYPE, client, resource, type);
    }

    static UsageKey api(String client, String resource) {
        return new UsageKey(Kind.API, client, resource, "");
    }

    static UsageKey week(String client) {
        return new UsageKey(Kind.WEEK, client, "", "");
    }

    static UsageKey habit(String client) {
        return new UsageKey(Kind.HABIT, client, "", "");
    }

    static UsageKey attested(String client) {
        return new UsageKey(Kind.ATTESTED, client, "", "");
    }

    static UsageKey days(String client) {
        return new UsageKey(Kind.DAYS, client, "", "");
    }

    static UsageKey rule(String name) {
        return new UsageKey(Kind.RULE, "", "", name);
    }

    static UsageKey seen(String client, String resource) {
        return new UsageKey(Kind.SEEN, client, resource, "");
    }

    static UsageKey privilege() {
        return new UsageKey(Kind.PRIVILEGE, "", "", "");
    }

    static UsageKey group(String owner) {
        return new UsageKey(Kind.GROUP, owner, "", "");
    }
}
