package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestPassword;
import dev.countersign.TestStores;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionsTest {
    private static final LocalPerson ANA =
            new LocalPerson("ana", "Ana Lima", "ana@example.com", TestPassword.hash("pw"));

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final KeyedHash hash = KeyedHash.of(new byte[32]);
    private Store store;
    private People people;
    private Sessions sessions;
    private PersonId ana;

    @BeforeEach
    void open() {
        store = TestStores.open(folder.resolve("countersign.db"), clock);
        people = new People(store, clock);
        sessions = new Sessions(store, hash, clock);
        ana = publish(ANA).id("ana");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void the_cookie_finds_its_session_and_no_other_text_does() {
        var started = start();
        var found = sessions.find(started.cookie()).orElseThrow();
        assertThat(found.person()).isEqualTo(ana);
        assertThat(found.csrf()).isEqualTo(started.session().csrf());
        assertThat(started.cookie()).hasSize(43);
        assertThat(sessions.find("")).isEmpty();
        assertThat(sessions.find(started.session().id())).isEmpty();
        assertThat(sessions.find(started.session().csrf())).isEmpty();
        assertThat(sessions.find(start().cookie() + "x")).isEmpty();
    }

    @Test
    void the_store_and_the_logs_know_no_cookie() {
        var started = start();
        assertThat(started.toString())
                .doesNotContain(started.cookie())
                .doesNotContain(started.session().csrf());
        var kept = store.read(tx -> tx.sql()
                .createQuery("SELECT cookie_hash || person || user_agent FROM session")
                .mapTo(String.class)
                .one());
        assertThat(kept)
                .doesNotContain(started.cookie())
                .doesNotContain(started.session().csrf());
    }

    @Test
    void a_key_of_another_installation_finds_nothing() {
        var other = new byte[32];
        other[0] = 1;
        assertThat(new Sessions(store, KeyedHash.of(other), clock).find(start().cookie()))
                .isEmpty();
    }

    @Test
    void a_session_ends_an_hour_after_its_last_call() {
        var cookie = start().cookie();
        clock.advance(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(cookie)).isPresent();
        clock.advance(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(cookie)).isPresent();
        clock.advance(Sessions.IDLE);
        assertThat(sessions.find(cookie)).isEmpty();
    }

    @Test
    void a_session_ends_after_twelve_hours_however_busy() {
        var cookie = start().cookie();
        for (var used = Duration.ZERO; used.compareTo(Sessions.LONGEST) < 0; used = used.plusMinutes(30)) {
            assertThat(sessions.find(cookie)).isPresent();
            clock.advance(Duration.ofMinutes(30));
        }
        assertThat(sessions.find(cookie)).isEmpty();
    }

    @Test
    void a_call_is_noted_once_a_minute() {
        var started = start();
        clock.advance(Duration.ofSeconds(59));
        sessions.find(started.cookie());
        assertThat(sessions.find(started.cookie()).orElseThrow().seen())
                .isEqualTo(started.session().created());
        clock.advance(Duration.ofSeconds(1));
        sessions.find(started.cookie());
        assertThat(sessions.find(started.cookie()).orElseThrow().seen()).isEqualTo(clock.instant());
    }

    @Test
    void the_last_sign_in_is_the_newest_also_when_it_was_ended() {
        assertThat(sessions.lastOf(ana)).isEmpty();
        start();
        clock.advance(Duration.ofMinutes(5));
        var last = start();
        store.write(tx -> {
            sessions.endAll(tx, ana);
            return true;
        });
        assertThat(sessions.lastOf(ana)).contains(last.session().created());
    }

    @Test
    void signing_out_ends_one_session_and_signing_out_everywhere_all() {
        var one = start().cookie();
        var two = start().cookie();
        var three = start().cookie();
        store.write(tx -> {
            sessions.end(tx, one);
            return true;
        });
        assertThat(sessions.find(one)).isEmpty();
        assertThat(sessions.find(two)).isPresent();
        store.write(tx -> {
            sessions.endAll(tx, ana);
            return true;
        });
        assertThat(sessions.find(two)).isEmpty();
        assertThat(sessions.find(three)).isEmpty();
    }

    @Test
    void signing_in_again_ends_the_session_the_browser_had() {
        var before = start();
        var after = store.write(tx -> sessions.start(tx, ana, "Firefox", Optional.of(before.cookie())));
        assertThat(sessions.find(before.cookie())).isEmpty();
        assertThat(sessions.find(after.cookie())).isPresent();
        assertThat(after.session().csrf()).isNotEqualTo(before.session().csrf());
    }

    @Test
    void whoever_the_configuration_no_longer_names_has_no_session() {
        var cookie = start().cookie();
        publish();
        assertThat(sessions.find(cookie)).isEmpty();
    }

    @Test
    void only_our_own_pages_know_the_csrf_token() {
        var session = start().session();
        assertThat(session.sentBy(session.csrf())).isTrue();
        assertThat(session.sentBy(start().session().csrf())).isFalse();
        assertThat(session.sentBy("")).isFalse();
    }

    @Test
    void old_rows_go() {
        start();
        clock.advance(Duration.ofDays(31));
        start();
        var rows = store.read(tx -> tx.sql()
                .createQuery("SELECT count(*) FROM session")
                .mapTo(Integer.class)
                .one());
        assertThat(rows).isEqualTo(1);
    }

    private Sessions.Started start() {
        return store.write(tx -> sessions.start(tx, ana, "Firefox", Optional.empty()));
    }

    private People.Published publish(LocalPerson... named) {
        return store.write(tx -> people.publish(tx, Person.LOCAL, List.of(named)));
    }
}
