package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeopleTest {
    private static final LocalPerson ANA = TestPeople.person("ana", "Ana Lima");
    private static final LocalPerson BO = TestPeople.person("bo", "Bo Ek");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private Store store;
    private People people;

    @BeforeEach
    void open() {
        store = TestStores.open(folder.resolve("countersign.db"), clock);
        people = new People(store, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_publication_gives_everyone_a_pseudonym_that_says_nothing() {
        var ids = publish(ANA, BO);
        var ana = people.find(ids.id("ana")).orElseThrow();
        assertThat(ana).isEqualTo(new Person(ids.id("ana"), "local", "ana", "Ana Lima", "ana@example.com"));
        assertThat(people.find("local", "bo").orElseThrow().id()).isEqualTo(ids.id("bo"));
        assertThat(ids.id("ana").value()).doesNotContain("ana");
        assertThat(people.present()).extracting(Person::user).containsExactly("ana", "bo");
        assertThat(people.find("corp", "ana")).isEmpty();
    }

    @Test
    void the_pseudonym_stays_through_renaming_leaving_and_coming_back() {
        var first = publish(ANA, BO).id("ana");
        assertThat(publish(BO).departed()).containsExactly(first);
        assertThat(people.present()).extracting(Person::user).containsExactly("bo");
        assertThat(people.find(first).orElseThrow().name()).isEqualTo("Ana Lima");

        var renamed = new LocalPerson("ana", "Ana Lima Ek", "", ANA.passwordHash());
        assertThat(publish(renamed, BO).id("ana")).isEqualTo(first);
        assertThat(people.find(first).orElseThrow().name()).isEqualTo("Ana Lima Ek");
        assertThat(people.present()).hasSize(2);
    }

    @Test
    void a_change_elsewhere_is_seen_a_moment_later() {
        var ana = publish(ANA).id("ana");
        assertThat(people.find(ana)).isPresent();
        store.write(tx -> new People(store, clock)
                .publish(tx, "local", List.of(new LocalPerson("ana", "Ana", "", ANA.passwordHash()))));
        clock.advance(Duration.ofSeconds(10));
        assertThat(people.find(ana).orElseThrow().name()).isEqualTo("Ana");
    }

    @Test
    void only_who_has_left_can_be_forgotten() {
        var ana = publish(ANA).id("ana");
        assertThat(forget(ana)).isFalse();
        publish();
        assertThat(people.find(ana)).isPresent();
        assertThat(forget(ana)).isTrue();
        assertThat(people.find(ana)).isEmpty();
        assertThat(people.find("local", "ana")).isEmpty();
    }

    private boolean forget(PersonId person) {
        return store.write(tx -> people.forget(tx, person));
    }

    private People.Published publish(LocalPerson... named) {
        return store.write(tx -> people.publish(tx, Person.LOCAL, List.of(named)));
    }
}
