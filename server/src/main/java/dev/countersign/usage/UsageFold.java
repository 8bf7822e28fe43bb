package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/// Entries in, counters out: the same entries always give the same counters, whether they come one by one or all at
/// once. One thread folds; any may read.
public final class UsageFold {
    /// The member of `configuration.published` that lists clients which were not registered before.
    static final String CLIENTS_ADDED = "clients_added";

    private final Map<String, Instant> since = new ConcurrentHashMap<>();
    private final Map<UsageKey, Counter> counters = new ConcurrentHashMap<>();

    /// What any client at all had: the keys without their clients.
    private final Set<UsageKey> known = ConcurrentHashMap.newKeySet();

    private final Map<String, Week> weeks = new ConcurrentHashMap<>();
    private final Map<String, Habit> habits = new ConcurrentHashMap<>();
    private final Map<String, Group> groups = new ConcurrentHashMap<>();
    private final AttestedClients attested = new AttestedClients();
    private final DailyCounts days = new DailyCounts();
    private final SeenInUse seen = new SeenInUse();
    private final Privilege privilege = new Privilege();

    /// Takes one entry in.
    ///
    /// @throws IllegalArgumentException when it is an entry about use that does not say of what
    public void fold(EntryView entry) {
        take(entry);
    }

    /// The same; the keys whose counters it changed.
    Set<UsageKey> take(EntryView entry) {
        var changed = new HashSet<UsageKey>();
        attested.take(entry, changed);
        days.take(entry, changed);
        if (privilege.take(entry)) {
            changed.add(UsageKey.privilege());
        }
        switch (entry.code()) {
            case CONFIGURATION_PUBLISHED ->
                entry.texts(CLIENTS_ADDED).forEach(client -> changed.add(entered(client, entry.at())));
            case TOKEN_MINTED -> {
                if (isUse(entry)) {
                    minted(Use.of(entry), changed);
                }
            }
            case TOKEN_USED -> used(entry, changed);
            case REQUEST_MADE, REQUEST_REFUSED -> asked(entry, changed);
            case REQUEST_DECIDED, REQUEST_ENDED -> ended(entry, changed);
            case FREEZE_LIFTED -> lifted(entry, changed);
            // Not about use.
            default -> {}
        }
        return changed;
    }

    /// An emergency says nothing of what is usual.
    static boolean isUse(EntryView minted) {
        return !minted.text(Member.BY).equals(Member.BY_BREAK_GLASS);
    }

    /// A client that comes back after it was taken out is as old as it was.
    private UsageKey entered(String client, Instant at) {
        since.putIfAbsent(client, at);
        return UsageKey.of(client);
    }

    private void minted(Use use, Set<UsageKey> changed) {
        var client = use.client();
        count(UsageKey.of(client), use.at(), changed);
        count(UsageKey.api(client, use.resource()), use.at(), changed);
        use.scopes().forEach(it -> count(UsageKey.scope(client, use.resource(), it), use.at(), changed));
        use.types().forEach(it -> count(UsageKey.type(client, use.resource(), it), use.at(), changed));
        weeks.computeIfAbsent(client, _ -> new Week()).used(use.at());
        changed.add(UsageKey.week(client));
        seen.step(UsageKey.seen(client, use.resource()), it -> it.minted(use.day()), changed);
        learn(use, changed);
    }

    private void used(EntryView entry, Set<UsageKey> changed) {
        long day = Math.floorDiv(entry.number(Member.IAT), 86_400L);
        seen.step(UsageKey.seen(entry.text(Member.CLIENT), entry.text(Member.RESOURCE)), it -> it.seen(day), changed);
    }

    private void count(UsageKey key, Instant at, Set<UsageKey> changed) {
        var was = counters.get(key);
        put(key, was == null ? Counter.once(at) : was.used(at));
        changed.add(key);
    }

    private void learn(Use use, Set<UsageKey> changed) {
        var habit = use.byPeople()
                ? rated(use.client(), use.owner(), use.at(), changed, (own, peers) -> own.minted(use.at(), peers))
                : rated(use.client(), use.owner(), use.at(), changed, (own, peers) -> own.passed(use.at(), peers));
        if (!use.byPeople()) {
            habit = habit.with(habit.recent().reason(use.reason(), use.at()));
        }
        if (habit.drift().isFrozen()
                && use.byPeople()
                && use.askedAt() > habit.drift().frozenSince()) {
            habit = habit.acknowledged();
        }
        if (habit.learns(use.at())) {
            boolean hour = habit.hours().learns(use.hour());
            habit = habit.trained(use);
            if (hour && !use.owner().isEmpty()) {
                groups.put(use.owner(), group(use.owner()).trained(use.hour()));
            }
        }
        put(use.client(), habit, changed);
    }

    /// The client's habit with a rate that has moved on, and its group's with what that closed.
    private Habit rated(String client, String owner, Instant at, Set<UsageKey> changed, BinaryOperator<Rate> step) {
        var group = group(owner);
        var habit = habit(client);
        if (!owner.isEmpty()) {
            groups.put(owner, group.pooled(client, habit.rate(), at));
            changed.add(UsageKey.group(owner));
        }
        return habit.with(step.apply(habit.rate(), group.rate()));
    }

    private void asked(EntryView entry, Set<UsageKey> changed) {
        var client = entry.text(Member.CLIENT);
        if (!client.isEmpty()) {
            var at = entry.at();
            var habit = rated(client, entry.text(Member.OWNER), at, changed, (own, peers) -> own.asked(at, peers));
            put(client, habit.with(habit.recent().reason(entry.text(Member.REASON_DIGEST), at)), changed);
        }
    }

    private void ended(EntryView entry, Set<UsageKey> changed) {
        var client = entry.text(Member.CLIENT);
        var outcome = entry.text(Member.OUTCOME);
        if (client.isEmpty()) {
            return;
        }
        var habit = habit(client);
        switch (entry.code()) {
            case REQUEST_DECIDED -> {
                if (outcome.equals(Member.DENIED)) {
                    var recent = habit.recent().denied(entry.text(Member.QUESTION), entry.at());
                    put(client, habit.with(recent), changed);
                }
            }
            case REQUEST_ENDED -> {
                if (outcome.equals(Member.EXPIRED)) {
                    put(client, habit.with(habit.recent().uncollected(entry.at())), changed);
                }
            }
            default -> throw new IllegalArgumentException("no end: " + entry.code());
        }
    }

    /// Whoever lifts a freeze has looked at the client.
    private void lifted(EntryView entry, Set<UsageKey> changed) {
        var client = entry.text(Member.TARGET);
        var habit = habits.get(client);
        if (entry.text(Member.KIND).equals(Member.CLIENT)
                && habit != null
                && habit.drift().isFrozen()) {
            put(client, habit.acknowledged(), changed);
        }
    }

    private void put(UsageKey key, Counter counter) {
        if (counters.put(key, counter) == null) {
            known.add(new UsageKey(key.kind(), "", key.resource(), key.name()));
        }
    }

    private void put(String client, Habit habit, Set<UsageKey> changed) {
        habits.put(client, habit);
        changed.add(UsageKey.habit(client));
    }

    Optional<Counter> counter(UsageKey key) {
        return Optional.ofNullable(counters.get(key));
    }

    /// Whether any client at all had it.
    boolean isKnown(UsageKey ofNobody) {
        return known.contains(ofNobody);
    }

    Habit habit(String client) {
        return habits.getOrDefault(client, Habit.NONE);
    }

    Group group(String owner) {
        return groups.getOrDefault(owner, Group.NONE);
    }

    /// When the client entered the ledger.
    Optional<Instant> since(String client) {
        return Optional.ofNullable(since.get(client));
    }

    /// That the client is attested, as far as its next token or a freeze did not end that; empty when it is not.
    Optional<Attested> attested(String client) {
        return attested.of(client);
    }

    /// When in the week the client had its tokens; empty when it never had one.
    Optional<Week> week(String client) {
        return Optional.ofNullable(weeks.get(client));
    }

    /// What came of requests from day to day; empty of what none came to anything.
    Optional<Daily> days(UsageKey key) {
        return days.of(key);
    }

    /// Which of a client's tokens for an API were seen in use.
    SeenInUse seen() {
        return seen;
    }

    /// For how long privilege was granted and taken.
    Privilege privilege() {
        return privilege;
    }

    /// All that is counted.
    Set<UsageKey> keys() {
        var keys = new HashSet<>(counters.keySet());
        since.keySet().forEach(it -> keys.add(UsageKey.of(it)));
        weeks.keySet().forEach(it -> keys.add(UsageKey.week(it)));
        habits.keySet().forEach(it -> keys.add(UsageKey.habit(it)));
        groups.keySet().forEach(it -> keys.add(UsageKey.group(it)));
        attested.clients().forEach(it -> keys.add(UsageKey.attested(it)));
        keys.addAll(days.keys());
        keys.addAll(seen.keys());
        if (privilege.any()) {
            keys.add(UsageKey.privilege());
        }
        return keys;
    }

    /// What stands under a key now, to be written in the form that is kept when there is time.
    Supplier<String> kept(UsageKey key) {
        return switch (key.kind()) {
            case CLIENT -> {
                long at = since(key.client()).map(Instant::toEpochMilli).orElse(0L);
                var counter = counter(key);
                yield () -> Form.write(counter.map(it -> List.of(at, it.form())).orElse(List.of(at)));
            }
            case SCOPE, API, TYPE -> {
                var counter = counter(key).orElseThrow();
                yield () -> Form.write(counter.form());
            }
            case WEEK -> {
                var counts = week(key.client()).orElseThrow().counts();
                yield () -> Form.write(counts);
            }
            case HABIT -> {
                var habit = habit(key.client());
                yield () -> Form.write(habit.form());
            }
            case GROUP -> {
                var group = group(key.client());
                yield () -> Form.write(group.form());
            }
            case ATTESTED -> {
                var attested = attested(key.client());
                yield () -> Form.write(attested.map(Attested::form).orElse(List.of()));
            }
            case DAYS, RULE -> {
                var counts = days(key).orElseThrow().form();
                yield () -> Form.write(counts);
            }
            case SEEN -> {
                var sightings = seen.of(key.client(), key.resource());
                yield () -> Form.write(sightings.form());
            }
            case PRIVILEGE -> {
                var form = privilege.form();
                yield () -> Form.write(form);
            }
        };
    }

    /// Puts back what was kept.
    void restore(UsageKey key, String body) {
        var form = Form.read(body);
        switch (key.kind()) {
            case CLIENT -> {
                long at = form.number();
                if (at > 0) {
                    since.put(key.client(), Instant.ofEpochMilli(at));
                }
                if (form.hasMore()) {
                    put(key, Counter.of(form.list()));
                }
            }
            case SCOPE, API, TYPE -> put(key, Counter.of(form));
            case WEEK -> weeks.put(key.client(), Week.of(form.longs()));
            case HABIT -> habits.put(key.client(), Habit.of(form));
            case GROUP -> groups.put(key.client(), Group.of(form));
            case ATTESTED -> attested.restore(key.client(), form);
            case DAYS, RULE -> days.restore(key, form);
            case SEEN -> seen.put(key, Sightings.of(form));
            case PRIVILEGE -> privilege.restore(form);
        }
    }

    /// What is known of a client that asks for something, by the entries so far.
    public UsageFacts about(Ask ask, Supplier<List<String>> peers) {
        return new Look(this, ask, peers).facts();
    }
}
