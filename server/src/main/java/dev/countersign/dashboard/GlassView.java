package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// One time that a client broke the glass, and what people say of it.
///
/// @param what it may do, in words
/// @param scopes and details as the token has them
/// @param reason the client's own words, inert
/// @param state how it stands, in words
/// @param left until when people have to have looked; empty once they have
/// @param lifetime of the token, in words
/// @param rules those that let it through, and the policy's version
/// @param may whether the viewer's word would count
/// @param signed whether it has to be signed
/// @param mayLift whether somebody objected and the viewer may lift that
public record GlassView(
        String id,
        String client,
        String resource,
        String what,
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
        boolean may,
        boolean signed,
        boolean mayLift)
        implements View {
    /// What a person said of it, and whether they signed that.
    public record Said(String who, String word, String comment, Moment at, boolean signed) {}

    /// The second step of lifting an objection: what is about to be done, to be said once more.
    public record Lift(String id, String client, String rules, String reason) implements View {}

    /// In the queue of those who have still to look at it, or may lift an objection.
    ///
    /// @param left until when people have to have looked; empty once they have
    /// @param state `due`, `overdue`, or `locked` when somebody objected
    public record Row(
            String id,
            String client,
            String scopes,
            String reason,
            Optional<Left> left,
            String state,
            List<StageLine> stages) {}
}
