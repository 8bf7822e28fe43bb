package dev.countersign.people;

import static dev.countersign.people.TestPeople.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Disclosed;
import dev.countersign.ledger.EntryView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignInsTest {
    private static final LocalPerson ANA = TestPeople.person("ana", "Ana Lima");
    private static final LocalPerson BO = TestPeople.person("bo", "Bo Ek");
    private static final String HOME = "192.0.2.1";
    private static final String AWAY = "198.51.100.1";

    @TempDir
    Path folder;

    private TestPeople house;

    @BeforeEach
    void open() {
        house = new TestPeople(folder);
        house.publish(List.of(ANA, BO));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void the_right_password_begins_a_session() {
        var done = done(attempt("ana", "ana", HOME));
        assertThat(done.person().name()).isEqualTo("Ana Lima");
        assertThat(house.sessions.find(done.cookie()).orElseThrow().person()).isEqualTo(house.id("ana"));
        assertThat(done.session().userAgent()).isEqualTo("Firefox");
        assertThat(done.toString()).doesNotContain(done.cookie()).doesNotContain(done.device());
    }

    @Test
    void a_sign_in_ends_the_session_the_browser_had() {
        var before = done(attempt("ana", "ana", HOME));
        var plain = attempt("ana", "ana", HOME);
        var after = done(new Attempt(
                "ana", "ana", plain.from(), plain.userAgent(), Optional.empty(), Optional.of(before.cookie())));
        assertThat(house.sessions.find(before.cookie())).isEmpty();
        assertThat(house.sessions.find(after.cookie())).isPresent();
    }

    @Test
    void a_wrong_password_and_an_unknown_user_get_one_answer() {
        assertThat(sign("ana", "bo")).isEqualTo(new SignIn.Wrong());
        assertThat(sign("nobody", "ana")).isEqualTo(new SignIn.Wrong());
        assertThat(sign("", "")).isEqualTo(new SignIn.Wrong());
    }

    @Test
    void an_unknown_user_never_gets_in_with_the_password_it_is_checked_against() {
        house.publish(List.of(ANA));
        assertThat(sign("nobody", "ana")).isEqualTo(new SignIn.Wrong());
    }

    @Test
    void without_local_people_nobody_gets_in() {
        house.publish(List.of());
        assertThat(sign("ana", "ana")).isEqualTo(new SignIn.Wrong());
        assertThat(sign("", "")).isEqualTo(new SignIn.Wrong());
    }

    @Test
    void a_sign_in_is_in_the_ledger_with_nothing_personal_in_the_leaf() {
        done(attempt("ana", "ana", HOME));
        var entry = only(Code.PERSON_SIGNED_IN);
        assertThat(entry.actor().kind()).isEqualTo("person");
        assertThat(entry.actor().id()).isEqualTo(house.id("ana").value());
        assertThat(entry.toString())
                .doesNotContain("Lima")
                .doesNotContain("192.0.2")
                .doesNotContain("Firefox");
        assertThat(house.ledger.disclosures(entry.index())).contains(disclosed("address", HOME));
    }

    @Test
    void a_failure_is_in_the_ledger_and_names_a_user_only_as_a_disclosure_and_only_a_real_one() {
        sign("ana", "hunter2");
        var entry = only(Code.PERSON_SIGN_IN_FAILED);
        assertThat(entry.actor().kind()).isEqualTo("system");
        assertThat(entry.toString())
                .doesNotContain("ana")
                .doesNotContain("hunter2")
                .doesNotContain("192.0.2");
        assertThat(house.ledger.disclosures(entry.index())).containsExactly(disclosed("user", "ana"));

        sign("a password in the wrong field", "hunter2");
        var second = house.entries(Code.PERSON_SIGN_IN_FAILED).getLast();
        assertThat(house.ledger.disclosures(second.index())).isEmpty();
        assertThat(second.toString()).doesNotContain("wrong field");
    }

    @Test
    void a_flood_of_failures_cannot_fill_the_ledger_and_is_counted() {
        for (int i = 0; i < 100; i++) {
            sign("nobody", "x", "10.0." + i + ".1");
        }
        assertThat(house.entries(Code.PERSON_SIGN_IN_FAILED)).hasSize(30);
        house.clock.advance(Duration.ofSeconds(10));
        sign("nobody", "x", "10.0.200.1");
        assertThat(house.entries(Code.PERSON_SIGN_IN_FAILED)).hasSize(31);
        assertThat(house.entries(Code.PERSON_SIGN_IN_FAILED).getLast().number("unwritten"))
                .isEqualTo(70);
    }

    @Test
    void who_guesses_must_wait_even_with_the_right_password() {
        fail("ana", 5, HOME);
        assertThat(sign("ana", "ana")).isEqualTo(new SignIn.Slow(Duration.ofSeconds(1)));
        house.clock.advance(Duration.ofSeconds(1));
        assertThat(sign("ana", "ana")).isInstanceOf(SignIn.Done.class);
        assertThat(sign("ana", "wrong")).isEqualTo(new SignIn.Wrong());
    }

    @Test
    void guessing_at_nobody_is_slowed_the_same() {
        fail("nobody", 5, HOME);
        assertThat(sign("nobody", "x")).isEqualTo(new SignIn.Slow(Duration.ofSeconds(1)));
    }

    @Test
    void who_guesses_from_elsewhere_does_not_slow_the_person() {
        fail("ana", 5, AWAY);
        assertThat(sign("ana", "ana", AWAY)).isInstanceOf(SignIn.Slow.class);
        assertThat(sign("ana", "ana", HOME)).isInstanceOf(SignIn.Done.class);
    }

    @Test
    void whoever_tries_again_too_early_does_not_slow_the_colleagues() {
        fail("ana", 5, HOME);
        for (int i = 0; i < 40; i++) {
            assertThat(sign("ana", "ana")).isInstanceOf(SignIn.Slow.class);
        }
        assertThat(sign("bo", "bo")).isInstanceOf(SignIn.Done.class);
    }

    @Test
    void one_network_that_guesses_at_many_is_slowed_for_all_strangers() {
        for (int i = 0; i < 30; i++) {
            assertThat(sign("user " + i, "x")).isEqualTo(new SignIn.Wrong());
        }
        assertThat(sign("ana", "ana")).isEqualTo(new SignIn.Slow(Duration.ofSeconds(1)));
        assertThat(sign("ana", "ana", "192.0.2.254")).isInstanceOf(SignIn.Slow.class);
        assertThat(sign("ana", "ana", AWAY)).isInstanceOf(SignIn.Done.class);
    }

    @Test
    void an_account_of_ones_own_does_not_make_guessing_at_others_free() {
        for (int i = 0; i < 30; i++) {
            assertThat(sign("user " + i, "x")).isEqualTo(new SignIn.Wrong());
            if (i < 29) {
                assertThat(sign("bo", "bo")).isInstanceOf(SignIn.Done.class);
            }
        }
        assertThat(sign("bo", "bo")).isInstanceOf(SignIn.Slow.class);
    }

    @Test
    void a_device_that_signed_in_before_is_not_slowed_by_strangers() {
        var device = Optional.of(done(attempt("ana", "ana", HOME)).device());
        fail("ana", 5, HOME);
        for (int i = 0; i < 25; i++) {
            sign("user " + i, "x");
        }
        assertThat(sign("ana", "ana")).isInstanceOf(SignIn.Slow.class);
        assertThat(house.signIns.signIn(attempt("ana", "ana", HOME, device))).isInstanceOf(SignIn.Done.class);
    }

    @Test
    void a_device_is_slowed_by_its_own_failures() {
        var device = Optional.of(done(attempt("ana", "ana", HOME)).device());
        for (int i = 0; i < 10; i++) {
            assertThat(house.signIns.signIn(attempt("ana", "guess", HOME, device)))
                    .isEqualTo(new SignIn.Wrong());
        }
        assertThat(house.signIns.signIn(attempt("ana", "ana", HOME, device))).isInstanceOf(SignIn.Slow.class);
    }

    @Test
    void a_device_of_one_person_is_a_stranger_to_another() {
        var device = Optional.of(done(attempt("bo", "bo", AWAY)).device());
        fail("ana", 5, HOME);
        assertThat(house.signIns.signIn(attempt("ana", "ana", HOME, device))).isInstanceOf(SignIn.Slow.class);
    }

    @Test
    void a_device_token_that_was_made_up_changed_or_is_a_year_old_is_a_strangers() {
        var device = done(attempt("ana", "ana", HOME)).device();
        fail("ana", 5, HOME);
        var end = device.lastIndexOf('.');
        for (var forged : List.of(
                "",
                ".",
                "...",
                device + "A",
                device.substring(0, end),
                device.substring(0, end) + "x" + device.substring(end),
                house.id("ana") + ".9999999999.nonce." + "A".repeat(43))) {
            assertThat(house.signIns.signIn(attempt("ana", "ana", HOME, Optional.of(forged))))
                    .as(forged)
                    .isInstanceOf(SignIn.Slow.class);
        }
        house.clock.advance(DeviceTokens.GOOD_FOR);
        fail("ana", 5, HOME);
        assertThat(house.signIns.signIn(attempt("ana", "ana", HOME, Optional.of(device))))
                .isInstanceOf(SignIn.Slow.class);
    }

    @Test
    void a_try_that_was_turned_away_because_we_are_busy_is_no_failure() {
        // Half of a queue of one: strangers are always turned away.
        try (var busy = house.signIns(new PasswordChecks(1, 1))) {
            for (int i = 0; i < 40; i++) {
                assertThat(busy.signIn(attempt("ana", "ana", HOME))).isInstanceOf(SignIn.Busy.class);
            }
        }
        assertThat(house.entries(Code.PERSON_SIGN_IN_FAILED)).isEmpty();
    }

    @Test
    void of_many_guesses_at_once_no_more_are_free_than_one_after_another() throws Exception {
        List<Callable<SignIn>> guesses = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            guesses.add(() -> sign("ana", "guess"));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    threads.invokeAll(guesses).stream().map(SignInsTest::get).toList();
            assertThat(answers.stream().filter(it -> it instanceof SignIn.Wrong))
                    .hasSizeLessThanOrEqualTo(5);
        }
    }

    @Test
    void whoever_the_configuration_no_longer_names_does_not_get_in() {
        house.publish(List.of(BO));
        assertThat(sign("ana", "ana")).isEqualTo(new SignIn.Wrong());
        house.publish(List.of(ANA, BO));
        assertThat(sign("ana", "ana")).isInstanceOf(SignIn.Done.class);
    }

    private void fail(String user, int times, String from) {
        for (int i = 0; i < times; i++) {
            assertThat(sign(user, "wrong", from)).isEqualTo(new SignIn.Wrong());
        }
    }

    private SignIn sign(String user, String password) {
        return sign(user, password, HOME);
    }

    private SignIn sign(String user, String password, String from) {
        return house.signIns.signIn(attempt(user, password, from));
    }

    private SignIn.Done done(Attempt attempt) {
        return (SignIn.Done) house.signIns.signIn(attempt);
    }

    private EntryView only(Code code) {
        var entries = house.entries(code);
        assertThat(entries).hasSize(1);
        return entries.getFirst();
    }

    private Disclosed disclosed(String name, String value) {
        return new Disclosed(house.id("ana").value(), name, Optional.of(value));
    }

    private static SignIn get(Future<SignIn> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
