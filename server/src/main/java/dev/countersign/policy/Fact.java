package dev.countersign.policy;

import dev.countersign.oauth.AuthorizationDetails;
import java.util.List;

/// One thing that a rule may speak of.
///
/// @param name as conditions write it: `usage.idle_days`
/// @param doc one sentence for the reference page
/// @param quiet what a policy test takes for it when the test does not say: a request that nothing is odd about
public record Fact(String name, Type type, String doc, Object quiet) {
    /// The types of facts, each with the CEL type it has in a condition.
    public enum Type {
        /// A Java `String`.
        TEXT("string"),
        /// A Java `Long`.
        NUMBER("int"),
        /// A Java `Boolean`.
        TRUTH("bool"),
        /// A Java `List` of `String`.
        TEXTS("list(string)"),
        /// An [dev.countersign.oauth.AuthorizationDetails].
        DETAILS("list(map(string, dyn))"),
        /// An [Amounts].
        AMOUNTS("map(string, map(string, double))");

        private final String cel;

        Type(String cel) {
            this.cel = cel;
        }

        /// The CEL type, as the reference page shows it.
        public String cel() {
            return cel;
        }

        /// Whether a value is of this type.
        public boolean fits(Object value) {
            return switch (this) {
                case TEXT -> value instanceof String;
                case NUMBER -> value instanceof Long;
                case TRUTH -> value instanceof Boolean;
                case TEXTS -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
                case DETAILS -> value instanceof AuthorizationDetails;
                case AMOUNTS -> value instanceof Amounts;
            };
        }
    }
}
