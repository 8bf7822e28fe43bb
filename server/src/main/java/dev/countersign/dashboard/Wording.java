package dev.countersign.dashboard;

import dev.countersign.approval.Administration;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Attestation;
import dev.countersign.approval.Enrolment;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Question;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Says in plain words what stands in records. Names come from the configuration in force; what it no longer names is
/// called by its id.
final class Wording {
    /// How many things a sentence names.
    private static final int NAMED = 2;

    private final Supplier<InForce> inForce;
    private final People people;

    Wording(Supplier<InForce> inForce, People people) {
        this.inForce = inForce;
        this.people = people;
    }

    /// Block 1: who wants to do what to which thing, for how long. A person publishes, and once.
    Sentence sentence(Question question) {
        var request = question.request();
        boolean publication = request.client().equals(Administration.CLIENT);
        var items = items(question.ask(), request.resource());
        return new Sentence(
                Administration.isServer(request.client())
                        ? person(new PersonId(request.subject()))
                        : client(request.client()),
                // Which version it replaces is 128 characters that are the page's to show.
                what(
                        publication
                                ? items.stream().filter(RequestView.Item::scope).toList()
                                : items),
                resource(request.resource()),
                publication || Enrolment.is(request)
                        ? ""
                        : Moment.words(question.ask().lifetime()));
    }

    /// The riskiest first. A scope that is no riskier than the details says less than they do, and is left out.
    static String what(List<RequestView.Item> items) {
        var most = items.stream()
                .filter(it -> !it.scope())
                .map(RequestView.Item::risk)
                .max(Comparator.naturalOrder());
        var told = items.stream()
                .filter(it -> !it.scope() || most.isEmpty() || it.risk().compareTo(most.get()) > 0)
                .toList();
        var words = new ArrayList<>(
                told.stream().limit(NAMED).map(it -> lower(it.words())).toList());
        if (told.size() > NAMED) {
            words.add((told.size() - NAMED) + " more");
        }
        return words.size() < 3
                ? String.join(" and ", words)
                : words.get(0) + ", " + words.get(1) + " and " + words.get(2);
    }

    /// "Refund a payment" in the middle of a sentence; names that are all capitals stay.
    private static String lower(String words) {
        return words.length() > 1 && Character.isUpperCase(words.charAt(0)) && !Character.isUpperCase(words.charAt(1))
                ? Character.toLowerCase(words.charAt(0)) + words.substring(1)
                : words;
    }

    /// All that an allowance holds, the riskiest first, details before scopes.
    List<RequestView.Item> items(Allowance allowance, String resourceId) {
        // What was published when the server was registered is no secret of a registration that is gone.
        var resource = registered(resourceId).or(() -> Administration.unregistered(resourceId, allowance.scopes()));
        var types = resource.map(Resource::details).orElse(Map.of());
        var items = new ArrayList<RequestView.Item>();
        var objects = allowance.details().objects();
        var sentences = allowance.details().sentences(types);
        for (int at = 0; at < objects.size(); at++) {
            var name = objects.get(at).path("type").asString("");
            var type = types.get(name);
            items.add(new RequestView.Item(
                    sentences.get(at),
                    ClientText.inert(name, 100),
                    type == null ? Risk.CRITICAL : type.risk(),
                    "",
                    Integer.toString(at),
                    false));
        }
        for (var scope : allowance.scopes().names()) {
            var known = resource.map(it -> it.scopes().get(scope));
            items.add(new RequestView.Item(
                    known.map(it -> it.title()).filter(it -> !it.isBlank()).orElse("use " + scope),
                    scope,
                    known.map(it -> it.risk()).orElse(Risk.CRITICAL),
                    "",
                    scope,
                    true));
        }
        items.sort(Comparator.comparing(RequestView.Item::risk).reversed());
        return List.copyOf(items);
    }

    /// Block 8, the riskiest first.
    List<RequestView.Harm> harms(Allowance allowance, String resourceId) {
        var harms = registered(resourceId).stream()
                .flatMap(it -> Stream.concat(
                        allowance.scopes().names().stream()
                                .map(it.scopes()::get)
                                .filter(Objects::nonNull)
                                .map(scope -> new Harmful(scope.risk(), scope.title(), scope.harm())),
                        allowance.details().types().stream()
                                .map(it.details()::get)
                                .filter(Objects::nonNull)
                                .map(type -> new Harmful(type.risk(), type.type(), type.harm()))))
                .filter(it -> it.harm().isSaid())
                .sorted(Comparator.comparing(Harmful::risk).reversed())
                .map(Harmful::view)
                .toList();
        return harms.isEmpty()
                ? List.of(new RequestView.Harm("", "The owner of " + resource(resourceId) + " has not said.", ""))
                : harms;
    }

    private record Harmful(Risk risk, String what, Harm harm) {
        RequestView.Harm view() {
            return new RequestView.Harm(what, harm.worstCase().isBlank() ? "not said" : harm.worstCase(), harm.undo());
        }
    }

    /// What a narrowing leaves out, lowers or shortens: "without See refunds, amount 20 instead of 25, for at most 60
    /// seconds".
    String narrowed(Allowance narrowed, Allowance ask, String resourceId) {
        var words = new ArrayList<String>();
        difference(narrowed, ask, resourceId).ifPresent(it -> {
            if (!it.leftOut().isEmpty()) {
                words.add("without " + String.join(", ", it.leftOut()));
            }
            it.lowered().stream().filter(lowered -> !lowered.isEmpty()).forEach(words::add);
        });
        if (narrowed.lifetime().compareTo(ask.lifetime()) < 0) {
            words.add("for at most " + Moment.words(narrowed.lifetime()));
        }
        if (narrowed.uses() < ask.uses()) {
            words.add(narrowed.uses() == 1 ? "one token" : "at most " + narrowed.uses() + " tokens");
        }
        return words.isEmpty() ? "narrowed" : String.join(", ", words);
    }

    /// What is asked and a narrowing of it leaves out, in words.
    List<String> leftOut(Allowance narrowed, Allowance ask, String resourceId) {
        return difference(narrowed, ask, resourceId).map(Difference::leftOut).orElse(List.of());
    }

    /// All that a narrowing holds, with what it lowers.
    List<RequestView.Item> narrowedItems(Allowance narrowed, Allowance ask, String resourceId) {
        var lowered =
                difference(narrowed, ask, resourceId).map(Difference::lowered).orElse(List.of());
        return items(narrowed, resourceId).stream()
                .map(it -> it.scope() || lowered.isEmpty() ? it : it.marked(lowered.get(Integer.parseInt(it.value()))))
                .toList();
    }

    private Optional<Difference> difference(Allowance narrowed, Allowance ask, String resourceId) {
        var titles = items(new Allowance(ask.scopes(), AuthorizationDetails.NONE, ask.lifetime()), resourceId).stream()
                .collect(Collectors.toMap(RequestView.Item::name, RequestView.Item::words));
        return Difference.of(narrowed, ask, types(resourceId), it -> titles.getOrDefault(it, it));
    }

    /// What `wider` holds and `narrow` does not, in words.
    List<String> missing(Allowance narrow, Allowance wider, String resourceId) {
        var there =
                items(narrow, resourceId).stream().map(RequestView.Item::words).toList();
        return items(wider, resourceId).stream()
                .map(RequestView.Item::words)
                .filter(it -> !there.contains(it))
                .toList();
    }

    /// By which way a vote came; empty when that is not known.
    ///
    /// @param word as it stands in the ledger
    static String via(String word) {
        return switch (word) {
            case "dashboard" -> "on the dashboard";
            case "api" -> "by the API";
            case "cli" -> "on the command line";
            case "slack" -> "in Slack";
            default -> "";
        };
    }

    /// What the client wrote, inert.
    static String inert(String text) {
        return ClientText.inert(text, ClientText.REASON);
    }

    String client(String id) {
        return Optional.ofNullable(inForce.get().clients().get(id))
                .map(it -> it.name())
                .filter(it -> !it.isBlank())
                .orElse(Administration.isServer(id) ? Administration.NAME : id);
    }

    String resource(String id) {
        return registered(id).map(Resource::name).filter(it -> !it.isBlank()).orElse(id);
    }

    Optional<Resource> registered(String resourceId) {
        return Optional.ofNullable(inForce.get().resources().get(resourceId))
                .or(() -> Attestation.resource(resourceId, this::client))
                .or(() -> Enrolment.resource(resourceId));
    }

    Map<String, DetailsType> types(String resourceId) {
        return registered(resourceId).map(Resource::details).orElse(Map.of());
    }

    String person(PersonId id) {
        return people.find(id).map(Person::name).orElse("someone who was forgotten");
    }

    /// Who did it, from the ledger's "kind" and "id".
    String actor(String kind, String id) {
        return switch (kind) {
            case "person" -> person(new PersonId(id));
            case "client" -> client(id);
            case "policy" -> "policy";
            case "operator" -> "who runs the server";
            default -> "the server";
        };
    }

    Frame.Frozen frozen(Freezes.Freeze it) {
        int colon = it.setBy().indexOf(':');
        return new Frame.Frozen(
                capital(frozen(it.kind(), it.target())),
                actor(it.setBy().substring(0, Math.max(0, colon)), it.setBy().substring(colon + 1)),
                new Moment(it.setAt()),
                inert(it.reason()));
    }

    /// The clients there are, to choose from.
    List<Option> clients() {
        return inForce.get().clients().values().stream()
                .map(it -> new Option(it.id(), client(it.id())))
                .sorted(Comparator.comparing(Option::label))
                .toList();
    }

    /// The resources there are, to choose from.
    List<Option> resources() {
        return inForce.get().resources().values().stream()
                .map(it -> new Option(it.id(), resource(it.id())))
                .sorted(Comparator.comparing(Option::label))
                .toList();
    }

    /// The rules there are, to choose from.
    List<Option> rules() {
        return inForce.get().policy().rules().stream()
                .map(it -> new Option(it.name(), it.name()))
                .toList();
    }

    /// The groups that rules ask, to choose from.
    List<Option> groups() {
        return inForce.get().policy().rules().stream()
                .flatMap(it -> it.then() instanceof Effect.Review review ? review.stages().stream() : Stream.of())
                .map(Stage::group)
                .distinct()
                .sorted()
                .map(it -> new Option(it, it))
                .toList();
    }

    /// What a freeze stops.
    String frozen(Freezes.Kind kind, String target) {
        return switch (kind) {
            case CLIENT -> client(target);
            case RESOURCE -> resource(target);
            case ALL -> "all minting";
        };
    }

    /// What was said in words, as a sentence of its own.
    static String asSentence(String words) {
        return words.isEmpty() || words.endsWith(".") ? capital(words) : capital(words) + ".";
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /// The value of a fact as rules name it: `HIGH` of the risk.
    static String fact(Facts facts, String name) {
        var value = facts.value(name);
        return name.equals("risk")
                ? Arrays.stream(Risk.values())
                        .filter(it -> value.equals(Optional.of((long) it.level)))
                        .findFirst()
                        .map(Enum::name)
                        .orElse("unknown")
                : inert(facts.words(name));
    }

    /// Where an approval stands, in a few words.
    static String headline(Approval approval) {
        return switch (approval) {
            case Approval.Pending _ -> "Waits for a decision";
            case Approval.Approved _ -> "Approved, waits to be collected";
            case Approval.Redeemed _ -> "Approved and collected";
            case Approval.Denied _ -> "Denied";
            case Approval.Expired _ -> "Expired, nothing was granted";
            case Approval.Cancelled _ -> "Taken back by the client";
            case Approval.Revoked it -> "Revoked: " + inert(it.because());
        };
    }

    /// "client secret (basic)".
    static String method(String wire) {
        return switch (wire) {
            case "client_secret_basic" -> "client secret, in the header";
            case "client_secret_post" -> "client secret, in the form";
            case "private_key_jwt" -> "signature with its key";
            default -> wire;
        };
    }
}
