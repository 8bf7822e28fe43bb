package dev.countersign.policy;

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
    }
}
