package dev.countersign.cli;

import dev.countersign.dashboard.Moment;
import dev.countersign.http.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "requests",
        synopsisSubcommandLabel = "COMMAND",
        description = "The reviewer's side: what waits, and the decision about it.")
final class RequestsCommand {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    RequestsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "list",
            description =
                    "Lists requests: what waits by risk and time left, the most urgent first; others the newest first.")
    int list(
            @Mixin PersonApi api,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            split = ",",
                            defaultValue = "pending",
                            description = "pending, approved, denied, … (default: pending), or all.")
                    List<String> states,
            @Option(names = "--mine", description = "Only what you may vote on.") boolean mine,
            @Option(names = "--client", paramLabel = "ID", description = "Only of this client.") @Nullable
                    String client,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many (default: 50).")
                    int limit,
            @Option(names = "--json", description = "For machines.") boolean json) {
        boolean pending = states.equals(List.of("pending"));
        var query = (pending ? "&order=urgent" : "")
                + (states.contains("all") ? "" : "&state=" + Web.encoded(String.join(",", states)))
                + (mine ? "&mine=true" : "")
                + (client == null ? "" : "&client=" + Web.encoded(client));
        var path = "/requests" + (query.isEmpty() ? "" : "?" + query.substring(1));
        int most = Math.min(limit, MOST);
        var found = api.all(path, "", most + 1);
        var items = found.subList(0, Math.min(most, found.size()));
        if (json) {
            terminal.json(Map.of("items", items));
        } else if (items.isEmpty()) {
            terminal.say(pending ? "nothing waits" : "there are none");
        } else {
            terminal.table(
                    List.of("ID", "STATE", "RISK", "CLIENT", "ASKS FOR", "LEFT", "REASON"),
                    items.stream().map(RequestsCommand::row).toList());
            if (found.size() > items.size()) {
                terminal.note("there are more: --limit lists up to " + MOST + ", --client and --mine narrow");
            }
        }
        return 0;
    }

    private static List<String> row(JsonNode it) {
        boolean open = text(it, "state").equals("pending") || text(it, "state").equals("approved");
        var left = Duration.between(Instant.now(), Instant.parse(text(it, "expires_at")));
        return List.of(
                text(it, "id"),
                text(it, "state"),
                text(it, "risk"),
                text(it, "client"),
                asks(it),
                open ? Spans.clock(left) : "-",
                quoted(text(it, "reason")));
    }

    static String asks(JsonNode it) {
        var scopes = texts(it.path("scopes"));
        var types = it.path("authorization_details")
                .valueStream()
                .map(each -> each.path("type").stringValue(""))
                .collect(Collectors.joining(" "));
        return (scopes + " " + types).strip();
    }

    @Command(
            name = "show",
            aliases = "status",
            description = {
                "Shows one request with its findings and votes, and what came of it.",
                "Those who asked for it are told what would be accepted instead, too."
            })
    int show(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return tell(api.get("/requests/" + Web.encoded(id)), json);
    }

    @Command(name = "approve", description = "Votes yes.")
    int approve(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", description = "For whoever reads it later.") @Nullable
                    String comment,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return vote(api, id, ballot("approve", comment), json);
    }

    @Command(name = "deny", description = "Votes no: that ends it.")
    int deny(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", description = "For whoever reads it later.") @Nullable
                    String comment,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return vote(api, id, ballot("deny", comment), json);
    }

    @Command(name = "narrow", description = "Votes yes to less than was asked.")
    int narrow(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--scope", paramLabel = "S", description = "A scope that stays; again for more.") @Nullable
                    List<String> scopes,
            @Option(names = "--details", paramLabel = "JSON", description = "The authorization details that stay.")
                    @Nullable
                    String details,
            @Option(names = "--lifetime", paramLabel = "30s", description = "A shorter life.") @Nullable
                    Duration lifetime,
            @Option(names = "--uses", paramLabel = "N", description = "Fewer tokens.") @Nullable Integer uses,
            @Option(names = "--comment", paramLabel = "TEXT", description = "For whoever reads it later.") @Nullable
                    String comment,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var ballot = ballot("approve", comment);
        if (scopes != null) {
            ballot.put("scopes", scopes);
        }
        if (details != null) {
            ballot.put("authorization_details", details(details));
        }
        if (lifetime != null) {
            ballot.put("lifetime", lifetime.toSeconds());
        }
        if (uses != null) {
            ballot.put("uses", uses);
        }
        if (scopes == null && details == null && lifetime == null && uses == null) {
            throw new Failure(
                    "narrow to what? Give --scope, --details, --lifetime or --uses; approve leaves it as asked");
        }
        return vote(api, id, ballot, json);
    }

    static JsonNode details(String text) {
        try {
            return Json.read(text);
        } catch (Json.Malformed e) {
            throw new Failure("--details is no JSON: " + e.getMessage());
        }
    }

    @Command(
            name = "ask",
            description =
                    "Asks those who want the token, as a reviewer. It decides nothing and gives nobody more time.")
    int ask(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Parameters(paramLabel = "WORDS", description = "What you want to know, at most 500 characters.")
                    String words,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return say(api, id, words, json);
    }

    @Command(name = "answer", description = "Answers reviewers, as an owner of the client that asks.")
    int answer(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Parameters(paramLabel = "WORDS", description = "The answer, at most 500 characters.") String words,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return say(api, id, words, json);
    }

    private int say(PersonApi api, String id, String words, boolean json) {
        return settled(api.post("/requests/" + Web.encoded(id) + "/comments", Map.of("comment", words)), json);
    }

    @Command(
            name = "claim",
            description = "Tells other reviewers that you look into it, for 10 minutes. It keeps nobody from voting.")
    int claim(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--release", description = "Tells them that you do no more.") boolean release,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return settled(api.post("/requests/" + Web.encoded(id) + (release ? "/release" : "/claim"), Map.of()), json);
    }

    @Command(
            name = "reassign",
            description = {
                "Hands it on to somebody else who may decide it, as a reviewer, and tells them why.",
                "Nobody gains a vote by it or loses one."
            })
    int reassign(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--to", paramLabel = "USER", description = "One of those who may decide it.") @Nullable
                    String person,
            @Option(names = "--group", paramLabel = "GROUP", description = "All of a group that is asked.") @Nullable
                    String group,
            @Option(names = "--reason", required = true, paramLabel = "R", description = "Why, at most 500 characters.")
                    String reason,
            @Option(names = "--json", description = "For machines.") boolean json) {
        if ((person == null) == (group == null)) {
            throw new Failure("to whom? Give --to USER or --group GROUP");
        }
        var to = person == null ? Map.of("group", group, "reason", reason) : Map.of("person", person, "reason", reason);
        return settled(api.post("/requests/" + Web.encoded(id) + "/reassign", to), json);
    }

    @Command(
            name = "nudge",
            description = {
                "Reminds those who decide, as an owner of the client that asks.",
                "The first time 5 minutes after it was asked, and then with pauses that double."
            })
    int nudge(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return settled(api.post("/requests/" + Web.encoded(id) + "/nudge", Map.of()), json);
    }

    @Command(
            name = "plan",
            description = {
                "Tells what would become of a request, as an owner of the client: what policy says, who could decide it"
                        + " now, how long that usually takes, and what smaller request would get further.",
                "Nobody is asked, and nothing is written. Exits 0, or 1 when it would be refused."
            })
    int plan(
            @Mixin PersonApi api,
            @Mixin Wanted wanted,
            @Option(names = "--client", required = true, paramLabel = "ID", description = "Who would ask.")
                    String client,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return new PlanWords(terminal).tell(api.post("/requests/plan", wanted.plan(client)), json);
    }

    @Command(
            name = "cancel",
            description = "Takes an open request back, as an owner of the client that asks or as an administrator.")
    int cancel(
            @Mixin PersonApi api,
            @Parameters(paramLabel = "ID", description = "The request's reference.") String id,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return settled(api.post("/requests/" + Web.encoded(id) + "/cancel", Map.of()), json);
    }

    @Command(name = "watch", description = "Tells what happens, as it happens. Ctrl-C ends it.")
    int watch(@Mixin PersonApi api, @Option(names = "--json", description = "For machines.") boolean json) {
        api.events("/events", (name, data) -> {
            var event = Json.read(data);
            if (json) {
                var line = new LinkedHashMap<String, Object>();
                line.put("event", name);
                line.put("data", event);
                terminal.json(line);
            } else {
                terminal.say("%s  %-18s %s %s"
                        .formatted(text(event, "at"), name, text(event, "id"), text(event, "outcome"))
                        .stripTrailing());
            }
            return !terminal.out().checkError();
        });
        throw new Failure("the server has ended the stream: start watch again");
    }

    private static Map<String, Object> ballot(String vote, @Nullable String comment) {
        var ballot = new LinkedHashMap<String, Object>();
        ballot.put("vote", vote);
        if (comment != null) {
            ballot.put("comment", comment);
        }
        return ballot;
    }

    private int vote(PersonApi api, String id, Map<String, Object> ballot, boolean json) {
        return settled(api.post("/requests/" + Web.encoded(id) + "/votes", ballot), json);
    }

    private int settled(JsonNode now, boolean json) {
        if (json) {
            terminal.json(now);
        } else {
            terminal.say(text(now, "id") + " is " + text(now, "state") + stages(now));
        }
        return 0;
    }

    /// By which way a vote came, where that is known.
    private static String via(JsonNode vote) {
        return vote.has("via") ? " (" + text(vote, "via") + ")" : "";
    }

    private static String stages(JsonNode it) {
        return it.path("stages")
                .valueStream()
                .map(stage -> text(stage, "group") + " " + stage.path("votes").asInt(0) + " of "
                        + stage.path("needed").asInt(0))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private int tell(JsonNode it, boolean json) {
        if (json) {
            terminal.json(it);
            return 0;
        }
        terminal.say(text(it, "client") + " asks for " + asks(it) + " on " + text(it, "resource") + lifetime(it));
        line("state", text(it, "state") + stages(it));
        it.path("stages").forEach(stage -> line("escalates", escalates(stage.path("escalates"))));
        line("tokens", tokens(it));
        line("from", it.has("starts_at") ? moment(it, "starts_at") : "");
        line("risk", text(it, "risk"));
        line("rule", text(it.path("verdict"), "rule"));
        line("reason", quoted(text(it, "reason")));
        line("ticket", quoted(text(it, "ticket")));
        line("made", moment(it, "created_at"));
        line("until", moment(it, "expires_at"));
        it.path("authorization_details").forEach(each -> line("details", Json.write(each)));
        it.path("findings").forEach(each -> line("finding", text(each, "sentence")));
        it.path("votes")
                .forEach(each -> line(
                        "vote",
                        text(each, "person") + inPlace(each) + " " + text(each, "vote") + via(each) + " "
                                + quoted(text(each, "comment"))));
        it.path("away")
                .forEach(each -> line(
                        "away",
                        text(each, "person") + " until " + moment(each, "until")
                                + (each.has("substitute") ? ", " + text(each, "substitute") + " stands in" : "")));
        line("you vote", it.path("may_vote").asBoolean(false) ? inPlace(it).strip() : "");
        if (it.has("handed")) {
            var handed = it.path("handed");
            line(
                    "handed on",
                    "by " + text(handed, "by") + " to " + text(handed, "person") + text(handed, "group") + " "
                            + quoted(text(handed, "reason")));
        }
        if (it.has("claim")) {
            line("claimed", text(it.path("claim"), "person") + " looks into it");
        }
        it.path("comments")
                .forEach(each -> line(
                        text(each, "side").equals("reviewer") ? "asked" : "answered",
                        text(each, "person") + text(each, "client") + " " + quoted(text(each, "comment"))));
        if (it.has("publication_changed")) {
            line("CHANGED", text(it, "publication_changed"));
        }
        if (it.has("publication")) {
            var publication = it.path("publication");
            line("publisher", text(publication, "publisher"));
            line("instead of", text(publication, "in_force"));
            new DifferenceWords(terminal).tell(publication);
            new DifferenceWords(terminal).past(publication.path("backtest"));
        }
        if (it.has("granted")) {
            line("granted", asks(it.path("granted")) + lifetime(it.path("granted")));
        }
        if (it.has("token")) {
            line("token", text(it.path("token"), "jti") + ", until " + moment(it.path("token"), "expires_at"));
        }
        line("because", text(it, "because"));
        var asking = new PlanWords(terminal);
        asking.waits(it);
        asking.instead(it);
        line(
                "remind",
                it.has("nudge") && it.path("requester").asBoolean(false)
                        ? "from " + moment(it.path("nudge"), "next")
                        : "");
        line("why not you", text(it, "why_not"));
        return 0;
    }

    private static String inPlace(JsonNode it) {
        return it.has("in_place_of") ? " in place of " + text(it, "in_place_of") : "";
    }

    private static String escalates(JsonNode it) {
        return it.isMissingNode() ? "" : "to " + text(it, "to") + " at " + moment(it, "at") + " if it still waits then";
    }

    static String lifetime(JsonNode it) {
        return " for " + Moment.words(Duration.ofSeconds(it.path("lifetime").asLong(0)));
    }

    private static String tokens(JsonNode it) {
        int uses = it.path("granted").path("uses").asInt(it.path("uses").asInt(1));
        if (it.path("used").isMissingNode()) {
            return uses > 1 ? "up to " + uses + ", one after the other" : "";
        }
        return it.path("used").asInt(0) + " of " + it.path("uses").asInt(1);
    }

    static String moment(JsonNode it, String name) {
        return Spans.moment(Instant.parse(text(it, name)));
    }

    private void line(String name, String value) {
        if (!value.isBlank()) {
            terminal.say("  %-12s %s".formatted(name, value));
        }
    }

    /// A client's own words are quoted, so that nobody takes them for ours.
    static String quoted(String words) {
        return words.isEmpty() ? "" : Json.write(words);
    }

    static String texts(JsonNode list) {
        return list.valueStream().map(it -> it.stringValue("")).collect(Collectors.joining(" "));
    }

    static String text(JsonNode node, String name) {
        return node.path(name).stringValue("");
    }
}
