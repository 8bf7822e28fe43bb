package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;

/// The APIs that tokens are for.
public record ResourcesView(List<Row> rows) implements View {
    /// One of them.
    ///
    /// @param scopes how many it has, in words
    /// @param risk the highest of them
    /// @param clients how many clients may ask for it, in words
    /// @param states what is out of the ordinary: `frozen`, `observed only`
    public record Row(
            String id, String name, String owner, String scopes, Risk risk, String clients, List<String> states) {
        /// Where it is.
        public String href() {
            return "/resources/one?id=" + Door.encode(id);
        }

        /// Where what was decided of it is.
        public String past() {
            return "/history?resource=" + Door.encode(id);
        }

        /// Where its owners are.
        public String owners() {
            return CrowdView.group(owner);
        }
    }

    /// One with all there is of it.
    ///
    /// @param clients who may ask for it
    /// @param rules those that may speak of it
    /// @param became what became, in 30 days, of requests for it that people were asked about
    public record One(Row row, List<Scope> scopes, List<Client> clients, List<Rule> rules, List<Became> became)
            implements View {}

    /// Something that may be asked of it.
    ///
    /// @param kind `scope` or `details`
    /// @param worst what it can do at worst; empty when its owner has not said
    public record Scope(String name, String kind, String title, Risk risk, String worst, String undo) {}

    /// A client, and what of it that may ask for.
    public record Client(String id, String name, List<String> scopes) {}

    /// A rule as a sentence.
    public record Rule(String name, String effect, String sentence) {}

    /// How many requests came to that.
    public record Became(String state, String count) {}
}
