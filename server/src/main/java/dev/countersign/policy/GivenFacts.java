package dev.countersign.policy;

import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The facts that a policy test gives, or somebody who asks what would be, filled up from the registrations and then
/// with quiet values.
public sealed interface GivenFacts {
    /// The word for a fact whose source failed.
    String UNKNOWN = "unknown";

    /// All facts of the schema, but those said to be unknown; of sources those that are given.
    record Understood(Facts facts) implements GivenFacts {}

    /// The test gives what no request can have.
    record Odd(String said) implements GivenFacts {}

    /// Reads what is given.
    static GivenFacts of(Map<String, Object> given, Registrations registrations) {
        try {
            return new Understood(new Reader(given, registrations).facts());
        } catch (IllegalArgumentException odd) {
            return new Odd(String.valueOf(odd.getMessage()));
        }
    }

    /// Reads one test's `given`; an [IllegalArgumentException] says what is odd about it.
    final class Reader {
        private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([smhd])");

        private final Map<String, Object> given;
        private final Registrations registrations;
        private final Facts.Builder facts = Facts.builder();

        private Reader(Map<String, Object> given, Registrations registrations) {
            this.given = given;
            this.registrations = registrations;
        }

        private Facts facts() {
            FactSchema.facts().forEach(fact -> facts.set(fact.name(), fact.quiet()));
            facts.set(FactSchema.ZONE, registrations.zone().getId());
            var client = client();
            var scopes = texts("scopes");
            resource(client, scopes).ifPresent(resource -> asked(resource, client, scopes));
            given.forEach(this::given);
            return facts.build();
        }

        private Optional<Registrations.Client> client() {
            if (!(given.get("client") instanceof String id)) {
                return Optional.empty();
            }
            var client = registrations.clients().get(id);
            if (client == null) {
                throw new IllegalArgumentException("there is no client " + id);
            }
            facts.client(id, client.name(), client.owner(), client.tags()).subject(id);
            return Optional.of(client);
        }

        /// The one that is given, or else the only one that this client may ask all these scopes of.
        private Optional<Resource> resource(Optional<Registrations.Client> client, List<String> scopes) {
            if (given.get("resource") instanceof String id && !id.equals(UNKNOWN)) {
                return Optional.of(Optional.ofNullable(registrations.resources().get(id))
                        .orElseThrow(() -> new IllegalArgumentException("there is no resource " + id)));
            }
            var fitting = client.stream()
                    .flatMap(it -> it.access().entrySet().stream())
                    .filter(it -> Scopes.of(scopes).within(it.getValue()))
                    .flatMap(it -> Optional.ofNullable(registrations.resources().get(it.getKey())).stream())
                    .toList();
            if (client.isPresent() && fitting.isEmpty()) {
                throw new IllegalArgumentException("no resource gives this client " + String.join(" ", scopes));
            }
            return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
        }

        private void asked(Resource resource, Optional<Registrations.Client> client, List<String> scopes) {
            var risk = Risk.LOW;
            for (var scope : scopes) {
                var known = Optional.ofNullable(resource.scopes().get(scope))
                        .orElseThrow(() -> new IllegalArgumentException(scope + " is no scope of " + resource.id()));
                risk = risk.or(known.risk());
            }
            if (client.isPresent()
                    && !Scopes.of(scopes).within(client.get().access().getOrDefault(resource.id(), Scopes.NONE))) {
                throw new IllegalArgumentException("this client may not ask for " + String.join(" ", scopes));
            }
            var types = types();
            for (var type : types) {
                var known = Optional.ofNullable(resource.details().get(type))
                        .orElseThrow(() -> new IllegalArgumentException(type + " is no type of " + resource.id()));
                risk = risk.or(known.risk());
            }
            facts.asks(resource, Scopes.of(scopes), details(), types, risk)
                    .set(FactSchema.PAST_DAY_AMOUNTS, Amounts.of(details(), resource.details()));
        }

        private void given(String key, Object value) {
            switch (key) {
                case "client" -> facts.set("client.id", value);
                case "scopes" -> unless(key, value, () -> facts.set(key, List.copyOf(new TreeSet<>(texts(key)))));
                case "details" ->
                    unless(
                            key,
                            value,
                            () -> facts.set(key, details()).set("details_types", List.copyOf(new TreeSet<>(types()))));
                case "lifetime" -> unless(key, value, () -> facts.set(key, seconds(value)));
                case "risk" -> unless(key, value, () -> facts.set(key, level(value)));
                default -> {
                    if (SourceFacts.is(key)) {
                        source(key, value);
                    } else {
                        unless(key, value, () -> facts.set(key, value));
                    }
                }
            }
        }

        /// What is not given of a source is unknown: nobody asks it.
        private void source(String key, Object value) {
            var fact = Optional.ofNullable(registrations.sources().facts().get(key))
                    .orElseThrow(() ->
                            new IllegalArgumentException(registrations.sources().strange(key)));
            if (value.equals(UNKNOWN)) {
                return;
            }
            if (!fact.type().fits(value)) {
                throw new IllegalArgumentException(key + " is " + fact.type().cel() + ", and this is not: " + value);
            }
            facts.set(key, value);
        }

        private void unless(String key, Object value, Runnable known) {
            if (value.equals(UNKNOWN)) {
                facts.unknown(key);
            } else {
                known.run();
            }
        }

        private AuthorizationDetails details() {
            return given.get("details") instanceof List<?> list
                    ? new AuthorizationDetails(Json.canonical(Json.node(list)))
                    : AuthorizationDetails.NONE;
        }

        private List<String> types() {
            var types = new ArrayList<String>();
            if (given.get("details") instanceof List<?> list) {
                for (var detail : list) {
                    if (!(detail instanceof Map<?, ?> map) || !(map.get("type") instanceof String type)) {
                        throw new IllegalArgumentException("each of details has a type");
                    }
                    types.add(type);
                }
            }
            return types;
        }

        private List<String> texts(String key) {
            var value = given.getOrDefault(key, List.of());
            if (value.equals(UNKNOWN)) {
                return List.of();
            }
            if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
                return list.stream().map(String.class::cast).toList();
            }
            throw new IllegalArgumentException(key + " is a list of names");
        }

        private static long seconds(Object value) {
            if (value instanceof Duration duration) {
                return duration.toSeconds();
            }
            if (value instanceof Number number) {
                return number.longValue();
            }
            var span = SPAN.matcher(value.toString());
            if (!span.matches()) {
                throw new IllegalArgumentException("lifetime is seconds, or 90s, 15m, 8h");
            }
            var amount = Long.parseLong(span.group(1));
            return switch (span.group(2)) {
                case "m" -> amount * 60;
                case "h" -> amount * 3600;
                case "d" -> amount * 86_400;
                default -> amount;
            };
        }

        private static long level(Object value) {
            return Arrays.stream(Risk.values())
                    .filter(risk -> risk.word().equals(value.toString().toLowerCase(Locale.ROOT)))
                    .findAny()
                    .map(FactSchema::level)
                    .orElseThrow(() -> new IllegalArgumentException("risk is low, medium, high or critical"));
        }
    }
}
