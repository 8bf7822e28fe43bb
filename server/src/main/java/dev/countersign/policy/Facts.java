package dev.countersign.policy;

import dev.countersign.http.Json;
import dev.countersign.http.Network;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/// What is known of one access request, by the names of [FactSchema]. A fact that is not here is unknown: its
/// source failed, or the record is older than the fact.
///
/// The JSON form is stored with each decision and gives the same facts again, bit for bit, so that a verdict can
/// be replayed.
public final class Facts {
    /// The first version of the schema left nothing out, and had what came later in a part of its own.
    private static final int FIRST = 1;

    private static final List<Fact> SORTED =
            FactSchema.facts().stream().sorted(Comparator.comparing(Fact::name)).toList();

    /// The member of the record that tells why sources gave nothing.
    private static final String SILENT = "silent";

    private final SortedMap<String, Object> known;
    private final SortedMap<String, String> silent;

    private Facts(SortedMap<String, Object> known, SortedMap<String, String> silent) {
        this.known = Collections.unmodifiableSortedMap(known);
        this.silent = Collections.unmodifiableSortedMap(silent);
    }

    /// Facts of which none is known yet.
    public static Builder builder() {
        return new Builder();
    }

    /// A builder that starts with these facts.
    public Builder toBuilder() {
        var builder = new Builder();
        builder.known.putAll(known);
        builder.silent.putAll(silent);
        return builder;
    }

    /// All that is known, by name: [String], [Long], [Boolean], lists of strings, [AuthorizationDetails].
    public SortedMap<String, Object> known() {
        return known;
    }

    /// The value of a fact; empty when unknown.
    public Optional<Object> value(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /// The names of those that come from sources, known or not as far as is recorded, sorted.
    public List<String> ofSources() {
        return List.copyOf(SourceFacts.among(known).keySet());
    }

    /// Of sources that were asked and did not give all they should, why, as the end of a sentence that starts
    /// with the source's name.
    public SortedMap<String, String> silent() {
        return silent;
    }

    /// Why a fact is unknown, as the end of a sentence; empty when it is known, or there is nothing to tell.
    public Optional<String> since(String name) {
        return known.containsKey(name) || !SourceFacts.is(name)
                ? Optional.empty()
                : Optional.of(SourceFacts.source(name)).map(it -> it + " " + silent.getOrDefault(it, "was not asked"));
    }

    /// Whether a fact holds a client's own words, or those of a source, which are quoted and made inert
    /// wherever they are shown.
    public static boolean isClientText(String name) {
        return FactSchema.CLIENT_TEXT.contains(name) || SourceFacts.is(name);
    }

    /// Whether what is asked is a dormant or first-time privilege, as far as is known: of high or critical risk
    /// it may be one when usage is unknown. A record from before there was this fact says that it is none.
    boolean mayBeUnfamiliar() {
        var known = value(FactSchema.UNFAMILIAR);
        return known.isPresent()
                ? known.get().equals(true)
                : value("risk")
                        .map(it -> (Long) it >= FactSchema.level(Risk.HIGH))
                        .orElse(true);
    }

    /// Whether the client is attested. A record from before there was this fact says that it is not.
    boolean isAttested() {
        return value(FactSchema.ATTESTED).filter(it -> it.equals(true)).isPresent();
    }

    /// The same by another zone and other calendars: what the hour is, what is open and what is a holiday follow from
    /// the time alone, so that these can be tried as rules can. The networks are those that were recorded.
    public Facts by(Surroundings surroundings, Instant at) {
        return toBuilder().at(at, surroundings).build();
    }

    /// The fact as a sentence shows it; `unknown` when it is, and why when that is known.
    public String words(String name) {
        return value(name).map(Facts::words).orElseGet(() -> unknown(name));
    }

    /// That it is unknown, and why when that is known.
    public String unknown(String name) {
        return "unknown" + since(name).map(it -> ", since " + it).orElse("");
    }

    static String words(Object value) {
        return switch (value) {
            case Collection<?> texts -> texts.isEmpty() ? "[]" : String.join(", ", texts(texts));
            case AuthorizationDetails details -> details.canonical();
            case String text -> text.isEmpty() ? "\"\"" : text;
            default -> value.toString();
        };
    }

    /// The details' objects; empty when unknown.
    Optional<List<JsonNode>> details() {
        return value("details").map(it -> ((AuthorizationDetails) it).objects());
    }

    /// The canonical JSON form: the facts that have not their quiet value, sorted, `null` where one is unknown; of
    /// what is new and what comes from sources all that is known. Details stand in it as RFC 8785 writes them.
    public String toJson() {
        var facts = new TreeMap<String, @Nullable Object>();
        for (var fact : SORTED) {
            var value = known.get(fact.name());
            boolean leftOut = FactSchema.maybeLeftOut(fact) ? fact.quiet().equals(value) : value == null;
            if (!leftOut) {
                facts.put(fact.name(), written(value));
            }
        }
        facts.putAll(SourceFacts.among(known));
        return "{\"facts\":" + Json.write(facts) + ",\"schema\":" + FactSchema.VERSION
                + (silent.isEmpty() ? "" : ",\"" + SILENT + "\":" + Json.write(silent)) + "}";
    }

    private static @Nullable Object written(@Nullable Object value) {
        return switch (value) {
            case AuthorizationDetails details -> new RawValue(details.canonical());
            case Amounts amounts -> amounts.texts();
            case null, default -> value;
        };
    }

    /// Reads the form that [#toJson] writes, of this version of the schema or an older one.
    ///
    /// @throws IllegalArgumentException when it is of a newer version, or not of this form
    public static Facts fromJson(String json) {
        var root = Json.read(json);
        return switch (root.path("schema").asInt(0)) {
            case FIRST -> ofFirst(root);
            case FactSchema.VERSION -> ofThis(root);
            default ->
                throw new IllegalArgumentException(
                        "facts of schema " + root.path("schema") + ", which this version cannot read");
        };
    }

    private static Facts ofThis(JsonNode root) {
        var builder = builder();
        SORTED.stream().filter(FactSchema::maybeLeftOut).forEach(it -> builder.is(it.name(), it.quiet()));
        readKnown(builder, root.path("facts"));
        root.path(SILENT)
                .properties()
                .forEach(it -> builder.silent.put(it.getKey(), it.getValue().stringValue("")));
        return builder.build();
    }

    private static Facts ofFirst(JsonNode root) {
        var builder = builder();
        var added = root.path("added");
        if (!added.has(FactSchema.UNFAMILIAR)) {
            builder.set(FactSchema.UNFAMILIAR, false);
        }
        root.path("facts").properties().forEach(it -> read(builder, it));
        readKnown(builder, added);
        return builder.build();
    }

    /// Reads what this node knows; a newer node's may be unknown here.
    private static void readKnown(Builder builder, JsonNode facts) {
        facts.properties().stream()
                .filter(it -> FactSchema.fact(it.getKey()).isPresent() || SourceFacts.is(it.getKey()))
                .forEach(it -> read(builder, it));
    }

    private static void read(Builder builder, Map.Entry<String, JsonNode> fact) {
        if (fact.getValue().isNull()) {
            builder.unknown(fact.getKey());
        } else {
            builder.set(fact.getKey(), value(fact.getKey(), fact.getValue()));
        }
    }

    private static Object value(String name, JsonNode node) {
        if (name.equals("details")) {
            return new AuthorizationDetails(Json.canonical(node));
        }
        if (name.equals(FactSchema.PAST_DAY_AMOUNTS)) {
            return Amounts.read(node);
        }
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.longValue();
            case ARRAY -> node.valueStream().map(JsonNode::stringValue).toList();
            case OBJECT, NULL, BINARY, MISSING, POJO ->
                throw new IllegalArgumentException("no fact is of type " + node.getNodeType());
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Facts facts && facts.known.equals(known) && facts.silent.equals(silent);
    }

    @Override
    public int hashCode() {
        return known.hashCode() * 31 + silent.hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(String.class::cast).toList();
    }

    /// Gathers the facts of one request. What is not set is unknown.
    public static final class Builder {
        private final SortedMap<String, Object> known = new TreeMap<>();
        private final SortedMap<String, String> silent = new TreeMap<>();

        private Builder() {}

        /// The client that asks, as it is registered.
        public Builder client(String id, String name, String owner, List<String> tags) {
            return is("client.id", id)
                    .is("client.name", name)
                    .is("client.owner", owner)
                    .is("client.tags", tags);
        }

        /// For whom the token is.
        public Builder subject(String id) {
            return is("subject.id", id);
        }

        /// What is asked of which API; the risk is the highest among it.
        public Builder asks(
                Resource resource, Scopes scopes, AuthorizationDetails details, List<String> types, Risk risk) {
            return is("resource", resource.id())
                    .is("resource_owner", resource.owner())
                    .is("scopes", scopes.names())
                    .is("details", details)
                    .is("details_types", types.stream().sorted().distinct().toList())
                    .is("risk", FactSchema.level(risk));
        }

        /// Of which API something is asked, whatever that is.
        public Builder at(Resource resource) {
            return is("resource", resource.id()).is("resource_owner", resource.owner());
        }

        /// How long the token is asked to live.
        public Builder lifetime(Duration lifetime) {
            return is("lifetime", lifetime.toSeconds());
        }

        /// The client's own words; empty when it gave none.
        public Builder words(String reason, String ticket) {
            return is("reason", reason).is("ticket", ticket);
        }

        /// When the request was made, and the zone to see it in.
        public Builder time(Instant at, ZoneId zone) {
            var local = at.atZone(zone);
            return is(FactSchema.ZONE, zone.getId())
                    .is("time.hour", (long) local.getHour())
                    .is("time.weekday", (long) local.getDayOfWeek().getValue());
        }

        /// The same, with the calendars that are open then.
        public Builder at(Instant at, Surroundings surroundings) {
            return time(at, surroundings.zone()).windows(at, surroundings.calendars());
        }

        /// From which address it came; unknown when that is none.
        public Builder from(String address, Surroundings surroundings) {
            var from = Network.address(address);
            from.ifPresentOrElse(
                    it -> is(FactSchema.FAMILY, Surroundings.family(it)), () -> unknown(FactSchema.FAMILY));
            return from.filter(_ -> !surroundings.networks().isEmpty())
                    .map(it -> is(FactSchema.NETWORKS, surroundings.networksOf(it)))
                    .orElseGet(() -> unknown(FactSchema.NETWORKS));
        }

        /// Which calendars are open then and which have a holiday; unknown when there are none.
        public Builder windows(Instant at, Collection<Calendar> calendars) {
            return calendars.isEmpty()
                    ? unknown(FactSchema.WINDOWS).unknown(FactSchema.HOLIDAYS)
                    : is(FactSchema.WINDOWS, Calendar.open(calendars, at))
                            .is(FactSchema.HOLIDAYS, Calendar.holidays(calendars, at));
        }

        /// How the client authenticated, and whether the token will be bound to a key.
        public Builder auth(String method, boolean keyBound) {
            return is("auth.method", method).is("auth.key_bound", keyBound);
        }

        /// Whether the client asks to break the glass.
        public Builder breakGlass(boolean asked) {
            return is(BreakGlass.FACT, asked);
        }

        /// What the client was given in the last 24 hours, with this. Left out when it was not counted that
        /// long.
        public Builder pastDay(long tokens, Amounts amounts) {
            return is(FactSchema.PAST_DAY_TOKENS, tokens).is(FactSchema.PAST_DAY_AMOUNTS, amounts);
        }

        /// What the ledger knows of the client. Left out when it cannot say.
        public Builder usage(long idleDays, long uses, boolean mature, List<String> firstTimeScopes) {
            return is("usage.idle_days", idleDays)
                    .is("usage.uses", uses)
                    .is("usage.mature", mature)
                    .is(
                            "usage.first_time_scopes",
                            firstTimeScopes.stream().sorted().toList());
        }

        /// The codes of what is unusual.
        public Builder findings(Collection<String> codes) {
            return is("findings", codes.stream().sorted().distinct().toList());
        }

        /// What was heard of sources, in the place of all that was known of any.
        public Builder heard(Heard heard) {
            known.keySet().removeIf(SourceFacts::is);
            silent.clear();
            heard.facts().forEach(this::source);
            silent.putAll(heard.silent());
            return this;
        }

        /// Any fact of the schema by its name, or one of a source.
        ///
        /// @throws IllegalArgumentException when there is no such fact, or it has another type
        public Builder set(String name, Object value) {
            if (SourceFacts.is(name)) {
                return source(name, value);
            }
            known.put(name, typed(named(name), value));
            return this;
        }

        private Builder source(String name, Object value) {
            var _ = SourceFacts.source(name);
            if (!SourceFacts.isValue(value)) {
                throw new IllegalArgumentException(name + " comes from a source, and this cannot: " + value);
            }
            return is(name, value);
        }

        /// Takes a fact away: its source failed.
        public Builder unknown(String name) {
            known.remove(SourceFacts.is(name) ? name : named(name).name());
            return this;
        }

        /// The facts as they now stand.
        public Facts build() {
            return new Facts(new TreeMap<>(known), new TreeMap<>(silent));
        }

        /// A fact whose name and type are right as they stand here.
        private Builder is(String name, Object value) {
            known.put(name, value);
            return this;
        }

        private static Fact named(String name) {
            return FactSchema.fact(name).orElseThrow(() -> new IllegalArgumentException(FactSchema.strange(name)));
        }

        private static Object typed(Fact fact, Object value) {
            var typed = switch (fact.type()) {
                case TEXT -> value instanceof String ? value : null;
                case NUMBER -> value instanceof Integer small ? Long.valueOf(small) : whole(value);
                case TRUTH -> value instanceof Boolean ? value : null;
                case TEXTS -> value instanceof Collection<?> list && isTexts(list) ? texts(list) : null;
                case DETAILS -> details(value);
                case AMOUNTS -> amounts(value);
            };
            if (typed == null) {
                throw new IllegalArgumentException(
                        fact.name() + " is " + fact.type().cel() + ", and this is not: " + value);
            }
            return typed;
        }

        private static @Nullable Object whole(Object value) {
            return value instanceof Long ? value : null;
        }

        private static @Nullable Object details(Object value) {
            return switch (value) {
                case AuthorizationDetails details -> details;
                case List<?> list when list.isEmpty() -> AuthorizationDetails.NONE;
                default -> null;
            };
        }

        private static @Nullable Object amounts(Object value) {
            return switch (value) {
                case Amounts amounts -> amounts;
                case Map<?, ?> written -> Amounts.given(written).orElse(null);
                default -> null;
            };
        }

        private static boolean isTexts(Collection<?> list) {
            return list.stream().allMatch(String.class::isInstance);
        }
    }
}
