package dev.countersign.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The ledger: what is signed, and what is in it, the newest first.
///
/// @param older where the next page is; empty on the last
/// @param more whether entries before these were only looked through in part
/// @param fault why nothing is listed; empty when all could be read
public record LedgerView(
        List<Row> rows,
        Search search,
        List<Option> codes,
        List<Option> people,
        Head head,
        String older,
        boolean more,
        String fault)
        implements View {
    /// An entry, in a line.
    ///
    /// @param request the access request it is about; empty when it is about none
    public record Row(long index, String code, String sentence, String request, Moment at) {}

    /// What is looked for; empty strings look for all.
    ///
    /// @param reference of a request, an entry, a token, or a leaf hash
    /// @param person the pseudonym of who did it
    public record Search(String reference, String code, String person, String from, String to) {
        /// True when everything is shown.
        public boolean all() {
            return parameters().isEmpty();
        }

        /// It as the query of a URL; what is empty is left out.
        public String parameters() {
            var values = new LinkedHashMap<String, String>();
            values.put("ref", reference);
            values.put("code", code);
            values.put("person", person);
            values.put("from", from);
            values.put("to", to);
            return Door.query(values);
        }
    }

    /// The newest checkpoint, and what was found when it was last looked at.
    ///
    /// @param origin what the ledger is called; empty when no checkpoint was signed yet
    /// @param root in base64, as the note has it
    /// @param keys of the ledger, as `vkey`s
    public record Head(String origin, long size, String root, List<String> keys, Check check) {}

    /// A check on the server, as far as it is.
    ///
    /// @param running whether one runs now
    /// @param good whether the last one found nothing wrong
    /// @param said what the last one looked at and found; empty when there was none on this node
    public record Check(boolean running, boolean good, List<String> said, Optional<Moment> at) {}

    /// One entry with all there is of it.
    ///
    /// @param proved whether the proof leads from the entry to the signed root
    /// @param path the hashes of the proof, in base64, the leaf's sibling first
    /// @param checkpoint the signed note that the proof leads to
    public record One(
            Row row,
            String actor,
            String node,
            String hash,
            String previous,
            List<Line> body,
            List<Line> disclosed,
            boolean proved,
            List<String> path,
            String checkpoint)
            implements View {}

    /// A name and its value.
    public record Line(String name, String value) {}
}
