package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Registrations;
import dev.countersign.policy.SourceFacts;
import dev.countersign.policy.WhyNot;
import dev.countersign.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Looks for what would be accepted instead of what was asked: the smallest changes of that which policy would let
/// through, and what people granted before.
public final class Alternatives {
    /// How many requests are judged for it at most.
    private static final int WORK = 2_000;

    /// How many of each kind are told.
    private static final int TOLD = 2;

    /// Of how many requests it is known what was found.
    private static final int KEPT = 500;

    /// How many of what people granted the client last are looked through.
    private static final int LOOKED = 50;

    private record Sought(String request, String policy, List<String> wanted) {}

    private final Store store;
    private final Approvals approvals;
    private final Supplier<InForce> inForce;

    /// The newest.
    private final Map<Sought, List<Alternative>> found = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Sought, List<Alternative>> eldest) {
            return size() > KEPT;
        }
    };

    public Alternatives(Store store, Approvals approvals, Supplier<InForce> inForce) {
        this.store = store;
        this.approvals = approvals;
        this.inForce = inForce;
    }

    /// Instead of a request that people were asked. Of what is asked of the server itself there is none.
    public List<Alternative> insteadOf(Approval approval) {
        var question = approval.question();
        return insteadOf(question.request(), question.ask(), question.facts(), List.of("approve"));
    }

    /// Instead of one that was judged.
    public List<Alternative> insteadOf(Judged judged) {
        var wanted = switch (judged.verdict().word()) {
            case "deny" -> List.of("approve", "review");
            case "review" -> List.of("approve");
            default -> List.<String>of();
        };
        return insteadOf(judged.request(), judged.ask(), judged.facts(), wanted);
    }

    private List<Alternative> insteadOf(AccessRequest request, Allowance ask, String facts, List<String> wanted) {
        var now = inForce.get();
        var client = now.clients().get(request.client());
        var resource = now.resources().get(request.resource());
        if (client == null || resource == null || wanted.isEmpty()) {
            return List.of();
        }
        var types = resource.details();
        var byPolicy = once(
                new Sought(request.id(), now.policy().version(), wanted),
                () -> wanted.stream()
                        .map(it -> byPolicy(now, client, ask, types, Facts.fromJson(facts), it))
                        .filter(it -> !it.isEmpty())
                        .findFirst()
                        .orElse(List.of()));
        return Stream.concat(byPolicy.stream(), byPeople(request, ask, types).stream())
                .toList();
    }

    /// A page that follows a request asks again and again: what the policy in force would let through is found once.
    private List<Alternative> once(Sought key, Supplier<List<Alternative>> search) {
        synchronized (found) {
            var known = found.get(key);
            if (known != null) {
                return known;
            }
        }
        var instead = search.get();
        synchronized (found) {
            found.put(key, instead);
        }
        return instead;
    }

    private static List<Alternative> byPolicy(
            InForce now, Client client, Allowance ask, Map<String, DetailsType> types, Facts facts, String want) {
        var found = WhyNot.asking(now.policy(), registrations(now, client), facts, want, WORK);
        var all = new ArrayList<Alternative>();
        for (var answer : found.answers()) {
            what(answer, ask, types)
                    .map(it -> (Alternative) new Alternative.ByPolicy(
                            it, answer.verdict().word(), answer.verdict().rules()))
                    .filter(it -> !all.contains(it))
                    .ifPresent(all::add);
        }
        return all.stream().limit(TOLD).toList();
    }

    private static Registrations registrations(InForce now, Client client) {
        return new Registrations(
                Map.of(
                        client.id(),
                        new Registrations.Client(client.name(), client.owner(), client.tags(), client.access())),
                now.resources(),
                SourceFacts.of(now.sources().values().stream()
                        .flatMap(it -> it.facts().stream())
                        .toList()),
                now.surroundings().zone());
    }

    /// What an answer asks for, when that is no more than what was asked and could be asked.
    private static Optional<Allowance> what(WhyNot.Answer answer, Allowance ask, Map<String, DetailsType> types) {
        var facts = answer.facts();
        var scopes = facts.value("scopes").orElse(List.of()) instanceof List<?> names
                ? Scopes.of(names.stream().map(String.class::cast).toList())
                : Scopes.NONE;
        var details = facts.value("details").orElse("") instanceof AuthorizationDetails it ? it : ask.details();
        boolean shorter = answer.changes().stream().anyMatch(it -> it.fact().equals("lifetime"));
        var lifetime =
                shorter ? Duration.ofSeconds((Long) facts.value("lifetime").orElseThrow()) : ask.lifetime();
        var what = new Allowance(scopes, details, lifetime);
        return !what.isEmpty()
                        && scopes.within(ask.scopes())
                        && lifetime.isPositive()
                        && lifetime.compareTo(ask.lifetime()) <= 0
                        && ask.details().types().containsAll(details.types())
                        && isPossible(details, types)
                ? Optional.of(what)
                : Optional.empty();
    }

    /// What is made up need not be what its type allows.
    private static boolean isPossible(AuthorizationDetails details, Map<String, DetailsType> types) {
        try {
            return details.isEmpty()
                    || AuthorizationDetails.parse(Json.write(details.objects()), types)
                            .objects()
                            .equals(details.objects());
        } catch (Refusal unlike) {
            return false;
        }
    }

    private List<Alternative> byPeople(AccessRequest request, Allowance ask, Map<String, DetailsType> types) {
        var filter = new Approvals.Filter(List.of("approved", "redeemed"), request.client(), Optional.empty(), "", "");
        var all = new ArrayList<Alternative>();
        var seen = new ArrayList<Allowance>();
        for (var row : store.read(tx -> approvals.list(tx, filter, LOOKED))) {
            var approval = row.approval();
            var granted = granted(approval).map(it -> it.atMost(1));
            if (approval.question().request().resource().equals(request.resource())
                    && granted.filter(it -> isSmaller(it, ask, types)).isPresent()
                    && !seen.contains(granted.get())) {
                seen.add(granted.get());
                all.add(new Alternative.ByPeople(
                        granted.get(), approval.question().request().madeAt()));
            }
        }
        return all.stream().limit(TOLD).toList();
    }

    private static boolean isSmaller(Allowance granted, Allowance ask, Map<String, DetailsType> types) {
        return granted.beyond(ask, types).isEmpty() && !granted.equals(ask.atMost(1));
    }

    private static Optional<Allowance> granted(Approval approval) {
        return switch (approval) {
            case Approval.Approved it -> Optional.of(it.granted());
            case Approval.Redeemed it -> Optional.of(it.token().granted());
            case Approval.Pending _, Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Revoked _ ->
                Optional.empty();
        };
    }
}
