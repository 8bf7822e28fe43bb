package dev.countersign.approval;

import dev.countersign.people.PersonId;
import dev.countersign.policy.BreakGlass;
import dev.countersign.policy.Stage;
import java.time.Instant;
import java.util.List;

/// One time that a client broke the glass: a token that went out before people had looked, and what they look at
/// afterwards.
///
/// @param request the access request's id
/// @param rules those that let it through
/// @param ownedBy the group that owned the client
/// @param stages the groups that look at it
/// @param reviewBy when they have to have looked
/// @param signed whether what each says of it is signed; what was kept before it could be says no
public record GlassUse(
        String request,
        String client,
        String subject,
        String ownedBy,
        String resource,
        List<String> scopes,
        String details,
        String risk,
        String reason,
        String ticket,
        long lifetime,
        List<String> rules,
        String version,
        List<Stage> stages,
        Instant at,
        Instant reviewBy,
        boolean signed) {
    static GlassUse of(Judged judged, BreakGlass glass, Instant at) {
        var request = judged.request();
        return new GlassUse(
                request.id(),
                request.client(),
                request.subject(),
                judged.ownedBy(),
                request.resource(),
                request.scopes().names(),
                request.details().canonical(),
                judged.risk().word(),
                request.reason(),
                request.ticket(),
                judged.ask().lifetime().toSeconds(),
                judged.verdict().rules(),
                judged.verdict().version(),
                glass.stages(),
                at,
                at.plus(glass.within()),
                glass.signed());
    }

    /// What has become of it.
    public enum State {
        /// People have still to look.
        DUE,
        /// They found it right.
        APPROVED,
        /// One of them objected: nobody breaks the glass by this rule for this client until that is lifted.
        OBJECTED,
        /// One of them objected, and an administrator lets it go on.
        LIFTED;

        /// As it stands in the API.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What a person has said of it.
    ///
    /// @param signed whether it is signed with a passkey
    public record Said(PersonId person, Word word, String comment, Instant at, boolean signed) {}

    /// What a person says of it.
    public enum Word {
        APPROVE,
        OBJECT;

        /// As it stands in the API and the ledger.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
