package dev.countersign.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Slows down who guesses at clients' credentials, without a way to lock a client out.
///
/// Failures are counted where they come from: each address has a budget, and each pair of a client's name and an
/// address a smaller one. Once a budget is spent, attempts are refused unread until it has refilled. Nothing is counted
/// for a client alone, or anybody could lock it out from anywhere; and a pair that has succeeded within a day is never
/// refused, or a neighbour behind the same address could. So names that exist and names that do not are treated alike.
///
/// Secrets have 256 bits, and no rate finds one: this is against wasted work and filled logs, and limits what one
/// address learns from a leaked list. An IPv6 address counts by its /64, which is what one host commonly has.
final class FailureThrottle {
    private static final int PAIR_BURST = 10;
    private static final Duration PAIR_REFILL = Duration.ofSeconds(6);
    private static final int ADDRESS_BURST = 60;
    private static final Duration ADDRESS_REFILL = Duration.ofSeconds(1);

    /// Bounds the memory. Whoever would push budgets out must fail for it, from as many addresses.
    private static final int MOST = 20_000;

    /// Ten times as long as a budget takes to refill: one that nobody drew on for so long is full, and need not be
    /// kept.
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final TimeMeter time;
    private final Cache<Pair, Boolean> trusted;
    private final Cache<Pair, Bucket> pairs;
    private final Cache<InetAddress, Bucket> addresses;

    private record Pair(String client, InetAddress from) {}

    FailureThrottle(InstantSource clock) {
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
        this.trusted = cache(Duration.ofDays(1));
        this.pairs = cache(KEPT);
        this.addresses = cache(KEPT);
    }

    private <K, V> Cache<K, V> cache(Duration kept) {
        return Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(kept)
                .ticker(time::currentTimeNanos)
                .executor(Runnable::run)
                .build();
    }

    /// Lets an attempt through or refuses it unread.
    ///
    /// @throws Refusal `temporarily_unavailable`
    void admit(String client, InetAddress address) {
        var pair = new Pair(client, network(address));
        if (trusted.getIfPresent(pair) != null) {
            return;
        }
        long wait = Math.max(refill(pairs.getIfPresent(pair)), refill(addresses.getIfPresent(pair.from())));
        if (wait > 0) {
            throw Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "too many failed authentications from this address")
                    .after(Duration.ofNanos(wait))
                    .because("failures of " + client + " from " + address.getHostAddress());
        }
    }

    /// Nanoseconds until a spent budget is one no more.
    private static long refill(@Nullable Bucket bucket) {
        return bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    /// Counts a failure. Those that were admitted together may overdraw a budget, and it refills from there.
    void failed(String client, InetAddress address) {
        var pair = new Pair(client, network(address));
        if (trusted.getIfPresent(pair) == null) {
            pairs.get(pair, _ -> bucket(PAIR_BURST, PAIR_REFILL)).consumeIgnoringRateLimits(1);
            addresses
                    .get(pair.from(), _ -> bucket(ADDRESS_BURST, ADDRESS_REFILL))
                    .consumeIgnoringRateLimits(1);
        }
    }

    private Bucket bucket(int burst, Duration refill) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(1, refill))
                .withCustomTimePrecision(time)
                .build();
    }

    /// Remembers that this client is at home at this address.
    void succeeded(String client, InetAddress address) {
        var pair = new Pair(client, network(address));
        if (trusted.getIfPresent(pair) == null) {
            trusted.put(pair, true);
        }
    }

    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(address.getAddress(), 8), 16));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // sixteen bytes are an address
        }
    }
}
