package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// One time that a client broke the glass, and what people say of it.
///
/// @param reason the client's own words, inert
/// @param state how it stands, in words
/// @param left until when people have to have looked; empty once they have
/// @param lifetime of the token, in words
/// @param rules those that let it through, and the policy's version
/// @param may whether the viewer's word would count
public record GlassView(
        String id,
        String client,
        String resource,
        String scopes,
        String details,
        String reason,
        String ticket,
        String state,
        Moment at,
        Optional<Left> left,
        String lifetime,
        String rules,
        List<StageLine> stages,
        List<Said> said,
        boolean may)
        implements View {
    /// What a person said of it.
    public record Said(String who, String word, String comment, Moment at) {}

    /// In the queue of those who have still to look at it.
    ///
    /// @param overdue whether the rule lets the client through no more until they have
    public record Row(
            String id,
            String client,
            String scopes,
            String reason,
            Left left,
            boolean overdue,
            List<StageLine> stages) {}
}
