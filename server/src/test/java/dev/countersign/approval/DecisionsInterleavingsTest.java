package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.ledger.LeafHash;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/// The pure steps of an approval on a row that is swapped when it is what it was: whatever Lincheck lets come between,
/// the answers are those of one step after the other.
final class DecisionsInterleavingsTest {
    @Test
    void steps_that_race_come_out_as_if_one_had_followed_the_other() {
        check(Row.class);
    }

    @Test
    void a_row_that_is_looked_at_and_then_set_is_found() {
        assertThatThrownBy(() -> check(CarelessRow.class)).isInstanceOf(LincheckAssertionError.class);
    }

    private static void check(Class<?> row) {
        new ModelCheckingOptions()
                .iterations(Integer.getInteger("countersign.scenarios", 5))
                .invocationsPerIteration(200)
                .threads(2)
                .actorsBefore(2)
                .actorsPerThread(2)
                .actorsAfter(1)
                .minimizeFailedScenario(false)
                .check(row);
    }

    /// A row in memory.
    @Param(name = "person", gen = IntGen.class, conf = "1:3")
    public static class Row {
        private static final Instant AT = Instant.parse("2026-06-01T10:00:00Z");
        private static final LeafHash LEAF = LeafHash.of(new byte[32]);
        private static final Approval.Pending PENDING = pending();

        final AtomicReference<Approval> row = new AtomicReference<>(PENDING);

        private static Approval.Pending pending() {
            var request = new AccessRequest(
                    "request",
                    "client",
                    "client",
                    "https://api.example.com",
                    Scopes.parse("write"),
                    AuthorizationDetails.NONE,
                    Optional.empty(),
                    "",
                    "",
                    "",
                    new AccessRequest.Origin("client_secret_basic", "1", "127.0.0.1", "network", "agent", "agent"),
                    AT);
            var review = new Verdict.Review(
                    List.of("rule"),
                    "version",
                    List.of(new Stage("group", 2)),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(10),
                    Optional.empty(),
                    List.of());
            var ask = new Allowance(request.scopes(), request.details(), Duration.ofMinutes(1));
            return new Approval.Pending(
                    new Question(
                            request, ask, Risk.HIGH, review, "", List.of(), List.of(), "owner", AT.plusSeconds(900)),
                    List.of());
        }

        boolean swap(Approval was, Approval now) {
            return row.compareAndSet(was, now);
        }

        private String step(Function<Approval, Optional<Approval>> step) {
            while (true) {
                var was = row.get();
                var now = step.apply(was);
                if (now.isEmpty()) {
                    return "no, " + was.state();
                }
                if (swap(was, now.get())) {
                    return now.get().state();
                }
            }
        }

        /// One of two that are needed.
        @Operation
        public String approve(@Param(name = "person") int person) {
            return step(it -> unheard(it, person).map(was -> {
                var heard = was.hear(vote(person, Vote.Word.APPROVE));
                var people = heard.heard().stream().collect(Collectors.toMap(Vote::reviewer, _ -> Set.of("group")));
                return Quorum.met(heard.question().verdict().stages(), people)
                        ? heard.approve(heard.question().ask(), AT)
                        : heard;
            }));
        }

        /// One denial ends it.
        @Operation
        public String deny(@Param(name = "person") int person) {
            return step(it -> unheard(it, person)
                    .map(was -> was.hear(vote(person, Vote.Word.DENY)).deny("denied", AT)));
        }

        private static Optional<Approval.Pending> unheard(Approval it, int person) {
            return it instanceof Approval.Pending pending
                            && pending.heard().stream()
                                    .noneMatch(vote -> vote.reviewer().equals(person(person)))
                    ? Optional.of(pending)
                    : Optional.empty();
        }

        private static Vote vote(int person, Vote.Word word) {
            return new Vote(person(person), word, Optional.empty(), "", AT, LEAF);
        }

        private static PersonId person(int n) {
            return new PersonId("person-" + n);
        }

        /// Collects its token.
        @Operation
        public String redeem() {
            var token = "token"; // one name for all, so that answers can be compared
            return step(it -> it instanceof Approval.Approved approved
                    ? Optional.of(
                            approved.redeem(new MintedToken(token, approved.granted(), AT, AT.plusSeconds(60), LEAF)))
                    : Optional.empty());
        }

        /// The client takes it back.
        @Operation
        public String cancel() {
            return step(it -> it.deadline().map(_ -> new Approval.Cancelled(it.question(), it.heard(), AT)));
        }

        /// A reviewer takes it back.
        @Operation
        public String revoke() {
            return step(it -> switch (it) {
                case Approval.Approved _ ->
                    Optional.of(new Approval.Revoked(it.question(), it.heard(), "", AT, Optional.empty()));
                case Approval.Redeemed redeemed ->
                    Optional.of(new Approval.Revoked(it.question(), it.heard(), "", AT, Optional.of(redeemed.token())));
                case Approval.Pending _,
                        Approval.Denied _,
                        Approval.Expired _,
                        Approval.Cancelled _,
                        Approval.Revoked _ -> Optional.empty();
            });
        }

        /// Whatever deadline it has comes.
        @Operation
        public String expire() {
            return step(it -> it.deadline().map(it::asOf));
        }
    }

    /// One whose writes do not look whether it was moved in between: the control.
    public static class CarelessRow extends Row {
        @Override
        boolean swap(Approval was, Approval now) {
            boolean unmoved = row.get().equals(was);
            if (unmoved) {
                row.set(now);
            }
            return unmoved;
        }
    }
}
