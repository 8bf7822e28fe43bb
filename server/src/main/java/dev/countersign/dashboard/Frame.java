package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// What stands around every page: title, navigation, who is signed in, what is frozen, and what just happened.
///
/// @param section which entry of the navigation this page is under
/// @param waiting how many requests wait for this viewer's vote
/// @param live whether the page listens for events
public record Frame(
        String title,
        Section section,
        Optional<Viewer> viewer,
        List<Frozen> frozen,
        int waiting,
        Optional<Notice> notice,
        boolean live) {

    /// The entries of the navigation.
    public enum Section {
        QUEUE,
        OVERVIEW,
        HISTORY,
        CLIENTS,
        POLICY,
        RESOURCES,
        GROUPS,
        LEDGER,
        FREEZE,
        NONE
    }

    /// Who looks.
    ///
    /// @param csrf what every form of theirs carries
    /// @param mayAudit whether they may see how policy came to what it said
    public record Viewer(String name, String csrf, boolean mayFreeze, boolean mayAudit) {}

    /// A freeze that stands, for the banner.
    ///
    /// @param what "All minting", "Refund bot" or "Payments API"
    public record Frozen(String what, String by, Moment since, String reason) {}

    /// What just happened, in one line that is read out.
    public record Notice(Tone tone, String text) {}

    /// Whether the line tells of something done, of something refused, or just tells.
    public enum Tone {
        DONE,
        REFUSED,
        PLAIN;

        /// The class in the style sheet.
        public String word() {
            return switch (this) {
                case DONE -> "done";
                case REFUSED -> "refused";
                case PLAIN -> "plain";
            };
        }
    }

    /// The same page with a line of what just happened.
    public Frame with(Notice said) {
        return new Frame(title, section, viewer, frozen, waiting, Optional.of(said), live);
    }

    /// The same page, listening for events.
    public Frame listening() {
        return new Frame(title, section, viewer, frozen, waiting, notice, true);
    }

    /// Whether somebody looks who may freeze and lift.
    public boolean freezes() {
        return viewer.filter(Viewer::mayFreeze).isPresent();
    }

    /// Whether somebody looks who may see how policy came to what it said.
    public boolean audits() {
        return viewer.filter(Viewer::mayAudit).isPresent();
    }

    /// The CSRF token; empty when nobody is signed in.
    public String csrf() {
        return viewer.map(Viewer::csrf).orElse("");
    }
}
