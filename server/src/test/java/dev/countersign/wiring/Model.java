package dev.countersign.wiring;

import dev.countersign.wiring.Command.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules as somebody would keep them on paper: no store, no transaction, no thread, one thing after the other. What
/// it answers and what it writes is compared with a server's.
final class Model {
    /// The rules that can be left out, to see that somebody notices.
    enum Rule {
        OWNERS_DO_NOT_VOTE,
        MEMBERS_THEN_AND_NOW,
        ONE_PERSON_ONE_VOTE,
        ONE_PERSON_ONE_PLACE,
        ONE_DENIAL_IS_ENOUGH,
        NARROWING_COUNTS,
        WIDENING_DOES_NOT,
        SOMEBODY_CAN_DECIDE,
        TIME_TO_DECIDE,
        TIME_TO_COLLECT,
        AGAIN_AFTER,
        ONE_TOKEN,
        REDELIVERY_ENDS,
        ENDED_TOKENS_STAY_ENDED,
        FREEZE_STOPS,
        FREEZE_ENDS_APPROVALS,
        CODES_ARE_THE_CLIENTS,
        CODES_ARE_THE_KEYS,
        POLLS_HAVE_A_PACE
    }

    private static final int DECIDE = 900;
    private static final int COLLECT = 600;
    private static final int AGAIN_AFTER = 600;
    private static final int REDELIVERY = 60;

    private final Set<Rule> without;
    private final List<Request> requests = new ArrayList<>();
    private final List<Code> codes = new ArrayList<>();
    private final List<Token> tokens = new ArrayList<>();
    private final List<Membership> history = new ArrayList<>(List.of(new Membership(-1, 0)));
    private final Set<String> frozen = new HashSet<>();
    private int refusals;
    private long now;

    private record Membership(long since, int groups) {}

    private static final class Token {
        final String client;
        final long ends;
        boolean dead;

        Token(String client, long ends) {
            this.client = client;
            this.ends = ends;
        }
    }

    private static final class Code {
        final Request request;
        long polledAt = Long.MIN_VALUE / 2;
        int interval = 5;
        int tooFast;

        Code(Request request) {
            this.request = request;
        }
    }

    private static final class Request {
        final int number;
        final Command.Ask ask;
        final long madeAt;
        final Map<String, Word> votes = new LinkedHashMap<>();
        final Set<String> refused = new HashSet<>();
        final List<String> entries = new ArrayList<>(List.of("request.made", "request.judged"));
        String state = "pending";
        long deadline;
        long endedAt;
        int lifetime;
        int token = -1;

        Request(int number, Command.Ask ask, long now) {
            this.number = number;
            this.ask = ask;
            this.madeAt = now;
            this.deadline = now + DECIDE;
            this.lifetime = ask.lifetime() == 0 ? 60 : ask.lifetime();
        }

        boolean open() {
            return state.equals("pending") || state.equals("approved");
        }

        boolean asks(Command.Ask other) {
            return asksTheSame(other) && ask.lifetime() == other.lifetime() && ask.bound() == other.bound();
        }

        boolean asksTheSame(Command.Ask other) {
            return ask.client().equals(other.client()) && ask.both() == other.both();
        }

        void end(String as, String entry, long now) {
            state = as;
            endedAt = endedAt == 0 ? now : endedAt;
            entries.add(entry);
        }
    }

    Model(Set<Rule> without) {
        this.without = without;
    }

    private boolean rules(Rule rule) {
        return !without.contains(rule);
    }

    /// Does it and gives back what is answered.
    String run(Command command) {
        return switch (command) {
            case Command.Ask it -> ask(it);
            case Command.Again it -> requests.isEmpty() ? "" : ask(asked(it.request()));
            case Command.Read it -> stopped(it.client()) ? refuse() : token(tokens.size(), it.client(), 60);
            case Command.Vote it ->
                requests.isEmpty() ? "" : vote(latest(requests, it.request()), it.person(), it.word());
            case Command.Poll it -> codes.isEmpty() ? "" : poll(latest(codes, it.code()), it);
            case Command.Cancel it -> codes.isEmpty() ? "" : cancel(latest(codes, it.code()).request, it);
            case Command.TakeBack it -> requests.isEmpty() ? "" : takeBack(latest(requests, it.request()));
            case Command.EndToken it -> tokens.isEmpty() ? "" : end(latest(tokens, it.token()));
            case Command.Wait it -> pass(it.seconds());
            case Command.Freeze it -> Boolean.toString(frozen.add(it.all() ? "*" : "refund-bot"));
            case Command.Lift it -> Boolean.toString(frozen.remove(it.all() ? "*" : "refund-bot"));
            case Command.Regroup it -> {
                pass(1);
                history.add(new Membership(now, it.groups()));
                yield pass(1);
            }
        };
    }

    /// The index of what a command speaks of.
    static int latest(int many, int back) {
        return many - 1 - back % many;
    }

    private static <T> T latest(List<T> list, int back) {
        return list.get(latest(list.size(), back));
    }

    /// What was asked with a request, without taking a deferred answer.
    Command.Ask asked(int request) {
        var ask = latest(requests, request).ask;
        return new Command.Ask(ask.client(), ask.both(), ask.lifetime(), ask.bound(), false);
    }

    int requests() {
        return requests.size();
    }

    int codes() {
        return codes.size();
    }

    int tokens() {
        return tokens.size();
    }

    boolean bound(int code) {
        return codes.get(code).request.ask.bound();
    }

    String clientOf(int code) {
        return codes.get(code).request.ask.client();
    }

    String clientOfToken(int token) {
        return tokens.get(token).client;
    }

    /// How everything stands: each request with its entries, and how many were refused at once.
    List<String> stand() {
        var all = new ArrayList<String>();
        requests.forEach(it -> all.add(it.state + " " + it.entries));
        all.add(refusals + " refused");
        return all;
    }

    private String ask(Command.Ask ask) {
        var same = requests.reversed().stream()
                .filter(it -> it.open() && it.asks(ask))
                .findFirst();
        if (same.isEmpty()) {
            same = requests.reversed().stream()
                    .filter(it -> it.state.equals("redeemed")
                            && it.asks(ask)
                            && (it.endedAt >= now - REDELIVERY || !rules(Rule.REDELIVERY_ENDS)))
                    .findFirst();
        }
        if (same.isPresent()) {
            var it = same.get();
            switch (it.state) {
                case "pending" -> {
                    return wait(it, ask.deferred());
                }
                case "approved" -> {
                    return redeem(it);
                }
                default -> {
                    var token = tokens.get(it.token);
                    if ((now < token.ends || !rules(Rule.REDELIVERY_ENDS)) && !token.dead && !stopped(ask.client())) {
                        it.entries.add("token.redelivered");
                        return told(it.token);
                    }
                }
            }
        }
        boolean tooSoon = requests.stream()
                .anyMatch(it -> it.asksTheSame(ask)
                        && Set.of("denied", "expired").contains(it.state)
                        && it.endedAt >= now - AGAIN_AFTER);
        if (stopped(ask.client()) || (tooSoon && rules(Rule.AGAIN_AFTER)) || !decidable(ask)) {
            return refuse();
        }
        var made = new Request(requests.size(), ask, now);
        requests.add(made);
        return wait(made, ask.deferred());
    }

    private String refuse() {
        refusals++;
        return "invalid_grant";
    }

    private boolean stopped(String client) {
        return rules(Rule.FREEZE_STOPS) && (frozen.contains("*") || frozen.contains(client));
    }

    private String wait(Request it, boolean deferred) {
        if (deferred) {
            codes.add(new Code(it));
        }
        return (deferred ? "authorization_pending " : "access_denied ") + it.number;
    }

    private String redeem(Request it) {
        if (stopped(it.ask.client())) {
            if (rules(Rule.FREEZE_ENDS_APPROVALS)) {
                it.end("revoked", "request.ended", now);
            }
            return "access_denied";
        }
        it.end("redeemed", "token.minted", now);
        it.token = tokens.size();
        return token(it.token, it.ask.client(), it.lifetime);
    }

    private String token(int number, String client, int lifetime) {
        tokens.add(new Token(client, now + lifetime));
        return told(number);
    }

    private String told(int number) {
        return "token " + number + " for " + (tokens.get(number).ends - now) + " s";
    }

    private boolean member(String person, int group, long at) {
        return history.reversed().stream()
                .filter(it -> it.since() <= at)
                .findFirst()
                .filter(it -> Command.GROUPS.get(it.groups()).get(group).contains(person))
                .isPresent();
    }

    /// The groups that a person's vote counts for; dev is with those who own the clients.
    private Set<Integer> seats(String person, boolean both, long made) {
        var seats = new HashSet<Integer>();
        if (person.equals("dev") && rules(Rule.OWNERS_DO_NOT_VOTE)) {
            return seats;
        }
        for (int group = 0; group < (both ? 2 : 1); group++) {
            boolean then = member(person, group, made) || !rules(Rule.MEMBERS_THEN_AND_NOW);
            if (then && member(person, group, now)) {
                seats.add(group);
            }
        }
        return seats;
    }

    private boolean decidable(Command.Ask ask) {
        return !rules(Rule.SOMEBODY_CAN_DECIDE) || filled(List.of("ana", "bo", "cy", "dev"), ask.both(), now);
    }

    /// Whether these people fill every place, each of them one.
    private boolean filled(List<String> people, boolean both, long made) {
        for (var first : people) {
            for (var second : people) {
                boolean two = !first.equals(second) || !rules(Rule.ONE_PERSON_ONE_PLACE);
                if (seats(first, both, made).contains(0)
                        && (!both || (two && seats(second, true, made).contains(1)))) {
                    return true;
                }
            }
        }
        return false;
    }

    private String vote(Request it, String person, Word word) {
        if (!it.state.equals("pending")) {
            return "NotPending " + it.state;
        }
        if (it.votes.containsKey(person) && rules(Rule.ONE_PERSON_ONE_VOTE)) {
            return "AlreadyVoted";
        }
        if (seats(person, it.ask.both(), it.madeAt).isEmpty()) {
            return refuse(it, person, word, "NotEligible");
        }
        if (word == Word.WIDEN && rules(Rule.WIDENING_DOES_NOT)) {
            return refuse(it, person, word, "Wider");
        }
        it.votes.put(person, word);
        it.entries.add("request.voted");
        if (word == Word.DENY && rules(Rule.ONE_DENIAL_IS_ENOUGH)) {
            it.end("denied", "request.decided", now);
        } else if (filled(List.copyOf(it.votes.keySet()), it.ask.both(), it.madeAt)) {
            it.state = "approved";
            it.entries.add("request.decided");
            it.deadline = now + COLLECT;
            it.lifetime = it.votes.containsValue(Word.NARROW) && rules(Rule.NARROWING_COUNTS) ? 30 : it.lifetime;
        }
        return "Counted " + it.state;
    }

    private static String refuse(Request it, String person, Word word, String because) {
        if (it.refused.add(person + (word == Word.DENY) + because)) {
            it.entries.add("request.vote_refused");
        }
        return because;
    }

    private String poll(Code code, Command.Poll poll) {
        var it = code.request;
        if (poll.foreign() && rules(Rule.CODES_ARE_THE_CLIENTS)) {
            return "invalid_grant";
        }
        if (isOther(poll.key(), it) && rules(Rule.CODES_ARE_THE_KEYS)) {
            return "invalid_dpop_proof";
        }
        var pace = pace(code);
        return switch (it.state) {
            case "pending" -> rules(Rule.POLLS_HAVE_A_PACE) ? pace : "authorization_pending";
            case "approved" -> redeem(it);
            case "expired" -> "expired_token";
            case "redeemed" -> rules(Rule.ONE_TOKEN) ? "invalid_grant" : redeem(it);
            case "revoked" -> it.token >= 0 ? "invalid_grant" : "access_denied";
            default -> "access_denied";
        };
    }

    private static boolean isOther(Command.Key key, Request it) {
        return key == Command.Key.OTHER || (key == Command.Key.NONE && it.ask.bound());
    }

    private String pace(Code code) {
        boolean early = now < code.polledAt + code.interval - 1;
        code.polledAt = now;
        code.tooFast = early ? code.tooFast + 1 : 0;
        code.interval = early ? Math.min(code.interval + 5, 60) : code.interval;
        return !early ? "authorization_pending" : code.tooFast > 5 ? "invalid_request" : "slow_down";
    }

    private String cancel(Request it, Command.Cancel cancel) {
        if (cancel.foreign() && rules(Rule.CODES_ARE_THE_CLIENTS)) {
            return "";
        }
        if (isOther(cancel.key(), it) && rules(Rule.CODES_ARE_THE_KEYS)) {
            return "invalid_dpop_proof";
        }
        if (it.open()) {
            it.end("cancelled", it.state.equals("pending") ? "request.decided" : "request.ended", now);
        }
        return "";
    }

    private String takeBack(Request it) {
        if (!it.state.equals("approved") && !it.state.equals("redeemed")) {
            return "false";
        }
        it.end("revoked", "request.ended", now);
        if (it.token >= 0) {
            tokens.get(it.token).dead = true;
        }
        return "true";
    }

    private String end(Token it) {
        it.dead = rules(Rule.ENDED_TOKENS_STAY_ENDED);
        return "";
    }

    private String pass(int seconds) {
        now += seconds;
        for (var it : requests) {
            boolean pending = it.state.equals("pending");
            boolean late = rules(pending ? Rule.TIME_TO_DECIDE : Rule.TIME_TO_COLLECT) && now >= it.deadline;
            if (it.open() && late) {
                it.end("expired", pending ? "request.decided" : "request.ended", now);
            }
        }
        return "";
    }
}
