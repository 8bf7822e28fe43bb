package dev.countersign.approval;

import java.util.Locale;

/// By which way a vote came in. It changes nothing of what the vote is worth; who reads it later can tell one that was
/// cast in a chat from one before the request's page.
public enum Via {
    /// A page of the dashboard.
    DASHBOARD,
    /// The JSON API, with a token.
    API,
    /// The command line, by what it says of itself.
    CLI,
    /// A button in Slack.
    SLACK;

    /// As it stands in the API and the ledger.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
