package dev.countersign.dashboard;

import java.util.ArrayList;
import java.util.List;

/// A piece of a sentence.
///
/// @param code whether it stands in the configuration like that, rather than being a word of the sentence
public record Span(String text, boolean code) {
    /// The pieces of a sentence in which what is code stands between back quotes.
    public static List<Span> of(String sentence) {
        var spans = new ArrayList<Span>();
        boolean code = false;
        for (var text : sentence.split("`", -1)) {
            if (!text.isEmpty()) {
                spans.add(new Span(text, code));
            }
            code = !code;
        }
        return List.copyOf(spans);
    }
}
