package dev.countersign.demo;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What to paste into a terminal: plain OAuth requests, as any client sends them.
final class Examples {
    private Examples() {}

    /// The first one waits for a person.
    static List<DemoFile.Example> of(String issuer, Map<String, String> secrets) {
        return List.of(
                example(
                        "A refund: waits until ana or bo approves it",
                        issuer,
                        "refund-bot",
                        secrets,
                        "-d scope=refunds:write --data-urlencode 'reason=Order 1042 arrived broken' -d ticket=FERN-1042"),
                example(
                        "Reading orders: policy lets it through at once",
                        issuer,
                        "reports",
                        secrets,
                        "-d scope=orders:read -d resource=https://orders.fernhill.example"),
                example(
                        "Paying suppliers: waits for two groups, ana or bo, and cy or max",
                        issuer,
                        "payout-runner",
                        secrets,
                        "-d scope=payouts:write --data-urlencode 'reason=Supplier run of the week'"),
                example(
                        "A service account that nobody has used for months: refused",
                        issuer,
                        "old-crm-export",
                        secrets,
                        "-d scope=customers:export -d ticket=FERN-7"
                                + " --data-urlencode 'reason=Move customers to the new CRM'"),
                example(
                        "One refund of exactly 25 EUR, by authorization details",
                        issuer,
                        "refund-bot",
                        secrets,
                        "--data-urlencode 'reason=Charged twice' --data-urlencode 'authorization_details="
                                + "[{\"type\":\"refund\",\"order\":\"1042\",\"amount\":25,\"currency\":\"EUR\"}]'"));
    }

    private static DemoFile.Example example(
            String title, String issuer, String client, Map<String, String> secrets, String rest) {
        var secret = Objects.requireNonNull(secrets.get(client), client);
        return new DemoFile.Example(
                title,
                "curl -sS --user " + client + ":" + secret + " " + issuer + "/token -d grant_type=client_credentials "
                        + rest);
    }
}
