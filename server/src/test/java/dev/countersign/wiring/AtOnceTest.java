package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many that ask at the same time, and go into the store together: each is answered for itself.
class AtOnceTest {
    private static final String WRITE = "refunds:write";
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    @TempDir
    Path folder;

    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, """
                policies:
                  - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
                  - rule: money-moves
                    when: '"refunds:write" in scopes'
                    review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
                """);
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    private List<Answer> atOnce(int many, IntFunction<Answer> asking) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Answer>>();
            for (int i = 0; i < many; i++) {
                int n = i;
                asked.add(threads.submit(() -> asking.apply(n)));
            }
            var answers = new ArrayList<Answer>();
            for (var it : asked) {
                answers.add(it.get());
            }
            return answers;
        }
    }

    private Answer defer(String client, int lifetime) {
        return gate.defer(client, "scope", WRITE, "requested_lifetime", Integer.toString(lifetime));
    }

    @Test
    void no_client_gets_more_pending_than_it_may_however_many_it_asks_for() throws Exception {
        defer("refund-bot", 29);
        defer("other-bot", 29);

        var answers = atOnce(50, i -> i < 35 ? defer("refund-bot", 30 + i) : defer("other-bot", i));

        assertThat(answers.subList(35, 50)).allMatch(it -> it.error().equals("authorization_pending"));
        assertThat(answers.subList(0, 35).stream().filter(it -> it.error().equals("authorization_pending")))
                .hasSize(19);
        assertThat(answers.subList(0, 35).stream().filter(it -> it.error().equals("invalid_grant")))
                .hasSize(16);
        assertThat(gate.codes().stream().filter("request.made"::equals)).hasSize(36);
    }

    /// What was approved troubles nobody any more, and does again when it is cancelled: else a client could have people
    /// asked for ever.
    @Test
    void what_is_cancelled_after_it_was_approved_counts() {
        var approved = IntStream.range(0, 20)
                .mapToObj(i -> defer("refund-bot", 30 + i).reference())
                .toList();
        approved.forEach(it -> gate.says("ana", Word.APPROVE, it));
        assertThat(defer("refund-bot", 60).error()).isEqualTo("authorization_pending");
        assertThat(defer("refund-bot", 61).error()).isEqualTo("authorization_pending");
        approved.forEach(it -> gate.parts().panel.cancel(it, OPERATOR));

        assertThat(defer("refund-bot", 62).error()).isEqualTo("invalid_grant");
    }

    @Test
    void the_same_is_one_request_with_a_code_for_each_who_asked() throws Exception {
        var answers = atOnce(16, i -> defer("refund-bot", 60));

        assertThat(answers.stream().map(Answer::reference).distinct()).hasSize(1);
        assertThat(answers.stream().map(it -> it.text("deferral_code")).distinct())
                .hasSize(16);
        assertThat(gate.codes()).containsExactly("request.made", "request.judged");
    }

    @Test
    void each_poll_hears_of_its_own_request() throws Exception {
        var held = IntStream.range(0, 15)
                .mapToObj(i -> defer("refund-bot", 30 + i))
                .toList();
        for (int i = 0; i < 15; i += 3) {
            gate.says("ana", Word.APPROVE, held.get(i).reference());
            gate.says("ana", Word.DENY, held.get(i + 1).reference());
        }

        var answers = atOnce(
                30,
                i -> i < 15
                        ? gate.poll("refund-bot", held.get(i).text("deferral_code"))
                        : gate.poll("refund-bot", "nobody-has-" + i));

        for (int i = 0; i < 15; i += 3) {
            assertThat(answers.get(i).status()).isEqualTo(200);
            assertThat(answers.get(i).body().path("expires_in").asInt(0)).isEqualTo(30 + i);
            assertThat(answers.get(i + 1).error()).isEqualTo("access_denied");
            assertThat(answers.get(i + 2).error()).isEqualTo("authorization_pending");
        }
        assertThat(answers.subList(15, 30)).allMatch(it -> it.error().equals("invalid_grant"));
    }

    @Test
    void whom_something_stands_against_is_refused_and_nobody_else() throws Exception {
        var denied = defer("refund-bot", 60);
        gate.says("ana", Word.DENY, denied.reference());
        gate.parts().freezes.set(Freezes.Kind.CLIENT, "other-bot", "stolen", OPERATOR);

        var answers = atOnce(30, i -> switch (i % 3) {
            case 0 -> gate.ask("refund-bot", "scope", "refunds:read");
            case 1 -> defer("refund-bot", 60);
            default -> gate.ask("other-bot", "scope", "refunds:read");
        });

        for (int i = 0; i < 30; i += 3) {
            assertThat(answers.get(i).status()).isEqualTo(200);
            assertThat(answers.get(i + 1).error()).isEqualTo("invalid_grant");
            assertThat(answers.get(i + 2).error()).isEqualTo("invalid_grant");
        }
        assertThat(gate.approval(denied.reference())).isInstanceOf(Approval.Denied.class);
    }

    /// RFC 7662: a token that was ended is inactive, whoever else is asked about at the time.
    @Test
    void each_introspection_is_about_its_own_token() throws Exception {
        var tokens = IntStream.range(0, 20)
                .mapToObj(_ -> gate.ask("refund-bot", "scope", "refunds:read").text("access_token"))
                .toList();
        for (int i = 0; i < 20; i += 2) {
            assertThat(gate.post("/revoke", "refund-bot", "token", tokens.get(i))
                            .status())
                    .isEqualTo(200);
        }

        var answers = atOnce(40, i -> gate.post("/introspect", "refund-bot", "token", tokens.get(i % 20)));

        for (int i = 0; i < 40; i++) {
            assertThat(answers.get(i).body().path("active").asBoolean(false)).isEqualTo(i % 2 == 1);
        }
    }
}
