package dev.countersign.demo;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What to paste into a terminal: plain OAuth requests, as any client sends them. Beside the first ones, each shows a
/// finding or a verdict that is worth a look.
final class Examples {
    private static final String ORDERS = " -d resource=" + Everyday.ORDERS;
    private static final String PAYMENTS = " -d resource=" + Everyday.PAYMENTS;

    private final String issuer;
    private final Map<String, String> secrets;

    private Examples(String issuer, Map<String, String> secrets) {
        this.issuer = issuer;
        this.secrets = secrets;
    }

    /// The first one waits for a person.
    static List<DemoFile.Example> of(String issuer, Map<String, String> secrets) {
        return new Examples(issuer, secrets).all();
    }

    private List<DemoFile.Example> all() {
        var refund = "-d scope=refunds:write --data-urlencode 'reason=Order 1042 arrived broken' -d ticket=FERN-1042";
        var warehouse = from("10.20.4.17", "warehouse-sync/4.2");
        var desk = from("10.20.8.12", "fernhill-desk/11.3");
        var careAgent = from("10.40.1.9", "care-agent/2.1");
        return List.of(
                once("A refund: waits until ana or bo approves it", "refund-bot", refund),
                once(
                        "Reading orders: policy lets it through at once",
                        "reports",
                        "-d scope=orders:read -d resource=" + Everyday.ORDERS),
                once(
                        "Paying suppliers: waits for two groups, ana or bo, and cy or max",
                        "payout-runner",
                        "-d scope=payouts:write --data-urlencode 'reason=Supplier run of the week'"),
                once(
                        "A service account that nobody has used for months: refused",
                        "old-crm-export",
                        "-d scope=customers:export -d ticket=FERN-7"
                                + " --data-urlencode 'reason=Move customers to the new CRM'"),
                once(
                        "One refund of exactly 25 EUR, by authorization details",
                        "refund-bot",
                        "--data-urlencode 'reason=Charged twice' " + details(1042, 25)),
                once(
                        "The first refund once more, from elsewhere: paste it while the first one waits",
                        "refund-bot",
                        from("198.51.100.9", "Go-http-client/1.1") + refund),
                once(
                        "Nobody answers: the token comes at once, and cy or max look at it afterwards",
                        "refund-bot",
                        "-d scope=refunds:write -d break_glass=true"
                                + " --data-urlencode 'reason=INC-7: payments are down and nobody answers'"),
                once(
                        "A sale that is over for a month: waits for eli or bo",
                        "sale-prices",
                        from("10.20.6.2", "sale/3.0") + "-d scope=prices:write --data-urlencode 'reason=One day more'"),
                once(
                        "What the support desk did not do for months: waits for ana or bo",
                        "support-desk",
                        desk + "-d scope=orders:cancel" + ORDERS
                                + " --data-urlencode 'reason=The customer ordered twice'"),
                once(
                        "What the support desk never did, though it may: waits for ana or bo",
                        "support-desk",
                        desk + "--data-urlencode 'reason=Order 77 never arrived' " + details(77, 15)),
                once(
                        "More at once than the support desk asks for, and for longer: goes through, and is told",
                        "support-desk",
                        desk + "-d 'scope=orders:read returns:read' -d requested_lifetime=900" + ORDERS),
                once(
                        "Payments for the reports, which had none yet: goes through, and is told",
                        "reports",
                        "-d scope=payments:read" + PAYMENTS),
                once(
                        "An AI agent that wants all customers, as no other client does: waits for cy and max",
                        "care-agent",
                        careAgent + "-d scope=customers:export -d ticket=CARE-9" + ORDERS
                                + " --data-urlencode 'reason=To see who else is not happy'"),
                once(
                        "A refund of 12 EUR by the AI agent: goes through while nothing about it is unusual",
                        "care-agent",
                        careAgent + "--data-urlencode 'reason=Order 1043 arrived late' " + details(1043, 12)),
                once(
                        "An AI agent that is not what it was: waits for cy or max",
                        "price-agent",
                        from("10.40.1.12", "price-agent/0.9") + "-d scope=catalog:read"),
                once(
                        "Not used for months, but attested to be needed: waits for cy and max",
                        "tax-export",
                        from("10.20.7.3", Caller.CURL)
                                + "-d scope=customers:export -d ticket=FERN-8 --data-urlencode 'reason=Last year'"),
                once(
                        "What is observed only: policy would ask people, and it goes through",
                        "loyalty-sync",
                        from("10.50.3.8", "loyalty/0.3") + "-d scope=refunds:write" + PAYMENTS),
                once(
                        "Dee is somewhere else again, which is nothing new",
                        "dee-cli",
                        from("100.125.251.7", "countersign/0.1") + "-d scope=orders:read" + ORDERS),
                example(
                        "A job with a secret that it never used before: goes through, and is told",
                        "warehouse-sync",
                        "warehouse-sync-next",
                        issuer + "/token",
                        warehouse + "-d 'scope=catalog:read stock:write'"),
                once(
                        "The same job from another network and by another program: goes through, and is told",
                        "warehouse-sync",
                        from("198.51.100.9", "python-requests/2.31") + "-d 'scope=catalog:read stock:write'"),
                many(
                        "The same job in circles: stopped at the tenth time",
                        "warehouse-sync",
                        14,
                        warehouse + "-d 'scope=catalog:read stock:write'"),
                many(
                        "The same reason seven times: goes through, and is told",
                        "reports",
                        7,
                        "-d scope=orders:read" + ORDERS + " --data-urlencode 'reason=As always'"));
    }

    private static String details(int order, int amount) {
        return "-d resource=" + Everyday.PAYMENTS + " --data-urlencode 'authorization_details="
                + Everyday.refund(order, amount) + "'";
    }

    private static String from(String address, String agent) {
        return "-H 'X-Forwarded-For: " + address + "' -A " + agent + " ";
    }

    private DemoFile.Example once(String title, String client, String rest) {
        return example(title, client, client, issuer + "/token", rest);
    }

    /// By `curl` alone: it makes a request for each number behind `#`, and sends nothing of that.
    private DemoFile.Example many(String title, String client, int times, String rest) {
        return example(title, client, client, "'%s/token#[1-%d]'".formatted(issuer, times), rest);
    }

    private DemoFile.Example example(String title, String client, String secret, String url, String rest) {
        return new DemoFile.Example(
                title,
                "curl -sS --user " + client + ":" + Objects.requireNonNull(secrets.get(secret), secret) + " " + url
                        + " -d grant_type=client_credentials " + rest);
    }
}
