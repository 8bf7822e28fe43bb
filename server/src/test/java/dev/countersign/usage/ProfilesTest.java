package dev.countersign.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.Scopes;
import dev.countersign.store.MasterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfilesTest {
    private static final Scopes READ_WRITE = Scopes.of(List.of("read", "write"));

    private final TestClock clock = new TestClock();
    private final String master = MasterKey.generate();

    @TempDir
    private Path folder;

    @Test
    void a_client_is_idle_since_its_last_token_or_since_it_entered_the_ledger() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            test.published("bot", "other");
            clock.advance(Duration.ofDays(20).plusHours(23));
            var never = (UsageFacts.Known) about(profiles, "bot");
            assertThat(never.idleDays()).isEqualTo(20);
            assertThat(never.use()).isEmpty();
            assertThat(never.firstTimeScopes()).containsExactlyElementsOf(READ_WRITE.names());
            test.minted("bot", "read");
            clock.advance(Duration.ofDays(143));
            var known = (UsageFacts.Known) about(profiles, "bot");
            assertThat(known.idleDays()).isEqualTo(143);
            assertThat(known.uses()).isEqualTo(1);
            assertThat(known.firstTimeScopes()).containsExactly("write");
            assertThat(((UsageFacts.Known) about(profiles, "other")).uses()).isZero();
        }
    }

    @Test
    void a_scope_of_one_api_is_not_that_of_another() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            test.minted("bot", "read", "write");
            var elsewhere =
                    (UsageFacts.Known) profiles.about("bot", "https://other.example", READ_WRITE, clock.instant());
            assertThat(elsewhere.firstTimeScopes()).containsExactly("read", "write");
            assertThat(((UsageFacts.Known) about(profiles, "bot")).firstTimeScopes())
                    .isEmpty();
        }
    }

    @Test
    void a_client_that_the_ledger_does_not_know_is_unknown_and_not_new() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            assertThat(about(profiles, "nobody")).isInstanceOf(UsageFacts.Unknown.class);
        }
    }

    @Test
    void a_client_that_comes_back_is_as_old_as_it_was() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            test.published("bot");
            clock.advance(Duration.ofDays(100));
            test.published("bot");
            assertThat(((UsageFacts.Known) about(profiles, "bot")).idleDays()).isEqualTo(100);
        }
    }

    @Test
    void from_where_it_was_kept_and_from_nothing_it_comes_out_the_same() {
        var random = new Random(11);
        var before = new ArrayList<Object>();
        try (var test = open()) {
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                use(test, random);
                profiles.keep();
                use(test, random);
            }
            use(test, random);
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                use(test, random);
                before.addAll(all(profiles));
            }
        }
        try (var test = open()) {
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(all(profiles)).isEqualTo(before);
            }
            test.sql("DELETE FROM usage_fold");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(all(profiles)).isEqualTo(before);
            }
            test.sql("UPDATE usage_fold SET position = 1000000");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(all(profiles)).isEqualTo(before);
            }
            test.sql("UPDATE usage_fold SET form = 0");
            test.sql("UPDATE usage_kept SET body = '[0,0,0,0,0,0,0,0]' WHERE kind = 'habit'");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(all(profiles)).isEqualTo(before);
            }
        }
    }

    @Test
    void another_node_says_the_same() {
        var random = new Random(12);
        try (var test = open();
                var one = Profiles.open(test.store, test.ledger)) {
            use(test, random);
            one.keep();
            use(test, random);
            try (var other = Profiles.open(test.store, test.ledger)) {
                use(test, random);
                assertThat(all(other)).isEqualTo(all(one));
            }
        }
    }

    @Test
    void what_older_nodes_keep_is_left_to_them() {
        try (var test = open()) {
            test.sql("INSERT INTO usage_fold (name, form, position) VALUES ('profiles', 2, 1)");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                test.minted("bot", "read");
                assertThat(((UsageFacts.Known) about(profiles, "bot")).uses()).isEqualTo(1);
            }
            test.sql("UPDATE usage_fold SET position = 2 WHERE name = 'profiles' AND form = 2 AND position = 1");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                assertThat(((UsageFacts.Known) about(profiles, "bot")).uses()).isEqualTo(1);
            }
        }
    }

    @Test
    void reasons_differ_by_more_than_their_numbers() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            assertThat(profiles.reasonDigest("Order 17  arrived broken"))
                    .isEqualTo(profiles.reasonDigest("order 4711 arrived broken "))
                    .isNotEqualTo(profiles.reasonDigest("order 17 never arrived"))
                    .doesNotContain("order");
            assertThat(profiles.reasonDigest("  ")).isEmpty();
        }
    }

    @Test
    void a_week_has_an_hour_for_each_token_and_for_nothing_else() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            test.published("bot");
            test.write(Code.REQUEST_REFUSED, Map.of(Member.CLIENT, "bot", Member.RESOURCE, TestLedger.API));
            assertThat(profiles.weekOf("bot")).isEmpty();

            clock.advance(Duration.between(clock.instant(), Instant.parse("2030-01-07T00:00:00Z"))); // a Monday
            test.minted("bot", "read");
            test.minted("bot", "read", "write");
            clock.advance(Duration.ofDays(7).minusSeconds(1));
            test.minted("bot", "read");
            var week = profiles.weekOf("bot").orElseThrow();
            assertThat(week).hasSize(Week.HOURS).startsWith(2L).endsWith(1L);
            assertThat(week.stream().mapToLong(it -> it).sum()).isEqualTo(3);
        }
    }

    /// Neither a row nor a byte of the store is read for a request: it may be gone.
    @Test
    void a_look_reads_nothing_of_the_store() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            for (int i = 0; i < 40; i++) {
                test.minted("bot", "read");
                clock.advance(Duration.ofHours(11));
            }
            var before = profiles.about("bot", TestLedger.API, READ_WRITE, clock.instant());
            test.store.close();

            assertThat(profiles.about("bot", TestLedger.API, READ_WRITE, clock.instant()))
                    .isEqualTo(before)
                    .isInstanceOf(UsageFacts.Known.class);
        }
    }

    @Test
    void what_was_kept_is_not_folded_again() {
        try (var test = open()) {
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                test.minted("bot", "read");
                assertThat(((UsageFacts.Known) about(profiles, "bot")).uses()).isEqualTo(1);
            }
            test.sql("UPDATE usage_kept SET body = replace(body, '[0,[1,', '[0,[41,') WHERE kind = 'client'");
            try (var profiles = Profiles.open(test.store, test.ledger)) {
                test.minted("bot", "read");
                assertThat(((UsageFacts.Known) about(profiles, "bot")).uses()).isEqualTo(42);
            }
        }
    }

    @Test
    void an_entry_that_cannot_be_read_makes_usage_unknown_and_never_nought() {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            test.minted("bot", "read");
            assertThat(about(profiles, "bot")).isInstanceOf(UsageFacts.Known.class);
            test.write(Code.TOKEN_MINTED, Map.of(Member.JTI, "j", Member.SCOPES, List.of("read")));
            assertThat(about(profiles, "bot")).isInstanceOf(UsageFacts.Unknown.class);
            assertThat(profiles.profileOf("bot")).isEmpty();
            test.minted("bot", "read");
            assertThat(about(profiles, "bot")).isInstanceOf(UsageFacts.Unknown.class);
        }
    }

    @Test
    void a_profile_that_is_asked_while_entries_come_in_is_never_behind() throws InterruptedException {
        try (var test = open();
                var profiles = Profiles.open(test.store, test.ledger)) {
            test.minted("bot", "read");
            var writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 300; i++) {
                    test.minted("bot", "read");
                }
            });
            while (writer.isAlive()) {
                assertThat(about(profiles, "bot")).isInstanceOf(UsageFacts.Known.class);
            }
            writer.join();
            assertThat(((UsageFacts.Known) about(profiles, "bot")).uses()).isEqualTo(301);
        }
    }

    private void use(TestLedger test, Random random) {
        test.published("bot-" + random.nextInt(4));
        for (int i = 0; i < 40; i++) {
            clock.advance(Duration.ofMinutes(random.nextInt(3_000)));
            test.minted("bot-" + random.nextInt(3), random.nextBoolean() ? "read" : "write");
        }
    }

    private List<Object> all(Profiles profiles) {
        var all = new ArrayList<Object>();
        for (var client : List.of("bot-0", "bot-1", "bot-2", "bot-3")) {
            all.add(about(profiles, client));
            all.add(profiles.weekOf(client));
        }
        return all;
    }

    private UsageFacts about(Profiles profiles, String client) {
        return profiles.about(client, TestLedger.API, READ_WRITE, clock.instant());
    }

    private TestLedger open() {
        return new TestLedger(folder, master, clock);
    }
}
