package dev.countersign.usage;

import dev.countersign.usage.Signs.Size;
import dev.countersign.usage.Signs.Strange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One request, held against what is folded.
final class Look {
    private static final int HOUR_USES = 50;
    private static final int HOUR_DAYS = 14;
    private static final Duration PEERS_OF_LATE = Duration.ofDays(30);
    private static final int PEERS_KNOWN = 3;

    /// What is less surprising is not told.
    private static final double BITS = 3;

    private final UsageFold fold;
    private final Ask ask;
    private final Supplier<List<String>> peers;
    private final Habit habit;
    private final Group group;

    /// @param peers clients with the same owner or a tag in common; no more than [Group#MOST] are looked at
    Look(UsageFold fold, Ask ask, Supplier<List<String>> peers) {
        this.fold = fold;
        this.ask = ask;
        this.peers = peers;
        this.habit = fold.habit(ask.client());
        this.group = fold.group(ask.owner());
    }

    UsageFacts facts() {
        var now = ask.at();
        var use = fold.counter(UsageKey.of(ask.client()));
        var since = fold.since(ask.client());
        if (use.isEmpty() && since.isEmpty()) {
            return new UsageFacts.Unknown("the ledger does not know this client");
        }
        var first = first(ask.scopes(), UsageKey.Kind.SCOPE);
        var mature = use.isPresent() && habit.isMature(now);
        var signs = signs(first, mature);
        return use.<UsageFacts>map(it -> UsageFacts.Known.of(it, first, mature, signs, now))
                .orElseGet(() -> UsageFacts.Known.neverUsed(since.orElseThrow(), first, signs, now));
    }

    private List<String> first(List<String> names, UsageKey.Kind kind) {
        return names.stream()
                .filter(it -> fold.counter(key(kind, ask.client(), it)).isEmpty())
                .sorted()
                .distinct()
                .toList();
    }

    private UsageKey key(UsageKey.Kind kind, String client, String name) {
        return new UsageKey(kind, client, ask.resource(), name);
    }

    private Signs signs(List<String> firstScopes, boolean mature) {
        var now = ask.at();
        var firstTypes = first(ask.types(), UsageKey.Kind.TYPE);
        var news = new ArrayList<UsageKey>();
        firstScopes.forEach(it -> news.add(key(UsageKey.Kind.SCOPE, "", it)));
        firstTypes.forEach(it -> news.add(key(UsageKey.Kind.TYPE, "", it)));
        var active = news.isEmpty() ? List.<String>of() : active();
        return new Signs(
                dormant(),
                fold.counter(UsageKey.api(ask.client(), ask.resource())).isEmpty(),
                firstTypes,
                active.size(),
                using(active, news),
                news.stream().anyMatch(it -> !fold.isKnown(it)),
                habit.trained(),
                habit.days(),
                hour(),
                habit.hours().count(),
                Week.hour(now),
                mature || groupIsKnown() ? habit.rate().burst(now, group.rate()) : Optional.empty(),
                habit.rate().hour(now),
                mature ? strange() : List.of(),
                habit.networks().seen().size(),
                lifetime(mature),
                breadth(mature),
                habit.recent().given(ask.reason(), now),
                habit.recent().denials(ask.question(), now),
                habit.recent().neverCollected(now),
                fold.seen().silence(ask.client(), ask.resource(), ask.day()),
                habit.drift().divergence(),
                habit.drift().isFrozen(),
                fold.attested(ask.client()).map(it -> it.days(now)).orElse(0L));
    }

    private List<Signs.Dormant> dormant() {
        var all = new ArrayList<Signs.Dormant>();
        for (var scope : ask.scopes()) {
            fold.counter(UsageKey.scope(ask.client(), ask.resource(), scope))
                    .filter(it -> it.isDormant(ask.at()))
                    .ifPresent(it -> all.add(new Signs.Dormant(scope, it.idleDays(ask.at()), it.gaps())));
        }
        return List.copyOf(all);
    }

    /// The peers that had a token of late.
    private List<String> active() {
        return peers.get().stream()
                .filter(it -> !it.equals(ask.client()))
                .limit(Group.MOST)
                .filter(it -> isOfLate(UsageKey.of(it)))
                .toList();
    }

    private boolean isOfLate(UsageKey key) {
        return fold.counter(key)
                .filter(it -> it.last().plus(PEERS_OF_LATE).isAfter(ask.at()))
                .isPresent();
    }

    private int using(List<String> active, List<UsageKey> news) {
        return news.stream()
                .mapToInt(it -> (int) active.stream()
                        .filter(peer -> isOfLate(key(it.kind(), peer, it.name())))
                        .count())
                .min()
                .orElse(0);
    }

    private Optional<Hours.Rarity> hour() {
        return habit.hours().count() >= HOUR_USES && habit.days() >= HOUR_DAYS
                ? Optional.of(habit.hours().rarity(ask.hour(), group.hours()))
                : Optional.empty();
    }

    /// A young client is held against its peers when three of them are known well.
    private boolean groupIsKnown() {
        return group.members().stream()
                        .filter(it -> fold.habit(it).isMature(ask.at()))
                        .limit(PEERS_KNOWN)
                        .count()
                == PEERS_KNOWN;
    }

    private List<Strange> strange() {
        var all = new ArrayList<Strange>();
        strange(all, "network", habit.networks(), ask.network());
        strange(all, "agent", habit.agents(), ask.agent());
        strange(all, "credential", habit.credentials(), ask.credential());
        strange(all, "method", habit.methods(), ask.method());
        return List.copyOf(all);
    }

    /// What is not known of a request that nobody has made is not strange.
    private void strange(List<Strange> all, String what, Values values, String value) {
        double bits = values.bits(value, ask.day());
        if (!value.isEmpty() && bits >= BITS) {
            all.add(new Strange(what, bits, values.seen().size(), values.total()));
        }
    }

    private Size lifetime(boolean mature) {
        var sizes = habit.lifetimes();
        return new Size(
                ask.lifetime(),
                sizes.total() == 0 ? 0 : Sizes.seconds(sizes.usual()),
                sizes.total(),
                mature && ask.lifetime() > 0 && sizes.isAbove(Sizes.step(ask.lifetime())));
    }

    private Size breadth(boolean mature) {
        var sizes = habit.breadths();
        return new Size(ask.breadth(), sizes.usual(), sizes.total(), mature && sizes.isAbove(ask.breadth()));
    }
}
