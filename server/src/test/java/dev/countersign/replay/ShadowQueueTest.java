package dev.countersign.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Counted;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Judged;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Whatever a candidate does, who decides neither waits for it nor hears of it.
final class ShadowQueueTest {
    private static final Verdict APPROVE = new Verdict.Approve(List.of("all"), "candidate", Optional.empty());

    private final TestClock clock = new TestClock();

    private Judged judged(String id) {
        var scopes = Scopes.parse("refunds:read");
        var request = new AccessRequest(
                id,
                "refund-bot",
                "refund-bot",
                "https://payments.example.com",
                scopes,
                AuthorizationDetails.NONE,
                Optional.empty(),
                "",
                "",
                "",
                new AccessRequest.Origin("client_secret_basic", "c", "192.0.2.1", "n", "curl", "a"),
                clock.instant());
        return new Judged(
                request,
                new Verdict.Deny(List.of("none"), "in-force", "no"),
                new Allowance(scopes, AuthorizationDetails.NONE, Duration.ofSeconds(60)),
                Risk.LOW,
                Facts.builder().build().toJson(),
                List.of(),
                List.of(),
                "",
                "owners",
                Optional.empty(),
                new InForce.Limits(Duration.ZERO, 20, Duration.ZERO),
                new Policy("in-force", List.of()),
                new Counted.Not());
    }

    @Test
    void what_it_cannot_keep_up_with_is_dropped_and_counted() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var shadow = new Shadow(clock)) {
            shadow.watch("candidate", (facts, _) -> {
                begun.countDown();
                await(go);
                return APPROVE;
            });
            shadow.decided(judged("first"));
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < Shadow.WAITING + 7; i++) {
                shadow.decided(judged("r" + i));
            }

            assertThat(shadow.dropped()).isEqualTo(7);
            go.countDown();
            until(() -> shadow.count(Word.DENY, Word.APPROVE) == Shadow.WAITING + 1);
            assertThat(shadow.loosened()).isEqualTo(Shadow.WAITING + 1);
        }
    }

    @Test
    void a_candidate_that_throws_is_counted_and_goes_on() {
        var calls = new AtomicInteger();
        try (var shadow = new Shadow(clock)) {
            shadow.watch("candidate", (facts, _) -> {
                switch (calls.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("a rule that breaks");
                    case 2 -> throw new StackOverflowError();
                    default -> {}
                }
                return APPROVE;
            });
            for (var id : List.of("a", "b", "c")) {
                shadow.decided(judged(id));
            }

            until(() -> shadow.count(Word.DENY, Word.APPROVE) == 1);
            assertThat(shadow.failed()).isEqualTo(2);
            assertThat(shadow.json().orElseThrow()).containsEntry("failed", 2L).containsEntry("dropped", 0L);
        }
    }

    @Test
    void nothing_is_kept_while_nothing_is_watched() {
        try (var shadow = new Shadow(clock)) {
            for (int i = 0; i < Shadow.WAITING + 1; i++) {
                shadow.decided(judged("r"));
            }

            assertThat(shadow.dropped()).isZero();
            assertThat(shadow.json()).isEmpty();
            shadow.watch("candidate", (_, _) -> APPROVE);
            assertThat(shadow.json().orElseThrow()).containsEntry("waiting", 0);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static void until(java.util.function.BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to pass");
            }
            Thread.onSpinWait();
        }
    }
}
